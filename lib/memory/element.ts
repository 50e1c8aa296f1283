import { shown } from '../base/validate.js';
import type { DType } from './dtype.js';

/** Are its elements bigints? */
export function isBig(dtype: DType): boolean {
  return dtype === 'int64' || dtype === 'uint64';
}

/**
 * What is given, as an element: integers of any size wrap around, what is no integer is none of an integer type, and a safe
 * integer stands for its bigint.
 * @throws {TypeError} when the value is no element of this type
 */
export function toElement(dtype: DType, name: string, value: unknown): number | bigint {
  if (isBig(dtype)) {
    if (typeof value === 'bigint') return value;
    if (Number.isSafeInteger(value)) return BigInt(value as number);
    throw new TypeError(`${name} must be a bigint or a safe integer for ${dtype}, got ${shown(value)}`);
  }
  if (dtype === 'float32' || dtype === 'float64') {
    if (typeof value !== 'number') throw new TypeError(`${name} must be a number for ${dtype}, got ${shown(value)}`);
  } else if (!Number.isInteger(value)) {
    throw new TypeError(`${name} must be an integer for ${dtype}, got ${shown(value)}`);
  }
  return value as number;
}
