import { inspect } from 'node:util';
import { ProcessError } from '../base/errors.js';
import { shown } from '../base/validate.js';
import { Kind, NUMBER_AT } from '../heap/outcome.js';
import { agent, exchange, windowOf } from '../heap/program.js';
import { registerSharedObject, SharedObject } from '../heap/shared-object.js';
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
import { lockAt, lockOf, offsetOfLock } from './numbers-lock.js';
import type { NumbersOptions } from './shared-array.js';

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
  readonly dtype: DTypeOfCode<C>;
  readonly #number: NumericArray;
  readonly #isInteger: boolean;
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
    const lock = attaching ? undefined : lockOf(options.lock);
    super((manager) => agent.createNumbers(dtypeNames.indexOf(type), 1, 0, offsetOfLock(lock), manager));
    const offset = SharedObject.offsetOf(this);
    agent.numbersState(offset);
    const [number = 0, , , lockOffset = 0] = exchange.control;
    const { buffer, at } = windowOf(offset);
    this.dtype = dtypeNames[number] as DTypeOfCode<C>;
    this.#number = new (dtypes[this.dtype] as unknown as Constructor)(buffer, at + NUMBER_AT, 1);
    this.#isInteger = !(this.dtype as string).startsWith('float');
    this.#lock = lock;
    this.#lockOffset = lockOffset;
    if (!attaching && init !== undefined) this.value = init;
  }

  get value(): ElementOf<DTypeOfCode<C>> {
    if (this.#isInteger) return Atomics.load(this.#number as Int32Array, 0) as unknown as ElementOf<DTypeOfCode<C>>;
    return this.#number[0] as ElementOf<DTypeOfCode<C>>;
  }

  /** @throws {TypeError} for a value of another type: a bigint for `int64` and `uint64`, a number for the others */
  set value(value: ElementOf<DTypeOfCode<C>>) {
    requireElement(this.dtype, 'value', value);
    if (this.#isInteger) Atomics.store(this.#number as Int32Array, 0, value as number);
    else this.#number[0] = value;
  }

  /** Adds in one step. @returns what the value was before */
  add(by: ElementOf<DTypeOfCode<C>>): ElementOf<DTypeOfCode<C>> {
    requireElement(this.dtype, 'by', by);
    if (this.#isInteger) return Atomics.add(this.#number as Int32Array, 0, by as number) as ElementOf<DTypeOfCode<C>>;
    return this.#change((before) => (before as number) + (by as number));
  }

  /** Subtracts in one step. @returns what the value was before */
  sub(by: ElementOf<DTypeOfCode<C>>): ElementOf<DTypeOfCode<C>> {
    requireElement(this.dtype, 'by', by);
    if (this.#isInteger) return Atomics.sub(this.#number as Int32Array, 0, by as number) as ElementOf<DTypeOfCode<C>>;
    return this.#change((before) => (before as number) - (by as number));
  }

  /** Sets it in one step. @returns what the value was before */
  exchange(value: ElementOf<DTypeOfCode<C>>): ElementOf<DTypeOfCode<C>> {
    requireElement(this.dtype, 'value', value);
    if (this.#isInteger) {
      return Atomics.exchange(this.#number as Int32Array, 0, value as number) as ElementOf<DTypeOfCode<C>>;
    }
    return this.#change(() => value as number);
  }

  /** Sets it in one step if it is `expected`. @returns what the value was before: `expected`, if it was set */
  compareExchange(
    expected: ElementOf<DTypeOfCode<C>>,
    value: ElementOf<DTypeOfCode<C>>,
  ): ElementOf<DTypeOfCode<C>> {
    requireElement(this.dtype, 'expected', expected);
    requireElement(this.dtype, 'value', value);
    if (this.#isInteger) {
      return Atomics.compareExchange(
        this.#number as Int32Array,
        0,
        expected as number,
        value as number,
      ) as ElementOf<DTypeOfCode<C>>;
    }
    return this.#change((before) => (Object.is(before, expected) ? (value as number) : (before as number)));
  }

  /** The lock that belongs to the value; single accesses do not take it. @throws {ProcessError} made without one */
  getLock(): Lock | RLock {
    if (this.#lockOffset === 0) throw new ProcessError('This Value was made with lock: false');
    return (this.#lock ??= lockAt(this.#lockOffset));
  }

  [inspect.custom](): string {
    return `Value(${this.dtype as string}) ${String(this.value)}`;
  }

  /**
   * A float changes by compare-and-swap on its bits. No lock is needed, so none can be left behind by somebody who dies.
   */
  #change(next: (before: number) => number): ElementOf<DTypeOfCode<C>> {
    const floats = this.#number as Float32Array | Float64Array;
    const { buffer, byteOffset } = floats;
    if (floats instanceof Float32Array) {
      const bits = new Int32Array(buffer, byteOffset, 1);
      const [number, pattern] = [new Float32Array(1), new Int32Array(1)];
      const scratch = new Int32Array(number.buffer);
      for (;;) {
        scratch[0] = pattern[0] = Atomics.load(bits, 0);
        const before = number[0]!;
        number[0] = next(before);
        if (Atomics.compareExchange(bits, 0, pattern[0]!, scratch[0]) === pattern[0]) {
          return before as ElementOf<DTypeOfCode<C>>;
        }
      }
    }
    const bits = new BigInt64Array(buffer, byteOffset, 1);
    const number = new Float64Array(1);
    const scratch = new BigInt64Array(number.buffer);
    for (;;) {
      const pattern = Atomics.load(bits, 0);
      scratch[0] = pattern;
      const before = number[0]!;
      number[0] = next(before);
      if (Atomics.compareExchange(bits, 0, pattern, scratch[0]) === pattern) return before as ElementOf<DTypeOfCode<C>>;
    }
  }
}

function requireElement(dtype: DType, name: string, value: unknown): void {
  const wanted = dtype === 'int64' || dtype === 'uint64' ? 'bigint' : 'number';
  if (typeof value !== wanted) throw new TypeError(`${name} must be a ${wanted} for ${dtype}, got ${shown(value)}`);
}

registerSharedObject('Value', Kind.value, Value, () => new Value<DType>('float64'));
