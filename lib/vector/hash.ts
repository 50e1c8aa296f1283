import { requireInteger, shown } from '../base/validate.js';
import type { DType } from '../memory/dtype.js';
import { NumberVector } from '../memory/number-vector.js';
import { count, type Call, type Place, type Scalar } from './host.js';
import type { KernelOptions, Plan } from './plan.js';
import { placeOf, type Vector } from './vectors.js';

/** Of each algorithm its kernels, and the type and number of elements that hold a digest. */
const ALGORITHMS = {
  xxh3: { kernel: 'hashXxh3', rows: 'hashRowsXxh3', dtype: 'uint64', size: 1 },
  crc32: { kernel: 'hashCrc32', rows: 'hashRowsCrc32', dtype: 'uint32', size: 1 },
  sha256: { kernel: 'hashSha256', rows: 'hashRowsSha256', dtype: 'uint8', size: 32 },
} as const satisfies Record<string, { kernel: string; rows: string; dtype: DType; size: number }>;

/** `xxh3`: fast, 64 bits; `crc32`: that of zip, 32 bits; `sha256`: cryptographic, 32 bytes. */
export type HashAlgorithm = keyof typeof ALGORITHMS;
/** What {@link SharedArray.hash} gives. */
export type Digest<A extends HashAlgorithm> = A extends 'xxh3' ? bigint : A extends 'crc32' ? number : string;
/** The type of the elements that {@link SharedArray.hashRows} gives. */
export type DigestType<A extends HashAlgorithm> = (typeof ALGORITHMS)[A]['dtype'];

/** What a hash begins with. */
export interface SeedOptions extends KernelOptions {
  /** Of `xxh3` alone: an integer of 64 bits. Default: 0. */
  readonly seed?: number | bigint | undefined;
}

/** Which elements are hashed. */
export interface HashOptions extends SeedOptions {
  /** The first element that counts. Default: 0. */
  readonly start?: number | undefined;
  /** Where it ends: the first element that does not count. Default: the length. */
  readonly end?: number | undefined;
}

function algorithmOf(name: unknown): (typeof ALGORITHMS)[HashAlgorithm] {
  if (typeof name === 'string' && Object.hasOwn(ALGORITHMS, name)) return ALGORITHMS[name as HashAlgorithm];
  throw new TypeError(`algorithm must be one of ${Object.keys(ALGORITHMS).join(', ')}, got ${shown(name)}`);
}

function seedOf(algorithm: unknown, seed: unknown): Scalar[] {
  if (seed === undefined) return [];
  if (algorithm !== 'xxh3') throw new TypeError(`seed is for xxh3 alone, got ${shown(seed)} for ${shown(algorithm)}`);
  if (typeof seed === 'bigint') {
    if (BigInt.asUintN(64, seed) === seed) return [seed];
    throw new RangeError(`seed must be an integer from 0 to 2^64 - 1, got ${seed}`);
  }
  return [count(requireInteger('seed', seed, 0))];
}

function rangeOf(vector: Vector, { start = 0, end = vector.length }: HashOptions): Place {
  requireInteger('end', end, 0, vector.length);
  requireInteger('start', start, 0, end);
  return { ...placeOf(vector), begin: start * vector.view.BYTES_PER_ELEMENT, length: end - start };
}

/** Where a digest goes that is no number. */
class DigestBytes extends NumberVector<'uint8'> {}

/** @throws {TypeError | RangeError} for an unknown algorithm, a range that is outside, or a seed where none is used */
export function hashPlan<A extends HashAlgorithm>(
  vector: Vector,
  algorithm: A | undefined,
  options: HashOptions,
): Plan<Digest<A>> {
  const name = algorithm ?? 'xxh3';
  const { kernel, size } = algorithmOf(name);
  const numbers = seedOf(name, options.seed);
  const inputs = [rangeOf(vector, options)];
  if (size === 1) {
    const result = ([hash]: readonly (Scalar | undefined)[]): unknown => (name === 'xxh3' ? hash : Number(hash));
    return { call: { kernel, inputs, numbers }, result: result as Plan<Digest<A>>['result'] };
  }
  const out = new DigestBytes('uint8', size, { lock: false });
  const hex = (): unknown => Buffer.from(out.view).toString('hex');
  return { call: { kernel, inputs, outputs: [placeOf(out)] }, result: hex as Plan<Digest<A>>['result'] };
}

/** What the digests of all rows go to. @throws {TypeError | RangeError} for an unknown algorithm or a length that is none */
export function rowsOf(vector: Vector, algorithm: unknown, rowLength: unknown): { dtype: DType; length: number } {
  const { dtype, size } = algorithmOf(algorithm);
  return { dtype, length: size * Math.ceil(vector.length / requireInteger('rowLength', rowLength, 1)) };
}

/** @param out as {@link rowsOf} says */
export function hashRowsCall(
  vector: Vector,
  algorithm: unknown,
  rowLength: unknown,
  { seed }: SeedOptions,
  out: Vector,
): Call {
  const bytes = count(Number(rowLength) * vector.view.BYTES_PER_ELEMENT);
  const numbers = [bytes, ...seedOf(algorithm, seed)];
  return { kernel: algorithmOf(algorithm).rows, inputs: [placeOf(vector)], outputs: [placeOf(out)], numbers };
}
