import { shown } from '../base/validate.js';
import { dtypeNames, type DType, type ElementOf } from '../memory/dtype.js';
import { isBig } from '../memory/element.js';
import { NumberVector } from '../memory/number-vector.js';
import type { Place, Results } from './host.js';
import type { Plan } from './plan.js';

/** @inline */
export type Vector = NumberVector<DType>;

/** Where the elements of a vector are, for a kernel. */
export function placeOf(vector: Vector): Place {
  const { segment, dtype, length } = NumberVector.placeOf(vector);
  return { segment, type: dtypeNames.indexOf(dtype), length };
}

export function isVector(value: unknown): value is Vector {
  return value instanceof NumberVector;
}

export function isFloat(dtype: DType): boolean {
  return dtype === 'float32' || dtype === 'float64';
}

interface Wanted {
  readonly length?: number | undefined;
  readonly dtype?: DType | undefined;
}

/** @throws {TypeError | RangeError} for what is no vector, or one of another type or length */
export function requireVector(name: string, value: unknown, { dtype, length }: Wanted = {}): Vector {
  if (!isVector(value)) throw new TypeError(`${name} must be a SharedArray, got ${shown(value)}`);
  if (dtype !== undefined && value.dtype !== dtype) {
    throw new TypeError(`${name} must be a SharedArray of ${dtype}, got one of ${value.dtype}`);
  }
  if (length !== undefined && value.length !== length) {
    throw new RangeError(`${name} must have ${length} elements, got ${value.length}`);
  }
  return value;
}

/** A plan whose result is the kernel's first number, as an element of a type. */
export function elementPlan<D extends DType>(kernel: string, dtype: D, vectors: readonly Vector[]): Plan<ElementOf<D>> {
  return {
    call: { kernel, inputs: vectors.map(placeOf) },
    result: (results: Results) => elementOf(dtype, results),
  };
}

export function elementOf<D extends DType>(dtype: D, [result]: Results): ElementOf<D> {
  return (isBig(dtype) ? result : Number(result)) as ElementOf<D>;
}

/** A plan whose result is the kernel's first number. */
export function numberPlan(
  kernel: string,
  vectors: readonly Vector[],
  numbers: readonly (number | bigint)[] = [],
): Plan<number> {
  return { call: { kernel, inputs: vectors.map(placeOf), numbers }, result: ([result]) => Number(result) };
}

/** @throws {RangeError} for an empty vector */
export function requireElements(what: string, vector: Vector): void {
  if (vector.length === 0) throw new RangeError(`${what} of a SharedArray without elements`);
}
