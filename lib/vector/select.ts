import { shown } from '../base/validate.js';
import { count, type Call } from './host.js';
import { isVector, placeOf, requireVector, type Vector } from './vectors.js';

/** How two numbers compare. In the order of native/kernel/compare.h. */
const COMPARISONS = ['lt', 'le', 'gt', 'ge', 'eq', 'ne'] as const;

/** How two elements are compared: `lt` is less than, `le` less or equal, `gt`, `ge`, `eq` equal, `ne` not equal. */
export type Comparison = (typeof COMPARISONS)[number];

/** 1 for each element for which it is true, else 0. @throws {TypeError | RangeError} for what does not fit */
export function compareCall(vector: Vector, comparison: unknown, operand: unknown, out: Vector): Call {
  const number = COMPARISONS.indexOf(comparison as Comparison);
  if (number < 0) throw new TypeError(`comparison must be one of ${COMPARISONS.join(', ')}, got ${shown(comparison)}`);
  const call = { kernel: 'compare', outputs: [placeOf(out)] };
  if (isVector(operand)) {
    const { dtype, length } = vector;
    const inputs = [placeOf(vector), placeOf(requireVector('operand', operand, { dtype, length }))];
    return { ...call, inputs, numbers: [count(number)] };
  }
  if (typeof operand !== 'number' && typeof operand !== 'bigint') {
    throw new TypeError(`operand must be a number or a SharedArray, got ${shown(operand)}`);
  }
  return { ...call, inputs: [placeOf(vector)], numbers: [count(number), operand] };
}

/** Elements where the mask is not 0, in order, as far as `out` has room; without it they are counted only. */
export function filterCall(vector: Vector, mask: Vector, out?: Vector): Call {
  const outputs = out === undefined ? [] : [placeOf(out)];
  return { kernel: 'filter', inputs: [placeOf(vector), placeOf(mask)], outputs };
}

/** @throws {TypeError | RangeError} for what is no mask of this vector */
export function requireMask(vector: Vector, mask: unknown): Vector {
  return requireVector('mask', mask, { dtype: 'uint8', length: vector.length });
}

/** @throws {TypeError} for what is no vector of integers */
export function requireIndices(indices: unknown): Vector {
  const vector = requireVector('indices', indices);
  if (vector.dtype === 'float32' || vector.dtype === 'float64') {
    throw new TypeError(`indices must be a SharedArray of integers, got one of ${vector.dtype}`);
  }
  return vector;
}
