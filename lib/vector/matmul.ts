import { requireInteger } from '../base/validate.js';
import { isFloat, requireVector, type Vector } from './vectors.js';

/** With everything known. */
interface FullShape {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/** Of a product of matrices. */
export interface Shape {
  /** Rows of the left one. */
  readonly rows?: number | undefined;
  /** Columns of the left one, and rows of the right one. */
  readonly inner?: number | undefined;
  /** Columns of the right one. */
  readonly columns?: number | undefined;
}

/** @throws {TypeError | RangeError} for what cannot be multiplied */
export function productShape(vector: Vector, other: unknown, shape: Shape): FullShape {
  const { dtype, length } = vector;
  if (!isFloat(dtype)) throw new TypeError(`matmul takes a SharedArray of float64 or float32, got one of ${dtype}`);
  return shapeOf(length, requireVector('other', other, { dtype }).length, shape);
}

/**
 * Fills in what follows from the numbers of elements. Without anything given both are square.
 * @throws {RangeError} when there are no such matrices
 */
function shapeOf(left: number, right: number, { rows, inner, columns }: Shape): FullShape {
  for (const [name, value] of Object.entries({ rows, inner, columns })) {
    if (value !== undefined) requireInteger(`shape.${name}`, value, 1);
  }
  const between =
    inner ?? (rows !== undefined ? left / rows : columns !== undefined ? right / columns : Math.sqrt(left));
  const shape = { rows: rows ?? left / between, inner: between, columns: columns ?? right / between };
  if (
    Object.values(shape).every(Number.isInteger) &&
    shape.rows * shape.inner === left &&
    shape.inner * shape.columns === right
  ) {
    return shape;
  }
  throw new RangeError(
    `shape must fit ${left} and ${right} elements, got rows ${rows}, inner ${inner} and columns ${columns}`,
  );
}
