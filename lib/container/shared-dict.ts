import { inspect, types } from 'node:util';
import { requireFunction, shown } from '../base/validate.js';
import { Kind, Outcome } from '../heap/outcome.js';
import { agent } from '../heap/program.js';
import { registerSharedObject, SharedObject } from '../heap/shared-object.js';
import { received } from '../transport/shared-value.js';
import { backOff } from './back-off.js';
import { entryBatchOf } from './batch.js';
import {
  absent,
  clearEntries,
  countEntries,
  deleteEntry,
  entriesOf,
  getEntry,
  hasEntry,
  keysOf,
  popEntry,
  setAbsentEntry,
  setEntry,
  tryChange,
  valuesOf,
} from './entries.js';
import { pairsOf, type Entries } from './iterables.js';
import { keyAt } from './key.js';
import { refusal, requireDone } from './refusal.js';

const WHAT = 'dict';

/**
 * A dictionary in shared memory: `multiprocessing.Manager().dict()`. Made by `manager.dict()`, or on its own.
 *
 * Values are copied in and out: to change one, set it again, or use {@link mutate}. A shared object in it stays the same
 * object for all. Each operation happens at one moment for every thread; those on different keys seldom meet. Entries
 * keep the order in which their keys were first set.
 *
 * A key is anything that can be copied, of up to 8 KiB, and is the same as another when it is equal in content. Objects
 * are when their properties come in the same order.
 *
 * Every method throws {@link ManagerClosedError} once its manager was shut down; those that store also
 * {@link SerializationError} for what cannot be copied and {@link HeapFullError}, and then have changed nothing.
 */
export class SharedDict<K = unknown, V = unknown> extends SharedObject implements Iterable<[K, V]> {
  readonly #dict: number;

  /** @throws {TypeError} for what is neither an object nor an iterable of pairs */
  constructor(entries?: Entries<K, V>) {
    const first = entries === undefined ? undefined : pairsOf('entries', entries);
    super((manager) => agent.createDict(manager));
    this.#dict = SharedObject.offsetOf(this);
    if (first === undefined || first.length === 0) return;
    try {
      this.update(first as readonly (readonly [K, V])[]);
    } catch (error) {
      SharedObject.release(this);
      throw error;
    }
  }

  /** Number of entries. */
  get size(): number {
    return countEntries(this.#dict, WHAT);
  }

  /** The value of a key; without such a key `fallback`, or undefined. */
  get(key: K): V | undefined;
  get<F>(key: K, fallback: F): V | F;
  get(key: K, fallback?: unknown): unknown {
    const value = getEntry(this.#dict, key, WHAT);
    return value === absent ? fallback : value;
  }

  /** Sets a value, whether there was such a key or not. @returns this dict */
  set(key: K, value: V): this {
    setEntry(this.#dict, key, value, WHAT);
    return this;
  }

  /** Whether there is such a key. */
  has(key: K): boolean {
    return hasEntry(this.#dict, key, WHAT);
  }

  /** @returns whether there was such a key */
  delete(key: K): boolean {
    return deleteEntry(this.#dict, key, WHAT);
  }

  /** Takes an entry out and gives its value; without such a key `fallback`, or undefined. */
  pop(key: K): V | undefined;
  pop<F>(key: K, fallback: F): V | F;
  pop(key: K, fallback?: unknown): unknown {
    const value = popEntry(this.#dict, key, WHAT);
    return value === absent ? fallback : value;
  }

  /** Takes the entry out whose key was set last; undefined when there is none. */
  popItem(): [K, V] | undefined {
    const outcome = agent.dictPopItem(this.#dict);
    if (outcome === Outcome.notPresent) return undefined;
    if (outcome !== Outcome.done) throw refusal(outcome, WHAT);
    const value = received(false) as V;
    const key = keyAt(0) as K;
    agent.releaseSnapshot();
    return [key, value];
  }

  /** The value of a key, which is set to `value` first unless it exists. */
  setDefault(key: K, value: V): V {
    const existing = setAbsentEntry(this.#dict, key, value, WHAT);
    return existing === absent ? value : (existing as V);
  }

  /** Sets all of them at once. @throws {TypeError} for what is neither an object nor an iterable of pairs */
  update(entries: Entries<K, V>): void {
    entryBatchOf(pairsOf('entries', entries), 'entries');
    requireDone(agent.dictSetMany(this.#dict), WHAT);
    agent.clearBatch();
  }

  /**
   * Reads a value and replaces it by what `fn` makes of it, in one step. If somebody else sets the key meanwhile, `fn` is
   * called again with the new value: it should do nothing but compute. What it throws leaves the entry as it is.
   * @param fn is given undefined for a key that does not exist; must not set the key itself
   * @returns the new value
   * @throws {TypeError} when `fn` is asynchronous
   */
  mutate(key: K, fn: (value: V | undefined) => V): V {
    requireFunction('fn', fn);
    let next: V | undefined;
    const change = (value: unknown): unknown => {
      next = fn(value === absent ? undefined : (value as V));
      if (types.isPromise(next)) {
        next.catch(() => {});
        throw new TypeError('fn must not be asynchronous: nothing may come between reading and setting the value');
      }
      return next;
    };
    for (let attempt = 0; !tryChange(this.#dict, key, change, WHAT); attempt++) backOff(attempt);
    return next as V;
  }

  /**
   * Adds to a number in one step; a key that does not exist counts as 0.
   * @returns the sum
   * @throws {TypeError} when the value is no number, or a bigint meets a number
   */
  increment(key: K, by: bigint): bigint;
  increment(key: K, by?: number): V extends bigint ? bigint : number;
  increment(key: K, by?: number | bigint): number | bigint {
    if (by !== undefined && typeof by !== 'number' && typeof by !== 'bigint') {
      throw new TypeError(`by must be a number or a bigint, got ${shown(by)}`);
    }
    let sum: number | bigint = 0;
    const change = (value: unknown): number | bigint => (sum = added(value, by, key));
    for (let attempt = 0; !tryChange(this.#dict, key, change, WHAT); attempt++) backOff(attempt);
    return sum;
  }

  /** Removes all entries. */
  clear(): void {
    clearEntries(this.#dict, WHAT);
  }

  /** A copy of the keys, as they were at one moment; likewise {@link values} and {@link entries}. */
  keys(): K[] {
    return keysOf(this.#dict, WHAT);
  }

  /** A copy of the values, in the order of the keys. */
  values(): V[] {
    return valuesOf(this.#dict, WHAT);
  }

  /** A copy of the pairs of key and value. */
  entries(): [K, V][] {
    return entriesOf(this.#dict, WHAT);
  }

  /** Over the entries as they are now; later changes do not show. */
  [Symbol.iterator](): ArrayIterator<[K, V]> {
    return this.entries()[Symbol.iterator]();
  }

  /** A copy as a plain object; keys that are no strings become strings. */
  toObject(): Record<string, V> {
    return Object.fromEntries(this.entries().map(([key, value]) => [String(key), value]));
  }

  /** What `JSON.stringify` writes: as {@link toObject}. */
  toJSON(): Record<string, V> {
    return this.toObject();
  }

  [inspect.custom](depth: number, options: object): string {
    if (agent.isClosed(this.#dict) !== 0) return 'SharedDict (shut down)';
    return `SharedDict ${depth < 0 ? '[Map]' : inspect(new Map(this.entries()), { ...options, depth })}`;
  }
}

function added(value: unknown, by: number | bigint | undefined, key: unknown): number | bigint {
  if (value === absent) return by ?? 1;
  if (typeof value === 'number' && typeof by !== 'bigint') return value + (by ?? 1);
  if (typeof value === 'bigint' && typeof by !== 'number') return value + (by ?? 1n);
  const wanted = by === undefined ? 'number or a bigint' : typeof by;
  throw new TypeError(`The value of ${shown(key)} must be a ${wanted} to be incremented, got ${shown(value)}`);
}

registerSharedObject('SharedDict', Kind.dict, SharedDict, () => new SharedDict());
