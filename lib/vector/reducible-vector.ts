import { requireInteger } from '../base/validate.js';
import type { DType, DTypeOfCode, ElementOf, TypeCode } from '../memory/dtype.js';
import { hashPlan, type Digest, type HashAlgorithm, type HashOptions } from './hash.js';
import { count } from './host.js';
import { perform, performSync, type KernelOptions, type Plan } from './plan.js';
import { elementPlan, numberPlan, requireElements, requireVector } from './vectors.js';
import { NumberVector } from '../memory/number-vector.js';

/** Which variance is meant. */
export interface VarianceOptions extends KernelOptions {
  /** What is subtracted from the number of elements before it divides. 0, the default: of a population; 1: of a sample. */
  readonly ddof?: number | undefined;
}

/**
 * What native threads tell about the elements of a {@link SharedArray} as one number.
 *
 * Each has a form that ends in `Sync`, which does the same on this thread, with the help of the others, and returns the
 * result. Elements that somebody changes meanwhile count as they were or as they are.
 */
export abstract class ReducibleVector<C extends DType | TypeCode> extends NumberVector<C> {
  /**
   * The sum of all elements. Integers are exact up to 2^53 (64-bit ones are bigints, and wrap around at 64 bits). Floats are summed
   * in double precision, pairwise: the error is at most a few units in the last place of the sum of absolute values, and does
   * not depend on the number of threads.
   */
  sum(options?: KernelOptions): Promise<ElementOf<DTypeOfCode<C>>> {
    return perform(this.#plan('sum'), options);
  }
  /** As {@link sum}; blocks. */
  sumSync(): ElementOf<DTypeOfCode<C>> {
    return performSync(this.#plan('sum'));
  }

  /** The arithmetic mean; NaN without elements. Integers are summed exactly. */
  mean(options?: KernelOptions): Promise<number> {
    return perform(numberPlan('mean', [this]), options);
  }
  /** As {@link mean}; blocks. */
  meanSync(): number {
    return performSync(numberPlan('mean', [this]));
  }

  /** The variance, in two passes; NaN with no more than `ddof` elements. @throws {RangeError} for a `ddof` below 0 */
  variance(options: VarianceOptions = {}): Promise<number> {
    return perform(this.#variance(options), options);
  }
  /** As {@link variance}; blocks. */
  varianceSync(options: VarianceOptions = {}): number {
    return performSync(this.#variance(options));
  }

  /** The least element; NaN if there is one. -0 is less than 0. @throws {RangeError} without elements */
  min(options?: KernelOptions): Promise<ElementOf<DTypeOfCode<C>>> {
    return perform(this.#extreme('min'), options);
  }
  /** As {@link min}; blocks. */
  minSync(): ElementOf<DTypeOfCode<C>> {
    return performSync(this.#extreme('min'));
  }

  /** The greatest element; NaN if there is one. @throws {RangeError} without elements */
  max(options?: KernelOptions): Promise<ElementOf<DTypeOfCode<C>>> {
    return perform(this.#extreme('max'), options);
  }
  /** As {@link max}; blocks. */
  maxSync(): ElementOf<DTypeOfCode<C>> {
    return performSync(this.#extreme('max'));
  }

  /** The index of the first least element, or of the first NaN. @throws {RangeError} without elements */
  argmin(options?: KernelOptions): Promise<number> {
    return perform(this.#place('argmin'), options);
  }
  /** As {@link argmin}; blocks. */
  argminSync(): number {
    return performSync(this.#place('argmin'));
  }

  /** The index of the first greatest element, or of the first NaN. @throws {RangeError} without elements */
  argmax(options?: KernelOptions): Promise<number> {
    return perform(this.#place('argmax'), options);
  }
  /** As {@link argmax}; blocks. */
  argmaxSync(): number {
    return performSync(this.#place('argmax'));
  }

  /**
   * The sum of the products of both vectors' elements, as exact as {@link sum}; of integers modulo 2^64.
   * @throws {TypeError | RangeError} when the other one has another type or length
   */
  dot(other: NumberVector<C>, options?: KernelOptions): Promise<ElementOf<DTypeOfCode<C>>> {
    return perform(this.#dot(other), options);
  }
  /** As {@link dot}; blocks. */
  dotSync(other: NumberVector<C>): ElementOf<DTypeOfCode<C>> {
    return performSync(this.#dot(other));
  }

  /** How many elements are not 0. NaN is not 0. */
  count(options?: KernelOptions): Promise<number> {
    return perform(numberPlan('count', [this]), options);
  }
  /** As {@link count}; blocks. */
  countSync(): number {
    return performSync(numberPlan('count', [this]));
  }

  /**
   * The hash of the elements' bytes: `xxh3` (64 bits, as a bigint), `crc32` (as zlib's, a number) or `sha256` (a string of hex
   * digits). Bytes are hashed as they are in memory, so -0 and 0 differ. XXH3 and SHA-256 use one thread.
   *
   * @param algorithm default: `xxh3`
   * @throws {TypeError | RangeError} for an unknown algorithm, a range that is outside, or a seed where none is used
   */
  hash<A extends HashAlgorithm = 'xxh3'>(algorithm?: A, options: HashOptions = {}): Promise<Digest<A>> {
    return perform(hashPlan(this, algorithm, options), options);
  }
  /** As {@link hash}; blocks. */
  hashSync<A extends HashAlgorithm = 'xxh3'>(algorithm?: A, options: Omit<HashOptions, 'signal'> = {}): Digest<A> {
    return performSync(hashPlan(this, algorithm, options));
  }

  #plan(kernel: string): Plan<ElementOf<DTypeOfCode<C>>> {
    return elementPlan(kernel, this.dtype, [this]);
  }

  #extreme(kernel: 'min' | 'max'): Plan<ElementOf<DTypeOfCode<C>>> {
    requireElements(kernel, this);
    return this.#plan(kernel);
  }

  #place(kernel: 'argmin' | 'argmax'): Plan<number> {
    requireElements(kernel, this);
    return numberPlan(kernel, [this]);
  }

  #variance({ ddof = 0 }: VarianceOptions): Plan<number> {
    return numberPlan('variance', [this], [count(requireInteger('ddof', ddof, 0))]);
  }

  #dot(other: unknown): Plan<ElementOf<DTypeOfCode<C>>> {
    const { dtype, length } = this;
    return elementPlan('dot', dtype, [this, requireVector('other', other, { dtype, length })]);
  }
}
