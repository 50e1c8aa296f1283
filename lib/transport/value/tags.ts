/**
 * The wire format: every value begins with one of these bytes. A message is a leading {@link Layout} byte and one value.
 *
 * All lengths, counts and indices are unsigned LEB128 numbers (`varint`). Numbers of several bytes are little-endian.
 */

/** First byte of a message: what the reader has to keep track of. */
export const Layout = {
  /** No object occurs twice: the reader builds objects without numbering them. */
  tree: 1,
  /** Some object is referred to again: the reader numbers objects in the order in which they begin. */
  graph: 2,
  /** As graph; a table of function numbers stands at the end, so that all are resolved before anything is built. */
  linked: 3,
} as const;

// Tags with a small number inside. 0x00 to 0x7f are the integers 0 to 127 themselves.
export const SHORT_STRING = 0x80; // + length 0..31, Latin-1
export const SHORT_ARRAY = 0xa0; // + length 0..15, then the elements
export const KNOWN_SHAPE = 0xb0; // + shape 0..31 of this message, then the property values

export const Tag = {
  undefined: 0xd0,
  null: 0xd1,
  true: 0xd2,
  false: 0xd3,
  int8: 0xd4,
  int16: 0xd5,
  int32: 0xd6,
  float64: 0xd7,
  bigint64: 0xd8,
  /** sign byte, byte count, magnitude in big-endian order */
  bigint: 0xd9,
  /** byte count, Latin-1 bytes */
  latin1: 0xda,
  /** byte count, UTF-16 code units as they are: lone surrogates survive */
  utf16: 0xdb,
  /** length, elements, perhaps {@link Tag.rest} in place of the elements from the first hole on */
  array: 0xdc,
  /** as array, then named properties as key and value up to {@link Tag.end} */
  namedArray: 0xdd,
  /** at an element's place: what is left of a sparse array as index and value up to {@link Tag.end} */
  rest: 0xde,
  /** a new shape (byte count, key count, keys), then the property values */
  newShape: 0xdf,
  /** shape number, property values */
  shape: 0xe0,
  /** count, then key and value of each property: for objects used as dictionaries */
  dictionary: 0xe1,
  /** count, then key and value of each entry */
  map: 0xe2,
  /** count, members */
  set: 0xe3,
  /** float64 of milliseconds */
  date: 0xe4,
  /** source, flags */
  regExp: 0xe5,
  /** the primitive */
  boxed: 0xe6,
  /** byte count, bytes */
  arrayBuffer: 0xe7,
  /** index of the out-of-band blob */
  blob: 0xe8,
  /** number given by the context */
  sharedBuffer: 0xe9,
  /** view type, byte offset, length, its buffer */
  view: 0xea,
  /** byte count, bytes: a Buffer over a part of its memory, which travels alone */
  bufferBytes: 0xeb,
  /** href */
  url: 0xec,
  /** index in the table of functions */
  function: 0xed,
  /** name of the handle type, its data */
  handle: 0xee,
  /** class, then own properties as enumerable flag, key and value up to {@link Tag.end} */
  error: 0xef,
  /** number of an object that has begun before */
  reference: 0xf0,
  end: 0xf1,
} as const;

/** Contents of ArrayBuffers from this size on, in bytes, stay out of the message. */
export const BLOB_THRESHOLD = 64 * 1024;
