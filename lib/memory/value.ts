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
  type ElementOf,
  type NumericArray,
  type TypeCode,
} from './dtype.js';
import { requireElement } from './element.js';
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
   * @param dtype type of the number, or Python's code for it; `int64` and `uint64` are bigints
   * @param init its value at first; default 0
   * @throws {TypeError} for an unknown `dtype`, an `init` of another type, or a `lock` that is none
   * @throws {HeapFullError} when there is no shared memory left
   */
  constructor(dtype: C, init?: ElementOf<DTypeOfCode<C>>, options: NumbersOptions = {}) {
    const type = parseDType(dtype);
    const attaching = SharedObject.attaching;
    if (!attaching && init !== undefined) requireElement(type, 'init', init);
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
    if (!attaching && init !== undefined) this.value = init;
  }

  /** The number itself, read and written in one step each. */
  get value(): ElementOf<DTypeOfCode<C>> {
    const before = this.#cell === undefined ? Atomics.load(this.#number as Int32Array, 0) : this.#number[0]!;
    return before as ElementOf<DTypeOfCode<C>>;
  }

  /** @throws {TypeError} for a value of another type: a bigint for `int64` and `uint64`, an integer for other integers */
  set value(value: ElementOf<DTypeOfCode<C>>) {
    requireElement(this.dtype, 'value', value);
    if (this.#cell === undefined) Atomics.store(this.#number as Int32Array, 0, value as number);
    else this.#number[0] = value;
  }

  /** Adds in one step. @returns what the value was before */
  add(by: ElementOf<DTypeOfCode<C>>): ElementOf<DTypeOfCode<C>> {
    requireElement(this.dtype, 'by', by);
    const before = this.#cell?.add(by as number) ?? Atomics.add(this.#number as Int32Array, 0, by as number);
    return before as ElementOf<DTypeOfCode<C>>;
  }

  /** Subtracts in one step. @returns what the value was before */
  sub(by: ElementOf<DTypeOfCode<C>>): ElementOf<DTypeOfCode<C>> {
    requireElement(this.dtype, 'by', by);
    const before = this.#cell?.add(-(by as number)) ?? Atomics.sub(this.#number as Int32Array, 0, by as number);
    return before as ElementOf<DTypeOfCode<C>>;
  }

  /** Sets it in one step. @returns what the value was before */
  exchange(value: ElementOf<DTypeOfCode<C>>): ElementOf<DTypeOfCode<C>> {
    requireElement(this.dtype, 'value', value);
    const before =
      this.#cell?.exchange(value as number) ?? Atomics.exchange(this.#number as Int32Array, 0, value as number);
    return before as ElementOf<DTypeOfCode<C>>;
  }

  /** Sets it in one step if it is `expected`. @returns what the value was before: `expected`, if it was set */
  compareExchange(expected: ElementOf<DTypeOfCode<C>>, value: ElementOf<DTypeOfCode<C>>): ElementOf<DTypeOfCode<C>> {
    requireElement(this.dtype, 'expected', expected);
    requireElement(this.dtype, 'value', value);
    const [wanted, next] = [expected as number, value as number];
    const before =
      this.#cell?.compareExchange(wanted, next) ?? Atomics.compareExchange(this.#number as Int32Array, 0, wanted, next);
    return before as ElementOf<DTypeOfCode<C>>;
  }

  /** The lock that belongs to the value; single accesses do not take it. @throws {ProcessError} made without one */
  getLock(): Lock | RLock {
    if (this.#lockOffset === 0) throw new ProcessError('This Value was made with lock: false');
    return (this.#lock ??= lockAt(this.#lockOffset));
  }

  [inspect.custom](): string {
    return `Value(${this.dtype as string}) ${String(this.value)}`;
  }
}

registerSharedObject('Value', Kind.value, Value, () => new Value<DType>('float64'));
