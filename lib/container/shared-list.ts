import { inspect } from 'node:util';
import { requireFunction, requireInteger, shown } from '../base/validate.js';
import { Kind, Outcome } from '../heap/outcome.js';
import { agent, exchange } from '../heap/program.js';
import { registerSharedObject, SharedObject } from '../heap/shared-object.js';
import { received, send, sentLinks, stage } from '../transport/shared-value.js';
import { backOff } from './back-off.js';
import { batchOf } from './batch.js';
import { isEqual } from './equal.js';
import { listOf } from './iterables.js';
import { orderOf, type Compare } from './order.js';
import { refusal, requireDone } from './refusal.js';

const WHAT = 'list';

/** A part of the list as it was at one moment. */
interface Picture<T> {
  readonly values: T[];
  /** Of the whole list; every change gives it another. */
  readonly version: number;
  /** Index of the first value. */
  readonly start: number;
}

/**
 * A list in shared memory: `multiprocessing.Manager().list()`. Made by `manager.list()`, or on its own.
 *
 * Values are copied in and out: to change one, set it again. A shared object in it stays the same object for all. Each
 * operation happens at one moment for every thread. Negative indices count from the end.
 *
 * Every method throws {@link ManagerClosedError} once its manager was shut down; those that store also
 * {@link SerializationError} for a value that cannot be copied and {@link HeapFullError}, and then have changed nothing.
 */
export class SharedList<T = unknown> extends SharedObject implements Iterable<T> {
  readonly #list: number;

  /** @throws {TypeError} for values that are not iterable */
  constructor(values?: Iterable<T>) {
    const first = values === undefined ? undefined : listOf('values', values);
    super((manager) => agent.createList(manager));
    this.#list = SharedObject.offsetOf(this);
    if (first === undefined || first.length === 0) return;
    try {
      this.extend(first);
    } catch (error) {
      SharedObject.release(this);
      throw error;
    }
  }

  /** Number of elements. */
  get length(): number {
    requireDone(agent.listLength(this.#list), WHAT);
    return exchange.control[0]!;
  }

  /** The element at an index, or undefined outside of the list. */
  at(index: number): T | undefined {
    requireIndex(index);
    const outcome = agent.listAt(this.#list, index);
    if (outcome === Outcome.done) return received(false) as T;
    if (outcome === Outcome.badIndex) return undefined;
    throw refusal(outcome, WHAT);
  }

  /** @throws {RangeError} outside of the list */
  set(index: number, value: T): void {
    requireIndex(index);
    const length = send(value, 'value');
    const outcome = agent.listSet(this.#list, index, length, sentLinks);
    if (outcome === Outcome.badIndex) throw outside(index);
    requireDone(outcome, WHAT);
  }

  /** Adds one element at the end. */
  append(value: T): void {
    const length = send(value, 'value');
    requireDone(agent.listAppend(this.#list, length, sentLinks), WHAT);
  }

  /** Appends all of them at once. @returns the length afterwards, to which others may have added */
  push(...values: T[]): number {
    if (values.length === 1) this.append(values[0]!);
    else this.extend(values);
    return this.length;
  }

  /** Appends all of them at once; nobody sees a part of them. */
  extend(values: Iterable<T>): void {
    batchOf(listOf('values', values), 'values');
    requireDone(agent.listExtend(this.#list), WHAT);
    agent.clearBatch();
  }

  /** Takes an element out. @throws {RangeError} outside of the list, and when it is empty */
  pop(index = -1): T {
    requireIndex(index);
    const outcome = agent.listPop(this.#list, index);
    if (outcome === Outcome.done) return received(false) as T;
    if (outcome === Outcome.notPresent) throw new RangeError('pop from an empty list');
    if (outcome === Outcome.badIndex) throw outside(index);
    throw refusal(outcome, WHAT);
  }

  /** Inserts before an index; one outside of the list means the nearer end. */
  insert(index: number, value: T): void {
    requireIndex(index);
    const length = send(value, 'value');
    requireDone(agent.listInsert(this.#list, index, length, sentLinks), WHAT);
  }

  /**
   * Takes out the first element that is equal, as `isDeepStrictEqual` of node:util has it.
   * @throws {RangeError} when there is none
   */
  remove(value: T): void {
    for (let attempt = 0; ; attempt++) {
      const { values, version } = this.#picture(0, Infinity);
      const index = values.findIndex((element) => isEqual(element, value));
      if (index < 0) throw absent(value);
      const outcome = agent.listRemoveIf(this.#list, index, version);
      if (outcome === Outcome.done) return;
      if (outcome !== Outcome.conflict) throw refusal(outcome, WHAT);
      backOff(attempt);
    }
  }

  /**
   * Index of the first element that is equal, as `isDeepStrictEqual` has it, from `start` to before `stop`.
   * @throws {RangeError} when there is none
   */
  index(value: T, start = 0, stop = Infinity): number {
    const picture = this.#picture(requireEnd('start', start), requireEnd('stop', stop));
    const index = picture.values.findIndex((element) => isEqual(element, value));
    if (index < 0) throw absent(value);
    return picture.start + index;
  }

  /** How many elements are equal, as `isDeepStrictEqual` has it. */
  count(value: T): number {
    return this.toArray().reduce((count, element) => count + (isEqual(element, value) ? 1 : 0), 0);
  }

  /**
   * Sorts it in place, stably, in one step: should somebody change it meanwhile, sorting begins anew.
   * @param compare default: numbers by size and strings by code points, as in Python; a mixture as arrays sort it.
   * Python's `reverse` is `sort().reverse()` or a `compare` the other way round, its `key` a `compare` of keys
   * @throws {TypeError} for what is no function
   */
  sort(compare?: Compare<T>): this {
    if (typeof compare === 'object') {
      const remedy = "a function (for Python's reverse: (a, b) => b - a, or sort().reverse(); for key: compare by it)";
      throw new TypeError(`compare must be ${remedy}, got ${shown(compare)}`);
    }
    if (compare !== undefined) requireFunction('compare', compare);
    for (let attempt = 0; ; attempt++) {
      const { values, version } = this.#picture(0, Infinity);
      const order = orderOf(values, compare);
      stage(new Uint8Array(order.buffer));
      const outcome = agent.listPermute(this.#list, version);
      if (outcome === Outcome.done) return this;
      if (outcome !== Outcome.conflict) throw refusal(outcome, WHAT);
      backOff(attempt);
    }
  }

  /** Turns it round in place. */
  reverse(): this {
    requireDone(agent.listReverse(this.#list), WHAT);
    return this;
  }

  /** A copy of a part; ends outside of the list mean its ends. */
  slice(start = 0, stop = Infinity): T[] {
    return this.#picture(requireEnd('start', start), requireEnd('stop', stop)).values;
  }

  /** Removes all elements. */
  clear(): void {
    requireDone(agent.listClear(this.#list), WHAT);
  }

  /** A copy of all elements, as they were at one moment. */
  toArray(): T[] {
    return this.#picture(0, Infinity).values;
  }

  /** Over the elements as they are now; later changes do not show. */
  [Symbol.iterator](): ArrayIterator<T> {
    return this.toArray()[Symbol.iterator]();
  }

  /** What `JSON.stringify` writes: an array of the elements. */
  toJSON(): T[] {
    return this.toArray();
  }

  [inspect.custom](depth: number, options: object): string {
    if (agent.isClosed(this.#list) !== 0) return 'SharedList (shut down)';
    return `SharedList ${depth < 0 ? '[Array]' : inspect(this.toArray(), { ...options, depth })}`;
  }

  #picture(start: number, stop: number): Picture<T> {
    const outcome = agent.listSnapshot(this.#list, start, stop);
    if (outcome !== Outcome.done) throw refusal(outcome, WHAT);
    const [count = 0, version = 0, from = 0] = exchange.control;
    const values: T[] = [];
    try {
      for (let i = 0; i < count; i++) {
        agent.snapshotValue(i);
        values.push(received(false) as T);
      }
    } finally {
      agent.releaseSnapshot();
    }
    return { values, version, start: from };
  }
}

function requireIndex(index: unknown): void {
  requireInteger('index', index, -Number.MAX_SAFE_INTEGER);
}

/** The end of a slice: an integer, or infinite. */
function requireEnd(name: string, end: number): number {
  if (end === Infinity) return end;
  return end === -Infinity ? -Number.MAX_SAFE_INTEGER : requireInteger(name, end, -Number.MAX_SAFE_INTEGER);
}

function outside(index: number): RangeError {
  return new RangeError(`index ${index} is outside of the list`);
}

function absent(value: unknown): RangeError {
  return new RangeError(`${shown(value)} is not in the list`);
}

registerSharedObject('SharedList', Kind.list, SharedList, () => new SharedList());
