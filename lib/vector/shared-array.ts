import { shown } from '../base/validate.js';
import { Kind } from '../heap/outcome.js';
import { registerSharedObject } from '../heap/shared-object.js';
import type { DType, DTypeOfCode, ElementLike, ElementOf, TypeCode } from '../memory/dtype.js';
import { hashRowsCall, rowsOf, type DigestType, type HashAlgorithm, type SeedOptions } from './hash.js';
import { binsOf, edgesOf, spread, type HistogramOptions } from './histogram.js';
import { mapCall, type Operand, type Operation, type Step } from './elementwise.js';
import { productShape, type Shape } from './matmul.js';
import { perform, performSync, type KernelOptions } from './plan.js';
import { compareCall, filterCall, requireIndices, requireMask, type Comparison } from './select.js';
import { fillCall } from './fill.js';
import { placeOf, requireVector } from './vectors.js';
import type { Call } from './host.js';
import { ReducibleVector } from './reducible-vector.js';

/** Where the results of a map go. */
export interface VectorMapOptions<O extends DType> extends KernelOptions {
  /** Where results go, as this type computes: a vector as long as this one, which may be this one. Default: a new one of its type. */
  readonly out?: SharedArray<O> | undefined;
}

/** How many elements are in which bin: bin `i` goes from `edges[i]` to before `edges[i + 1]`, the last one to its end. */
export interface VectorHistogram {
  /** Number of elements in each bin. */
  readonly counts: SharedArray<'uint32'>;
  /** Where each bin begins, and where the last one ends: one more than there are bins. */
  readonly edges: Float64Array;
}

type Any = SharedArray<DType>;
/** Indices of elements: a vector of integers, of any type. */
export type IndexVector = SharedArray<Exclude<DType, 'float32' | 'float64'>>;

/**
 * A vector of numbers in shared memory: `multiprocessing.Array`.
 *
 * Passed to a worker it arrives as a live handle on the same memory, at a cost that does not depend on its length.
 * `view` is that memory; writes are seen by every holder at once. The memory is freed with its last handle.
 *
 * Its numeric methods run on native threads, one for each processor, which all threads of the process share. They give
 * promises and do not block; each has a form that ends in `Sync`, which blocks this thread and has it take part.
 *
 * @example
 * const squares = new SharedArray('float64', 1_000_000);
 * await pool.map((x) => x * x, numbers, { out: squares });
 * console.log(await squares.sum());
 */
export class SharedArray<C extends DType | TypeCode = 'float64'> extends ReducibleVector<C> {
  /** A new vector of the sums of all elements up to each. Integers wrap around. */
  prefixSum(options?: KernelOptions): Promise<SharedArray<DTypeOfCode<C>>> {
    const out = this.#like();
    return perform({ call: this.#call('prefixSum', out), result: () => out }, options);
  }
  /** As {@link prefixSum}; blocks. */
  prefixSumSync(): SharedArray<DTypeOfCode<C>> {
    const out = this.#like();
    return performSync({ call: this.#call('prefixSum', out), result: () => out });
  }

  /** Counts elements by value. @throws {TypeError | RangeError} for bins or a range that are none */
  async histogram(options: HistogramOptions = {}): Promise<VectorHistogram> {
    const { signal } = options;
    const bins = binsOf(options);
    const [low, high] = options.range ?? spread(this.length, await this.#bounds(signal));
    const counts = new SharedArray('uint32', bins);
    const call = { kernel: 'histogram', inputs: [placeOf(this)], outputs: [placeOf(counts)], numbers: [low, high] };
    return perform({ call, result: () => ({ counts, edges: edgesOf(bins, low, high) }) }, { signal });
  }
  /** As {@link histogram}; blocks. */
  histogramSync(options: Omit<HistogramOptions, 'signal'> = {}): VectorHistogram {
    const bins = binsOf(options);
    const [low, high] = options.range ?? spread(this.length, this.length === 0 ? [] : [this.minSync(), this.maxSync()]);
    const counts = new SharedArray('uint32', bins);
    const call = { kernel: 'histogram', inputs: [placeOf(this)], outputs: [placeOf(counts)], numbers: [low, high] };
    return performSync({ call, result: () => ({ counts, edges: edgesOf(bins, low, high) }) });
  }

  /**
   * Sorts the vector itself, ascending, as typed arrays are sorted: -0 before 0, NaN last. Takes as much memory again meanwhile.
   * @returns this vector. Equal numbers cannot be told apart, so that every order is stable.
   */
  sort(options?: KernelOptions & { readonly stable?: boolean }): Promise<this> {
    return perform({ call: { kernel: 'sort', inputs: [], outputs: [placeOf(this)] }, result: () => this }, options);
  }
  /** As {@link sort}; blocks. */
  sortSync(): this {
    return performSync({ call: { kernel: 'sort', inputs: [], outputs: [placeOf(this)] }, result: () => this });
  }

  /** A new vector of the indices by which the elements are in ascending order; of equal ones the first comes first. */
  argsort(options?: KernelOptions): Promise<SharedArray<'uint32'>> {
    const out = new SharedArray('uint32', this.length);
    return perform({ call: this.#call('argsort', out), result: () => out }, options);
  }
  /** As {@link argsort}; blocks. */
  argsortSync(): SharedArray<'uint32'> {
    const out = new SharedArray('uint32', this.length);
    return performSync({ call: this.#call('argsort', out), result: () => out });
  }

  /**
   * Does something to each element: one operation, or several steps one after the other, between which nothing lies in memory.
   * Computes as `out` does: in double or single precision, or with integers of 64 bits, which wrap around; division by the
   * integer 0 gives 0.
   *
   * @param op the name of an operation, or steps: `[['mul', 2], ['add', other], 'sqrt']`
   * @param operand a number, a vector of equal length, or both operands of `clamp` and `where` in an array
   * @throws {TypeError | RangeError} for an unknown operation, and for operands or an `out` that do not fit
   * @example
   * const norm = await x.map([['mul', x], ['add', y2], 'sqrt']);
   */
  map<O extends DType = DTypeOfCode<C>>(
    op: Operation | readonly Step[],
    operand?: Operand | readonly Operand[],
    options: VectorMapOptions<O> = {},
  ): Promise<SharedArray<O>> {
    const { call, out } = this.#map(op, operand, options);
    return perform({ call, result: () => out as SharedArray<O> }, options);
  }
  /** As {@link map}; blocks. */
  mapSync<O extends DType = DTypeOfCode<C>>(
    op: Operation | readonly Step[],
    operand?: Operand | readonly Operand[],
    options: Omit<VectorMapOptions<O>, 'signal'> = {},
  ): SharedArray<O> {
    const { call, out } = this.#map(op, operand, options);
    return performSync({ call, result: () => out as SharedArray<O> });
  }

  /** A new vector: this one's elements where the mask is not 0, and `other` elsewhere. */
  where(mask: Operand, other: Operand, options?: KernelOptions): Promise<SharedArray<DTypeOfCode<C>>> {
    return this.map('where', [mask, other], options);
  }
  /** As {@link where}; blocks. */
  whereSync(mask: Operand, other: Operand): SharedArray<DTypeOfCode<C>> {
    return this.mapSync('where', [mask, other]);
  }

  /**
   * A mask: 1 for each element for which the comparison holds, else 0. Numbers compare by their exact values, whatever the types.
   * @param comparison `lt`, `le`, `gt`, `ge`, `eq` or `ne`
   * @param operand a number, or a vector of the same type and length
   */
  compare(comparison: Comparison, operand: Operand, options?: KernelOptions): Promise<SharedArray<'uint8'>> {
    const out = new SharedArray('uint8', this.length);
    return perform({ call: compareCall(this, comparison, operand, out), result: () => out }, options);
  }
  /** As {@link compare}; blocks. */
  compareSync(comparison: Comparison, operand: Operand): SharedArray<'uint8'> {
    const out = new SharedArray('uint8', this.length);
    return performSync({ call: compareCall(this, comparison, operand, out), result: () => out });
  }

  /** A new vector of the elements for which the mask, a `uint8` vector of equal length, is not 0. Keeps their order. */
  async filter(mask: SharedArray<'uint8'>, options?: KernelOptions): Promise<SharedArray<DTypeOfCode<C>>> {
    requireMask(this, mask);
    const length = await perform({ call: filterCall(this, mask), result: ([count]) => Number(count) }, options);
    const out = this.#like(length);
    return perform({ call: filterCall(this, mask, out), result: () => out }, options);
  }
  /** As {@link filter}; blocks. */
  filterSync(mask: SharedArray<'uint8'>): SharedArray<DTypeOfCode<C>> {
    requireMask(this, mask);
    const out = this.#like(performSync({ call: filterCall(this, mask), result: ([count]) => Number(count) }));
    return performSync({ call: filterCall(this, mask, out), result: () => out });
  }

  /** A new vector of the elements at these indices. @throws {RangeError} for an index that is outside */
  gather(indices: IndexVector, options?: KernelOptions): Promise<SharedArray<DTypeOfCode<C>>> {
    const { call, out } = this.#gather(indices);
    return perform({ call, result: () => out }, options);
  }
  /** As {@link gather}; blocks. */
  gatherSync(indices: IndexVector): SharedArray<DTypeOfCode<C>> {
    const { call, out } = this.#gather(indices);
    return performSync({ call, result: () => out });
  }

  /**
   * Sets the elements at these indices. Of several values for one index any may stay.
   * @throws {RangeError} for an index that is outside; nothing is set then
   */
  scatter(indices: IndexVector, values: SharedArray<C>, options?: KernelOptions): Promise<this> {
    return perform({ call: this.#scatter(indices, values), result: () => this }, options);
  }
  /** As {@link scatter}; blocks. */
  scatterSync(indices: IndexVector, values: SharedArray<C>): this {
    return performSync({ call: this.#scatter(indices, values), result: () => this });
  }

  /** Sets every element from `start` to before `end`; of a long range, all threads do. */
  override fill(value: ElementLike<DTypeOfCode<C>>, start?: number, end?: number): this {
    const call = fillCall(this, value, start, end);
    return call === undefined ? super.fill(value, start, end) : performSync({ call, result: () => this });
  }

  /** Copies all elements of a vector of equal length, converted as typed arrays convert them. */
  copyFrom(source: SharedArray<DType>, options?: KernelOptions): Promise<this> {
    return perform({ call: this.#copy(source), result: () => this }, options);
  }
  /** As {@link copyFrom}; blocks. */
  copyFromSync(source: SharedArray<DType>): this {
    return performSync({ call: this.#copy(source), result: () => this });
  }

  /**
   * The product of two matrices of floats that lie row by row, as a new vector.
   * @param shape numbers of rows of this one, of its columns, and of the other one's columns; what is left out follows from the lengths
   * @throws {TypeError | RangeError} for types or lengths that do not fit
   */
  matmul(other: SharedArray<C>, shape?: Shape, options?: KernelOptions): Promise<SharedArray<DTypeOfCode<C>>> {
    const { call, out } = this.#matmul(other, shape);
    return perform({ call, result: () => out }, options);
  }
  /** As {@link matmul}; blocks. */
  matmulSync(other: SharedArray<C>, shape?: Shape): SharedArray<DTypeOfCode<C>> {
    const { call, out } = this.#matmul(other, shape);
    return performSync({ call, result: () => out });
  }

  /**
   * A new vector of the hashes of all rows of so many elements, of which the last one may be shorter; by all threads. Of
   * `sha256` 32 bytes for each row.
   */
  hashRows<A extends HashAlgorithm>(
    algorithm: A,
    rowLength: number,
    options: SeedOptions = {},
  ): Promise<SharedArray<DigestType<A>>> {
    const { call, out } = this.#hashRows(algorithm, rowLength, options);
    return perform({ call, result: () => out as SharedArray<DigestType<A>> }, options);
  }
  /** As {@link hashRows}; blocks. */
  hashRowsSync<A extends HashAlgorithm>(
    algorithm: A,
    rowLength: number,
    options: Omit<SeedOptions, 'signal'> = {},
  ): SharedArray<DigestType<A>> {
    const { call, out } = this.#hashRows(algorithm, rowLength, options);
    return performSync({ call, result: () => out as SharedArray<DigestType<A>> });
  }

  /** A new vector of this one's type. Nobody needs a lock for what nobody else knows yet, so it has none. */
  #like(length = this.length): SharedArray<DTypeOfCode<C>> {
    return new SharedArray<DTypeOfCode<C>>(this.dtype, length, { lock: false });
  }

  #call(kernel: string, out: Any, ...others: readonly Any[]): Call {
    return { kernel, inputs: [this, ...others].map(placeOf), outputs: [placeOf(out)] };
  }

  async #bounds(signal: AbortSignal | undefined): Promise<readonly ElementOf<DTypeOfCode<C>>[]> {
    return this.length === 0 ? [] : Promise.all([this.min({ signal }), this.max({ signal })]);
  }

  #map(op: unknown, operand: unknown, options: { readonly out?: Any | undefined }): { call: Call; out: Any } {
    const { length } = this;
    const out = options.out === undefined ? this.#like() : (requireVector('out', options.out, { length }) as Any);
    if (Array.isArray(op)) {
      if (operand !== undefined) {
        throw new TypeError(`operand must be left out where op is steps, got ${shown(operand)}`);
      }
      return { call: mapCall(this, op as unknown[], out), out };
    }
    const operands = operand === undefined ? [] : Array.isArray(operand) ? (operand as unknown[]) : [operand];
    return { call: mapCall(this, [[op, ...operands]], out), out };
  }

  #hashRows(algorithm: unknown, rowLength: unknown, options: SeedOptions): { call: Call; out: Any } {
    const { dtype, length } = rowsOf(this, algorithm, rowLength);
    const out = new SharedArray(dtype, length, { lock: false });
    return { call: hashRowsCall(this, algorithm, rowLength, options, out), out };
  }

  #gather(indices: unknown): { call: Call; out: SharedArray<DTypeOfCode<C>> } {
    const places = requireIndices(indices);
    const out = this.#like(places.length);
    return { call: this.#call('gather', out, places as Any), out };
  }

  #scatter(indices: unknown, values: unknown): Call {
    const places = requireIndices(indices);
    const given = requireVector('values', values, { dtype: this.dtype, length: places.length });
    return { kernel: 'scatter', inputs: [placeOf(given), placeOf(places)], outputs: [placeOf(this)] };
  }

  #copy(source: unknown): Call {
    const given = requireVector('source', source, { length: this.length });
    return { kernel: 'copy', inputs: [placeOf(given)], outputs: [placeOf(this)] };
  }

  #matmul(other: unknown, shape: Shape = {}): { call: Call; out: SharedArray<DTypeOfCode<C>> } {
    const { rows, inner, columns } = productShape(this, other, shape);
    const out = this.#like(rows * columns);
    return { call: { ...this.#call('matmul', out, other as Any), numbers: [rows, inner, columns].map(BigInt) }, out };
  }
}

registerSharedObject('SharedArray', Kind.array, SharedArray, () => new SharedArray<DType>('float64', 0));
