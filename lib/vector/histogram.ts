import { requireInteger, shown } from '../base/validate.js';
import type { KernelOptions } from './plan.js';

/** The bins of a histogram. */
export interface HistogramOptions extends KernelOptions {
  /** Number of bins of equal width. Default: 10. */
  readonly bins?: number | undefined;
  /** From where to where they go; elements outside do not count. Default: from the least to the greatest element. */
  readonly range?: readonly [low: number, high: number] | undefined;
}

/** @throws {TypeError | RangeError} for bins or a range that are none */
export function binsOf({ bins = 10, range }: HistogramOptions): number {
  requireInteger('bins', bins, 1, 2 ** 31);
  const given = range as unknown;
  if (given === undefined) return bins;
  const [low, high] = Array.isArray(given) ? (given as readonly unknown[]) : [];
  if (typeof low !== 'number' || typeof high !== 'number' || !(high - low > 0 && high - low < Infinity)) {
    throw new RangeError(`range must be two finite numbers, the lower one first, got ${shown(given)}`);
  }
  return bins;
}

/** From the least to the greatest, and never nothing: as NumPy, half a unit around a single value, and 0 to 1 for none. */
export function spread(length: number, [min, max]: readonly (number | bigint)[]): [low: number, high: number] {
  if (length === 0) return [0, 1];
  const [low, high] = [Number(min), Number(max)];
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    throw new RangeError(`range must be given where elements are not finite: they go from ${low} to ${high}`);
  }
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/** One more than there are bins. */
export function edgesOf(bins: number, low: number, high: number): Float64Array {
  return Float64Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : low + (i * (high - low)) / bins));
}
