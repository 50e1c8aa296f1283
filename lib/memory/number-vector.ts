import { inspect } from 'node:util';
import { ProcessError } from '../base/errors.js';
import { shown } from '../base/validate.js';
import { native } from '../binding/native.js';
import { agent, exchange } from '../heap/program.js';
import { newSegment } from '../heap/segment.js';
import { SharedObject } from '../heap/shared-object.js';
import { lockAt } from '../sync/lock-at.js';
import type { Lock, RLock } from '../sync/lock.js';
import { attachedBuffer } from './attached-buffer.js';
import {
  dtypeNames,
  dtypeOf,
  dtypes,
  parseDType,
  type DType,
  type DTypeOfCode,
  type ElementLike,
  type ElementOf,
  type TypeCode,
  type ViewOf,
} from './dtype.js';
import { isBig, toElement } from './element.js';
import { lockOf, offsetOfLock, type LockOption } from './numbers-lock.js';

type Constructor = new (buffer: ArrayBuffer, byteOffset: number, length: number) => ViewOf<DType>;

/** Options of numbers in shared memory. */
export interface NumbersOptions {
  /** What `getLock` gives. Default: a new {@link RLock}. */
  readonly lock?: LockOption | undefined;
}

/** The memory of a {@link SharedArray}, and access to its elements. */
export abstract class NumberVector<C extends DType | TypeCode = 'float64'>
  extends SharedObject
  implements Iterable<ElementOf<DTypeOfCode<C>>>
{
  /** Type of the elements, by its name even if Python's code was given. */
  readonly dtype: DTypeOfCode<C>;
  /** The shared memory itself. */
  readonly view: ViewOf<DTypeOfCode<C>>;
  readonly #segment: number;
  readonly #lockOffset: number;
  #lock: Lock | RLock | undefined;

  /**
   * @param dtype type of the elements, or Python's code for it
   * @param lengthOrValues number of elements, all zero at first, or their values
   * @throws {TypeError} for an unknown `dtype` or a `lock` that is none
   * @throws {RangeError} for a length that is not an integer of at least 0
   * @throws {HeapFullError} when there is no shared memory left
   */
  constructor(dtype: C, lengthOrValues: number | Iterable<ElementLike<DTypeOfCode<C>>>, options: NumbersOptions = {}) {
    const fresh = SharedObject.attaching ? undefined : prepare(dtype, lengthOrValues, options);
    super((manager) => {
      const { dtype: type, length, segment, lock } = fresh!;
      const object = agent.createNumbers(dtypeNames.indexOf(type), length, segment, offsetOfLock(lock), manager);
      if (object === 0) native.releaseSegment(segment);
      return object;
    });
    agent.numbersState(SharedObject.offsetOf(this));
    const [number = 0, length = 0, segment = 0, lockOffset = 0] = exchange.control;
    this.dtype = dtypeNames[number] as DTypeOfCode<C>;
    this.view = viewOf(this.dtype, segment, length, fresh !== undefined);
    this.#segment = segment;
    this.#lock = fresh?.lock;
    this.#lockOffset = lockOffset;
    const values = fresh?.values;
    if (values !== undefined) (this.view as { set(elements: ArrayLike<unknown>): void }).set(values);
  }

  /** The lock that belongs to the vector; it is not taken by single accesses. @throws {ProcessError} made without one */
  getLock(): Lock | RLock {
    if (this.#lockOffset === 0) throw new ProcessError('This SharedArray was made with lock: false');
    return (this.#lock ??= lockAt(this.#lockOffset));
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
   * @throws {TypeError} for a value of another type
   */
  set(index: number, value: ElementLike<DTypeOfCode<C>>): void {
    const element = toElement(this.dtype, 'value', value);
    const at = index < 0 ? index + this.length : index;
    if (!Number.isInteger(at) || at < 0 || at >= this.length) {
      throw new RangeError(`index must be an integer from ${-this.length} to ${this.length - 1}, got ${index}`);
    }
    (this.view as unknown as { [index: number]: unknown })[at] = element;
  }

  /** A copy of a part, as an ordinary typed array. */
  slice(start?: number, end?: number): ViewOf<DTypeOfCode<C>> {
    // A typed array's own slice would allocate by species; its elements are copied to memory of this thread.
    return this.view.slice(start, end) as ViewOf<DTypeOfCode<C>>;
  }

  /** Sets every element from `start` to before `end`. @throws {TypeError} for what a typed array of this type does not take */
  fill(value: ElementLike<DTypeOfCode<C>>, start?: number, end?: number): this {
    const element = isBig(this.dtype) ? toElement(this.dtype, 'value', value) : value;
    (this.view as { fill(value: unknown, start?: number, end?: number): unknown }).fill(element, start, end);
    return this;
  }

  /** Over the elements, each read when the loop comes to it. */
  [Symbol.iterator](): Iterator<ElementOf<DTypeOfCode<C>>> {
    return this.view[Symbol.iterator]() as Iterator<ElementOf<DTypeOfCode<C>>>;
  }

  [inspect.custom](_depth: number, options: object): string {
    return `SharedArray ${inspect(this.view, options)}`;
  }

  /** @internal Where its elements are. */
  static placeOf(vector: NumberVector<DType>): Place {
    return { segment: vector.#segment, dtype: vector.dtype, length: vector.length };
  }
}

export interface Place {
  readonly segment: number;
  readonly dtype: DType;
  readonly length: number;
}

interface Fresh {
  readonly dtype: DType;
  readonly length: number;
  readonly segment: number;
  readonly lock: Lock | RLock | undefined;
  readonly values: ArrayLike<unknown> | undefined;
}

function prepare(code: string, lengthOrValues: number | Iterable<unknown>, options: NumbersOptions): Fresh {
  const dtype = parseDType(code);
  const values = typeof lengthOrValues === 'number' ? undefined : valuesOf(dtype, lengthOrValues);
  const length = values?.length ?? (lengthOrValues as number);
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new RangeError(`length must be an integer of at least 0, got ${String(length)}`);
  }
  const lock = lockOf(options);
  const bytes = length * dtypes[dtype].BYTES_PER_ELEMENT;
  return { dtype, length, segment: newSegment(bytes, false, true), lock, values };
}

/** @throws {TypeError} when something in it is no element */
function valuesOf(dtype: DType, source: unknown): ArrayLike<unknown> {
  if (source instanceof NumberVector) return valuesOf(dtype, source.view);
  if (ArrayBuffer.isView(source)) {
    const own = dtypeOf(source);
    if (own !== undefined && isBig(own) === isBig(dtype)) return source as ViewOf<DType>;
  }
  if (typeof (source as Partial<Iterable<unknown>> | null | undefined)?.[Symbol.iterator] !== 'function') {
    throw new TypeError(`lengthOrValues must be a number or an iterable, got ${shown(source)}`);
  }
  return Array.from(source as Iterable<unknown>, (value, i) => toElement(dtype, `values[${i}]`, value));
}

function viewOf<D extends DType>(dtype: D, segment: number, length: number, fresh: boolean): ViewOf<D> {
  const type = dtypes[dtype] as unknown as Constructor;
  const bytes = length * dtypes[dtype].BYTES_PER_ELEMENT;
  // The object is one holder of the segment, the buffer another.
  const buffer = (fresh ? native.attachSegment(segment, bytes) : undefined) ?? attachedBuffer(segment, bytes);
  return new type(buffer, 0, length) as ViewOf<D>;
}
