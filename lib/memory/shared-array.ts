import { inspect } from 'node:util';
import { ProcessError } from '../base/errors.js';
import { native } from '../binding/native.js';
import { registerHandleType } from '../base/handle.js';
import { attachedBuffer } from './attached-buffer.js';
import { dtypes, parseDType, type DType, type ElementOf, type TypeCode, type ViewOf } from './dtype.js';

type Constructor = new (buffer: ArrayBuffer, byteOffset: number, length: number) => ViewOf<DType>;

type DTypeOfCode<C extends DType | TypeCode> = C extends DType
  ? C
  : C extends 'b'
    ? 'int8'
    : C extends 'B'
      ? 'uint8'
      : C extends 'h'
        ? 'int16'
        : C extends 'H'
          ? 'uint16'
          : C extends 'i'
            ? 'int32'
            : C extends 'I'
              ? 'uint32'
              : C extends 'l' | 'q'
                ? 'int64'
                : C extends 'L' | 'Q'
                  ? 'uint64'
                  : C extends 'f'
                    ? 'float32'
                    : 'float64';

interface Handle {
  readonly segment: number;
  readonly dtype: DType;
  readonly length: number;
}

/**
 * A vector of numbers in shared memory: `multiprocessing.Array`.
 *
 * Passed to a worker it arrives as a live handle on the same memory, at a cost that does not depend on its length.
 * `view` is that memory; writes are seen by every holder at once. The memory is freed with its last handle.
 *
 * @example
 * const squares = new SharedArray('float64', 1_000_000);
 * await pool.map((x) => x * x, numbers, { out: squares });
 */
export class SharedArray<C extends DType | TypeCode = 'float64'> implements Iterable<ElementOf<DTypeOfCode<C>>> {
  readonly dtype: DTypeOfCode<C>;
  /** The shared memory itself. */
  readonly view: ViewOf<DTypeOfCode<C>>;
  /** Number of the segment: what travels instead of the memory. */
  readonly #segment: number;

  /**
   * @param dtype type of the elements, or Python's code for it
   * @param lengthOrValues number of elements, all zero at first, or their values
   * @throws {TypeError} for an unknown `dtype`
   * @throws {RangeError} for a length that is not an integer of at least 0
   * @throws {ProcessError} when there is no memory left
   */
  constructor(dtype: C, lengthOrValues: number | Iterable<ElementOf<DTypeOfCode<C>>>) {
    this.dtype = parseDType(dtype) as DTypeOfCode<C>;
    if (pending !== undefined) {
      this.#segment = pending.segment;
      this.view = viewOf(this.dtype, pending.segment, pending.length, false);
      return;
    }
    const values = typeof lengthOrValues === 'number' ? undefined : Array.from(lengthOrValues);
    const length = values?.length ?? (lengthOrValues as number);
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new RangeError(`length must be an integer of at least 0, got ${String(length)}`);
    }
    const bytes = length * dtypes[this.dtype].BYTES_PER_ELEMENT;
    this.#segment = native.createSegment(bytes);
    if (this.#segment === 0) throw new ProcessError(`No shared memory left for ${bytes} bytes`);
    this.view = viewOf(this.dtype, this.#segment, length, true);
    if (values !== undefined) (this.view as { set(values: ArrayLike<unknown>): void }).set(values);
  }

  /** Number of elements. */
  get length(): number {
    return this.view.length;
  }

  /** The element at an index; a negative one counts from the end. Undefined outside. */
  at(index: number): ElementOf<DTypeOfCode<C>> | undefined {
    return this.view.at(index) as ElementOf<DTypeOfCode<C>> | undefined;
  }

  /**
   * Sets one element; a negative index counts from the end.
   * @throws {RangeError} outside of the vector
   */
  set(index: number, value: ElementOf<DTypeOfCode<C>>): void {
    const at = index < 0 ? index + this.length : index;
    if (!Number.isInteger(at) || at < 0 || at >= this.length) {
      throw new RangeError(`index must be an integer from ${-this.length} to ${this.length - 1}, got ${index}`);
    }
    (this.view as unknown as { [index: number]: unknown })[at] = value;
  }

  /** A copy of a part, as an ordinary typed array. */
  slice(start?: number, end?: number): ViewOf<DTypeOfCode<C>> {
    // A typed array's own slice would allocate by species; its elements are copied to memory of this thread.
    return this.view.slice(start, end) as ViewOf<DTypeOfCode<C>>;
  }

  /** Sets every element from `start` to before `end`. */
  fill(value: ElementOf<DTypeOfCode<C>>, start?: number, end?: number): this {
    (this.view as { fill(value: unknown, start?: number, end?: number): unknown }).fill(value, start, end);
    return this;
  }

  [Symbol.iterator](): Iterator<ElementOf<DTypeOfCode<C>>> {
    return this.view[Symbol.iterator]() as Iterator<ElementOf<DTypeOfCode<C>>>;
  }

  [inspect.custom](_depth: number, options: object): string {
    return `SharedArray ${inspect(this.view, options)}`;
  }

  /** @internal */
  static handleOf(array: SharedArray<DType>): Handle {
    return { segment: array.#segment, dtype: array.dtype, length: array.length };
  }
}

/** Set while a handle becomes an object again, so that the constructor attaches instead of allocating. */
let pending: Handle | undefined;

function attach(handle: Handle): SharedArray<DType> {
  pending = handle;
  try {
    return new SharedArray(handle.dtype, handle.length);
  } finally {
    pending = undefined;
  }
}

function viewOf<D extends DType>(dtype: D, segment: number, length: number, fresh: boolean): ViewOf<D> {
  const type = dtypes[dtype] as unknown as Constructor;
  const bytes = length * dtypes[dtype].BYTES_PER_ELEMENT;
  const buffer = fresh ? native.adoptSegment(segment, bytes) : attachedBuffer(segment, bytes);
  return new type(buffer, 0, length) as ViewOf<D>;
}

registerHandleType<SharedArray<DType>>({
  name: 'SharedArray',
  type: SharedArray,
  toHandle: (array) => SharedArray.handleOf(array),
  fromHandle: (data) => attach(data as Handle),
  hold: (data) => void native.retainSegment((data as Handle).segment),
  release: (data) => native.releaseSegment((data as Handle).segment),
});
