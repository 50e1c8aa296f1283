import { HeapFullError, SerializationError } from '../base/errors.js';
import { agent, exchange, join } from '../heap/program.js';
import { EXCHANGE } from '../binding/agent.js';
import { native } from '../binding/native.js';
import { dtypeNames } from '../memory/dtype.js';
import { SharedContext } from './shared-context.js';
import { Codec, type Encoded } from './value/codec.js';
import { Input } from './value/input.js';
import { Output } from './value/output.js';
import { composite, readScalar, writeScalar } from './value/scalars.js';

/**
 * Values on their way into shared memory and out of it: into queues, lists and dicts. The native side keeps a reference on
 * each shared object that a stored value names.
 *
 * A stored value is a message of the codec. One with large buffers, whose first byte is 0, tells of its parts first:
 *
 *     u32 0, u32 buffers, u32 length of the message, u32 0, f64 length of each buffer, message, the buffers
 *
 * Very large ones are in segments of their own, whose pages are had four times as fast as the heap's. Their lengths are
 * negative, and the vectors that hold the segments are the last of the objects that the value names.
 */
const PREFIX = 16;
const ALIGNMENT = 64;
/** Bytes of the block before its value, and for each object that it names: native/object/stored_value.h. */
const BLOCK_HEADER = 32;
/** The element type of vectors of bytes: lib/memory/dtype.ts. */
const UINT8 = dtypeNames.indexOf('uint8');
const LINK = 8;
/** Buffers of so many bytes get segments. */
const SEGMENT_BYTES = 1024 * 1024;
/** The shared objects that one value may name. */
const MOST_LINKS = EXCHANGE.tableLength;

const context = new SharedContext();
let codec: Codec;
/** For primitive values, in the same memory as the codec's. */
let scalars: Output;
let given: Input;
let ready = false;

function prepare(): void {
  join();
  codec = new Codec(context, exchange.sent);
  scalars = new Output(exchange.sent);
  given = new Input(exchange.given);
  ready = true;
}

/** How many values are being encoded: a getter may send another one in the midst of one, whose bytes must stay. */
let encoding = 0;

/** How many objects the value names that was sent last: they are in the table. */
export let sentLinks = 0;

/** Keeps what was staged last until the native side has used it. */
let staged: Uint8Array | undefined;

/** Hands bytes to the native operation that follows at once. */
export function stage(bytes: Uint8Array): void {
  staged = bytes;
  agent.stage(staged);
}

function encode(value: unknown, root: string): Encoded {
  if (!ready) prepare();
  const outer = context.links;
  const links: number[] = [];
  context.links = links;
  encoding++;
  let encoded: Encoded;
  try {
    encoded = codec.encode(value, root);
  } finally {
    encoding--;
    context.links = outer;
  }
  sentLinks = links.length;
  if (sentLinks === 0 && encoded.blobs.length === 0) return encoded;
  const named = sentLinks + encoded.blobs.filter((blob) => blob.byteLength >= SEGMENT_BYTES).length;
  if (named > MOST_LINKS) {
    throw new SerializationError(
      `${root} has ${named} shared objects and large buffers; at most ${MOST_LINKS} can be stored`,
      root,
    );
  }
  if (sentLinks > 0) exchange.table.set(links);
  return encoded;
}

/**
 * Encodes a value for the native operation that follows at once.
 * @returns the length to give to it: -1 where the bytes are staged
 * @throws {SerializationError} when something in it cannot be copied
 */
export function send(value: unknown, root: string): number {
  if (sendScalar(value)) {
    if (scalars.bytes === exchange.sent) return scalars.position;
    stage(scalars.bytes.subarray(0, scalars.position));
    return -1;
  }
  const { head, blobs } = encode(value, root);
  if (blobs.length > 0) stage(joined(head, blobs));
  else if (head.buffer === exchange.sent.buffer) return head.length;
  else stage(head);
  return -1;
}

/** Writes a primitive value to `scalars`. False for any other, or while the memory is in use. */
function sendScalar(value: unknown): boolean {
  if ((typeof value === 'object' && value !== null) || encoding > 0) return false;
  if (!ready) prepare();
  if (!writeScalar(scalars, value)) return false;
  sentLinks = 0;
  return true;
}

/**
 * The bytes of a value that names no shared objects: equal values of the same form have equal bytes.
 * @throws {SerializationError} when it names one, or something in it cannot be copied
 */
export function bytesOf(value: unknown, root: string): Uint8Array {
  const { head, blobs } = encode(value, root);
  if (sentLinks > 0) throw new SerializationError(`${root} cannot be, or contain, a shared object`, root);
  return blobs.length > 0 ? joined(head, blobs) : head.slice();
}

/**
 * Encodes a value into a message of its own where it is long, so that it is copied only once; the block has to be passed
 * on or dropped.
 * @returns the block, or 0: it was short, and has been sent as by {@link send}
 */
export function sendBlock(value: unknown, root: string): number {
  if (sendScalar(value) && scalars.bytes === exchange.sent) {
    sentLength = scalars.position;
    return 0;
  }
  const { head, blobs } = encode(value, root);
  if (blobs.length === 0) {
    sentLength = head.length;
    if (head.buffer === exchange.sent.buffer) return 0;
    const block = makeBlock(head.length, root);
    agent.fillBlock(block, 0, head);
    return block;
  }
  const vectors = vectorsOf(blobs, root);
  try {
    const layout = layoutOf(head, blobs, SEGMENT_BYTES);
    const block = makeBlock(layout.total, root);
    agent.fillBlock(block, 0, layout.prefix);
    agent.fillBlock(block, layout.prefix.length, head);
    layout.places.forEach((at, i) => at >= 0 && agent.fillBlock(block, at, blobs[i]!));
    return block;
  } finally {
    // The block has references of its own.
    for (const vector of vectors) agent.releaseObject(vector);
  }
}

/** Copies very large buffers into vectors, and has the value that is being sent name them. */
function vectorsOf(blobs: readonly ArrayBuffer[], root: string): readonly number[] {
  const vectors: number[] = [];
  for (const blob of blobs) {
    if (blob.byteLength < SEGMENT_BYTES) continue;
    const segment = native.createSegment(blob.byteLength, true, true);
    const vector = segment === 0 ? 0 : agent.createNumbers(UINT8, blob.byteLength, segment, 0, 0);
    if (vector === 0) {
      if (segment !== 0) native.releaseSegment(segment);
      for (const made of vectors) agent.releaseObject(made);
      throw new HeapFullError(`No shared memory left for ${root}, ${blob.byteLength} bytes`);
    }
    native.fillSegment(segment, blob);
    vectors.push(vector);
    exchange.table[sentLinks++] = vector;
  }
  return vectors;
}

/** Length of the value that {@link sendBlock} found to be short. */
export let sentLength = 0;

function makeBlock(length: number, root: string): number {
  const block = agent.makeBlock(length, sentLinks);
  if (block === 0) throw new HeapFullError(`No shared memory left for ${root}, ${length} bytes`);
  return block;
}

interface Layout {
  readonly prefix: Uint8Array;
  /** Where each buffer begins; -1: it is in a segment. */
  readonly places: readonly number[];
  readonly total: number;
}

/** @param apart buffers of so many bytes are in segments */
function layoutOf(head: Uint8Array, blobs: readonly ArrayBuffer[], apart: number): Layout {
  const prefix = new Uint8Array(PREFIX + blobs.length * 8);
  const view = new DataView(prefix.buffer);
  view.setUint32(4, blobs.length, true);
  view.setUint32(8, head.length, true);
  const places: number[] = [];
  let at = prefix.length + head.length;
  blobs.forEach((blob, i) => {
    if (blob.byteLength >= apart) {
      view.setFloat64(PREFIX + i * 8, -blob.byteLength, true);
      places.push(-1);
      return;
    }
    view.setFloat64(PREFIX + i * 8, blob.byteLength, true);
    at = aligned(at, sentLinks);
    places.push(at);
    at += blob.byteLength;
  });
  return { prefix, places, total: at };
}

/** Buffers begin at a cache line of memory, so that any typed array fits on them. */
function aligned(at: number, links: number): number {
  const before = BLOCK_HEADER + links * LINK;
  return Math.ceil((at + before) / ALIGNMENT) * ALIGNMENT - before;
}

function joined(head: Uint8Array, blobs: readonly ArrayBuffer[]): Uint8Array {
  const { prefix, places, total } = layoutOf(head, blobs, Infinity);
  const bytes = new Uint8Array(total);
  bytes.set(prefix);
  bytes.set(head, prefix.length);
  blobs.forEach((blob, i) => bytes.set(new Uint8Array(blob), places[i]));
  return bytes;
}

/**
 * The value that the last native operation has read.
 * @param exclusive nobody else has it, so its large buffers need not be copied
 */
export function received(exclusive: boolean): unknown {
  const length = exchange.control[1]!;
  const links = exchange.control[2]!;
  if (!ready) prepare();
  if (length <= EXCHANGE.dataBytes && exchange.given[0] !== 0) {
    if (links === 0) {
      const scalar = readScalar(given);
      return scalar === composite ? codec.decode(exchange.given, []) : scalar;
    }
    // Making handles uses the exchange buffer.
    return finished(codec, new Uint8Array(exchange.given.subarray(0, length)), []);
  }
  const named = exchange.table.slice(0, links);
  const first = new DataView(agent.partOfRead(0, PREFIX, false));
  if (first.getUint8(0) !== 0) return finished(codec, new Uint8Array(agent.partOfRead(0, length, false)), []);
  const count = first.getUint32(4, true);
  const lengths = new Float64Array(agent.partOfRead(PREFIX, count * 8, false));
  const headLength = first.getUint32(8, true);
  let at = PREFIX + count * 8;
  const head = new Uint8Array(agent.partOfRead(at, headLength, false));
  at += headLength;
  const blobs: ArrayBuffer[] = [];
  let vector = links - lengths.filter((bytes) => bytes < 0).length;
  for (const bytes of lengths) {
    if (bytes < 0) {
      blobs.push(agent.bufferOfVector(named[vector++]!, exclusive));
      continue;
    }
    at = aligned(at, links);
    blobs.push(agent.partOfRead(at, bytes, exclusive));
    at += bytes;
  }
  return finished(codec, head, blobs);
}

function finished(with_: Codec, head: Uint8Array, blobs: readonly ArrayBuffer[]): unknown {
  try {
    return with_.decode(head, blobs);
  } finally {
    agent.releaseRead();
  }
}
