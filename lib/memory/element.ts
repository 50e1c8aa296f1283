import { shown } from '../base/validate.js';
import type { DType } from './dtype.js';

/** Are its elements bigints? */
export function isBig(dtype: DType): boolean {
  return dtype === 'int64' || dtype === 'uint64';
}

/**
 * Integers of any size wrap around; what is no integer is none of an integer type.
 * @throws {TypeError} when the value is no element of this type
 */
export function requireElement(dtype: DType, name: string, value: unknown): void {
  if (isBig(dtype)) {
    if (typeof value !== 'bigint') throw new TypeError(`${name} must be a bigint for ${dtype}, got ${shown(value)}`);
  } else if (dtype === 'float32' || dtype === 'float64') {
    if (typeof value !== 'number') throw new TypeError(`${name} must be a number for ${dtype}, got ${shown(value)}`);
  } else if (!Number.isInteger(value)) {
    throw new TypeError(`${name} must be an integer for ${dtype}, got ${shown(value)}`);
  }
}
