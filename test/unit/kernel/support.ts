import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { SharedArray, type DType } from 'allcores';

export const floats = ['float32', 'float64'] as const;
export const smallIntegers = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32'] as const;
export const bigIntegers = ['int64', 'uint64'] as const;
export const dtypes: readonly DType[] = [...smallIntegers, ...bigIntegers, ...floats];

/** Any value, as an element of a type: integers wrap around, as in typed arrays. */
export function vectorOf<D extends DType>(dtype: D, given: readonly number[]): SharedArray<D> {
  const vector = new SharedArray(dtype, given.length);
  const big = dtype === 'int64' || dtype === 'uint64';
  const view = vector.view as unknown as { [index: number]: unknown };
  given.forEach((value, i) => (view[i] = big ? BigInt(Math.trunc(Number.isFinite(value) ? value : 0)) : value));
  return vector;
}

/** Numbers of all kinds, more of them than are worth a hand-over to a thread now and then. */
export const numbers = fc.oneof(
  fc.array(fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), {
    maxLength: 50,
  }),
  fc
    .tuple(fc.integer({ min: 2000, max: 9000 }), fc.integer({ min: 1, max: 1e9 }))
    .map(([length, seed]) => Array.from({ length }, (_, i) => ((i * 7919 + seed) % 10_007) - 5000)),
);

/** The same call in its two forms: by native threads, and on this thread. */
export async function both<R>(
  blocking: () => R,
  other: () => Promise<R>,
  same: (a: R, b: R) => void = assert.deepEqual,
): Promise<R> {
  const result = blocking();
  same(await other(), result);
  return result;
}

export function values(vector: SharedArray<DType>): unknown[] {
  return Array.from(vector.view as Iterable<unknown>);
}
