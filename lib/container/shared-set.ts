import { inspect } from 'node:util';
import { Kind } from '../heap/outcome.js';
import { agent } from '../heap/program.js';
import { registerSharedObject, SharedObject } from '../heap/shared-object.js';
import { entryBatchOf } from './batch.js';
import { clearEntries, countEntries, deleteEntry, hasEntry, keysOf, setEntry } from './entries.js';
import { listOf } from './iterables.js';
import { requireDone } from './refusal.js';

const WHAT = 'set';

/**
 * A set in shared memory. Made by `manager.set()`, or on its own. (Python has none.)
 *
 * Members are what keys of a {@link SharedDict} may be, and the same when they are equal in content. They keep the order
 * in which they were first added. Errors are those of a dict.
 */
export class SharedSet<T = unknown> extends SharedObject implements Iterable<T> {
  /** A dict whose values are all undefined. */
  readonly #dict: number;

  /** @throws {TypeError} for values that are not iterable */
  constructor(values?: Iterable<T>) {
    const first = values === undefined ? undefined : listOf('values', values);
    super((manager) => agent.createDict(manager));
    this.#dict = SharedObject.offsetOf(this);
    if (first === undefined || first.length === 0) return;
    try {
      this.update(first);
    } catch (error) {
      SharedObject.release(this);
      throw error;
    }
  }

  /** Number of members. */
  get size(): number {
    return countEntries(this.#dict, WHAT);
  }

  /** Adds a member, unless an equal one is there. @returns this set */
  add(value: T): this {
    setEntry(this.#dict, value, undefined, WHAT);
    return this;
  }

  /** Adds all of them at once. */
  update(values: Iterable<T>): void {
    const entries = listOf('values', values).map((value) => [value, undefined] as const);
    entryBatchOf(entries, 'values');
    requireDone(agent.dictSetMany(this.#dict), WHAT);
    agent.clearBatch();
  }

  /** Whether there is an equal member. */
  has(value: T): boolean {
    return hasEntry(this.#dict, value, WHAT);
  }

  /** @returns whether it was a member */
  delete(value: T): boolean {
    return deleteEntry(this.#dict, value, WHAT);
  }

  /** Removes all members. */
  clear(): void {
    clearEntries(this.#dict, WHAT);
  }

  /** A copy of the members, as they were at one moment. */
  values(): T[] {
    return keysOf(this.#dict, WHAT);
  }

  /** Over the members as they are now; later changes do not show. */
  [Symbol.iterator](): ArrayIterator<T> {
    return this.values()[Symbol.iterator]();
  }

  /** What `JSON.stringify` writes: an array of the members. */
  toJSON(): T[] {
    return this.values();
  }

  [inspect.custom](depth: number, options: object): string {
    if (agent.isClosed(this.#dict) !== 0) return 'SharedSet (shut down)';
    return `SharedSet ${depth < 0 ? '[Set]' : inspect(new Set(this.values()), { ...options, depth })}`;
  }
}

registerSharedObject('SharedSet', Kind.dict, SharedSet, () => new SharedSet());
