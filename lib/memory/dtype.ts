/** Element types of shared vectors and values. */
export const dtypes = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/**
 * Type of the elements of shared memory: `int8`, `uint8`, `int16`, `uint16`, `int32`, `uint32`, `int64`, `uint64`, `float32` or
 * `float64`. Elements of `int64` and `uint64` are bigints, for which numbers that are safe integers may be given; all others
 * are numbers.
 */
export type DType = keyof typeof dtypes;

/** Their numbers in shared memory. */
export const dtypeNames = Object.keys(dtypes) as readonly DType[];

interface Views {
  int8: Int8Array<ArrayBuffer>;
  uint8: Uint8Array<ArrayBuffer>;
  int16: Int16Array<ArrayBuffer>;
  uint16: Uint16Array<ArrayBuffer>;
  int32: Int32Array<ArrayBuffer>;
  uint32: Uint32Array<ArrayBuffer>;
  int64: BigInt64Array<ArrayBuffer>;
  uint64: BigUint64Array<ArrayBuffer>;
  float32: Float32Array<ArrayBuffer>;
  float64: Float64Array<ArrayBuffer>;
}

/** The typed array that views elements of a type. */
export type ViewOf<D extends DType> = Views[D];
export type NumericArray = ViewOf<DType>;
/** What one element is in JavaScript. */
export type ElementOf<D extends DType> = D extends 'int64' | 'uint64' ? bigint : number;
/** What may be given for one: for a bigint also the number, a safe integer. */
export type ElementLike<D extends DType> = D extends 'int64' | 'uint64' ? number | bigint : number;

/** Python's type codes, on the sizes that CPython has on 64-bit Linux. */
const codes: Readonly<Record<string, DType>> = {
  b: 'int8',
  B: 'uint8',
  h: 'int16',
  H: 'uint16',
  i: 'int32',
  I: 'uint32',
  l: 'int64',
  L: 'uint64',
  q: 'int64',
  Q: 'uint64',
  f: 'float32',
  d: 'float64',
};

/** A code of Python's `array` module for a {@link DType}: `i` is `int32`, `d` is `float64`; `l` and `q` are `int64`. */
export type TypeCode = 'b' | 'B' | 'h' | 'H' | 'i' | 'I' | 'l' | 'L' | 'q' | 'Q' | 'f' | 'd';

/** The element type that a name or code of Python's stands for. */
export type DTypeOfCode<C extends DType | TypeCode> = C extends DType ? C : C extends TypeCode ? CodeTypes[C] : never;

interface CodeTypes {
  b: 'int8';
  B: 'uint8';
  h: 'int16';
  H: 'uint16';
  i: 'int32';
  I: 'uint32';
  l: 'int64';
  L: 'uint64';
  q: 'int64';
  Q: 'uint64';
  f: 'float32';
  d: 'float64';
}

/** The element type of a typed array, or undefined for what is not one of ours (a DataView, a clamped array). */
export function dtypeOf(view: ArrayBufferView): DType | undefined {
  for (const [dtype, type] of Object.entries(dtypes)) if (view instanceof type) return dtype as DType;
  return undefined;
}

/** @throws {TypeError} for a name that is neither an element type nor one of Python's codes */
export function parseDType(name: string): DType {
  if (Object.hasOwn(dtypes, name)) return name as DType;
  if (Object.hasOwn(codes, name)) return codes[name]!;
  throw new TypeError(
    `dtype must be one of ${Object.keys(dtypes).join(', ')} or a code of Python's array module, got ${JSON.stringify(name)}`,
  );
}
