import { inspect } from 'node:util';
import { ProcessError } from '../base/errors.js';
import { Kind, NUMBER_AT } from '../heap/outcome.js';
import { agent, exchange, windowOf } from '../heap/program.js';
import { registerSharedObject, SharedObject } from '../heap/shared-object.js';
import { lockAt } from '../sync/lock-at.js';
import type { Lock, RLock } from '../sync/lock.js';
import {
  dtypeNames,
  dtypes,
  parseDType,
  type DType,
  type DTypeOfCode,
  type ElementLike,
  type ElementOf,
  type NumericArray,
  type TypeCode,
} from './dtype.js';
import { toElement } from './element.js';
import { FloatCell } from './float-cell.js';
import { lockOf, offsetOfLock } from './numbers-lock.js';
import type { NumbersOptions } from './number-vector.js';

type Constructor = new (buffer: ArrayBuffer, byteOffset: number, length: number) => NumericArray;

/**
 * One number in shared memory: `multiprocessing.Value`.
 *
 * Reading and writing `value` is atomic; `value.value += 1` is two steps, as in Python. `add`, `sub`, `exchange` and
 * `compareExchange` are one: by the processor for integers, by compare-and-swap of their bits for floats. Integers wrap around.
 *
 * @example
 * const counter = new Value('int32', 0);
 * await pool.map(() => void counter.add(1), Array(100));
 */
export class Value<C extends DType | TypeCode = 'float64'> extends SharedObject {
  /** Type of the number, by its name even if Python's code was given. */
  readonly dtype: DTypeOfCode<C>;
  readonly #number: NumericArray;
  /** Of a float. */
  readonly #cell: FloatCell | undefined;
  readonly #lockOffset: number;
  #lock: Lock | RLock | undefined;

  /**
   * @param dtype type of the number, or Python's code for it; `int64` and `uint64` are bigints, and take safe integers
   * @param init its value at first; default 0
   * @throws {TypeError} for an unknown `dtype`, an `init` of another type, or a `lock` that is none
   * @throws {HeapFullError} when there is no shared memory left
   */
  constructor(dtype: C, init?: ElementLike<DTypeOfCode<C>>, options: NumbersOptions = {}) {
    const type = parseDType(dtype);
    const attaching = SharedObject.attaching;
    const first = attaching || init === undefined ? undefined : toElement(type, 'init', init);
    const lock = attaching ? undefined : lockOf(options);
    super((manager) => agent.createNumbers(dtypeNames.indexOf(type), 1, 0, offsetOfLock(lock), manager));
    const offset = SharedObject.offsetOf(this);
    agent.numbersState(offset);
    const [typeNumber = 0, , , lockOffset = 0] = exchange.control;
    const { buffer, at } = windowOf(offset);
    this.dtype = dtypeNames[typeNumber] as DTypeOfCode<C>;
    const number = new (dtypes[this.dtype] as unknown as Constructor)(buffer, at + NUMBER_AT, 1);
    this.#number = number;
    this.#cell = number instanceof Float32Array || number instanceof Float64Array ? new FloatCell(number) : undefined;
    this.#lock = lock;
    this.#lockOffset = lockOffset;
    if (first !== undefined) this.#set(first);
  }

  /** The number itself, read and written in one step each. */
  get value(): ElementOf<DTypeOfCode<C>> {
    const before = this.#cell === undefined ? Atomics.load(this.#number as Int32Array, 0) : this.#number[0]!;
    return before as ElementOf<DTypeOfCode<C>>;
  }

  /**
   * @throws {TypeError} for what is no element of the type: a bigint or a safe integer for `int64` and `uint64`, an integer for
   * other integers
   */
  set value(value: ElementLike<DTypeOfCode<C>>) {
    this.#set(toElement(this.dtype, 'value', value));
  }

  /** Adds in one step. @returns what the value was before */
  add(by: ElementLike<DTypeOfCode<C>>): ElementOf<DTypeOfCode<C>> {
    const element = toElement(this.dtype, 'by', by) as number;
    const before = this.#cell?.add(element) ?? Atomics.add(this.#number as Int32Array, 0, element);
    return before as ElementOf<DTypeOfCode<C>>;
  }

  /** Subtracts in one step. @returns what the value was before */
  sub(by: ElementLike<DTypeOfCode<C>>): ElementOf<DTypeOfCode<C>> {
    const element = toElement(this.dtype, 'by', by) as number;
    const before = this.#cell?.add(-element) ?? Atomics.sub(this.#number as Int32Array, 0, element);
    return before as ElementOf<DTypeOfCode<C>>;
  }

  /** Sets it in one step. @returns what the value was before */
  exchange(value: ElementLike<DTypeOfCode<C>>): ElementOf<DTypeOfCode<C>> {
    const next = toElement(this.dtype, 'value', value) as number;
    const before = this.#cell?.exchange(next) ?? Atomics.exchange(this.#number as Int32Array, 0, next);
    return before as ElementOf<DTypeOfCode<C>>;
  }

  /** Sets it in one step if it is `expected`. @returns what the value was before: `expected`, if it was set */
  compareExchange(
    expected: ElementLike<DTypeOfCode<C>>,
    value: ElementLike<DTypeOfCode<C>>,
  ): ElementOf<DTypeOfCode<C>> {
    const wanted = toElement(this.dtype, 'expected', expected) as number;
    const next = toElement(this.dtype, 'value', value) as number;
    const before =
      this.#cell?.compareExchange(wanted, next) ?? Atomics.compareExchange(this.#number as Int32Array, 0, wanted, next);
    return before as ElementOf<DTypeOfCode<C>>;
  }

  /** The lock that belongs to the value; single accesses do not take it. @throws {ProcessError} made without one */
  getLock(): Lock | RLock {
    if (this.#lockOffset === 0) throw new ProcessError('This Value was made with lock: false');
    return (this.#lock ??= lockAt(this.#lockOffset));
  }

  #set(element: number | bigint): void {
    if (this.#cell === undefined) Atomics.store(this.#number as Int32Array, 0, element as number);
    else this.#number[0] = element;
  }

  [inspect.custom](): string {
    return `Value(${this.dtype as string}) ${String(this.value)}`;
  }
}

registerSharedObject('Value', Kind.value, Value, () => new Value<DType>('float64'));
