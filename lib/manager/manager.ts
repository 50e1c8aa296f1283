import { inspect } from 'node:util';
import { ManagerClosedError } from '../base/errors.js';
import { listOf, pairsOf, type Entries } from '../container/iterables.js';
import { Namespace } from '../container/namespace.js';
import { SharedDict } from '../container/shared-dict.js';
import { SharedList } from '../container/shared-list.js';
import { SharedSet } from '../container/shared-set.js';
import { Kind } from '../heap/outcome.js';
import { agent } from '../heap/program.js';
import { madeBy, registerSharedObject, SharedObject } from '../heap/shared-object.js';
import type { DType, DTypeOfCode, ElementLike, TypeCode } from '../memory/dtype.js';
import type { NumbersOptions } from '../memory/number-vector.js';
import { SharedArray } from '../vector/shared-array.js';
import { Value } from '../memory/value.js';
import type { PoolOptions } from '../pool/options.js';
import { Pool } from '../pool/pool.js';
import { JoinableQueue } from '../queue/joinable-queue.js';
import { Queue, type QueueOptions } from '../queue/queue.js';
import { Barrier, type BarrierOptions } from '../sync/barrier.js';
import { Condition } from '../sync/condition.js';
import { Event } from '../sync/event.js';
import { Lock, RLock } from '../sync/lock.js';
import { BoundedSemaphore, Semaphore } from '../sync/semaphore.js';

/**
 * Shared objects that end together: `multiprocessing.Manager()`. They lie in shared memory; there is no server process,
 * and an operation takes about a microsecond. They may be passed to any worker, as the manager itself may, which makes
 * objects there just as well.
 *
 * `shutdown`, or the end of a `using` scope, frees what they hold and ends all waits for them. A manager that is merely
 * forgotten is freed together with the last of its objects.
 *
 * @example
 * using manager = new Manager();
 * const results = manager.list<number>();
 * await pool.map((x) => results.append(x * x), [1, 2, 3]);
 */
export class Manager extends SharedObject implements Disposable, AsyncDisposable {
  readonly #manager: number;
  readonly #pools: Pool[] = [];
  /** Those that were terminated and may not be gone. */
  readonly #ending = new Set<Pool>();

  /** @throws {HeapFullError} when there is no shared memory left */
  constructor() {
    super(() => agent.createManager());
    this.#manager = SharedObject.offsetOf(this);
  }

  /** Whether it was shut down, by anybody. */
  get closed(): boolean {
    return agent.isClosed(this.#manager) !== 0;
  }

  /** A list, empty or with these values. @throws {TypeError} for values that are not iterable */
  list<T = unknown>(values?: Iterable<T>): SharedList<T> {
    // Read beforehand: an iterable may make objects of its own, which are not the manager's.
    const first = values === undefined ? undefined : listOf('values', values);
    return this.#make(() => new SharedList(first));
  }

  /** A dict, empty or with these entries. @throws {TypeError} for what is neither an object nor an iterable of pairs */
  dict<V>(entries: Readonly<Record<string, V>>): SharedDict<string, V>;
  dict<K = unknown, V = unknown>(entries?: Entries<K, V>): SharedDict<K, V>;
  dict(entries?: Entries<unknown, unknown>): SharedDict {
    const first = entries === undefined ? undefined : pairsOf('entries', entries);
    return this.#make(() => new SharedDict(first));
  }

  /** A set, empty or with these members. @throws {TypeError} for values that are not iterable */
  set<T = unknown>(values?: Iterable<T>): SharedSet<T> {
    const first = values === undefined ? undefined : listOf('values', values);
    return this.#make(() => new SharedSet(first));
  }

  /** An object whose properties are shared. @throws {TypeError} for what is no object */
  namespace<T extends object = object>(properties?: T): Namespace & T & Record<string, unknown> {
    return this.#make(() => new Namespace(properties)) as Namespace & T & Record<string, unknown>;
  }

  /** As {@link Value}. */
  value<C extends DType | TypeCode>(dtype: C, init?: ElementLike<DTypeOfCode<C>>, options?: NumbersOptions): Value<C> {
    return this.#make(() => new Value(dtype, init, options));
  }

  /** As {@link SharedArray}. */
  array<C extends DType | TypeCode>(
    dtype: C,
    lengthOrValues: number | Iterable<ElementLike<DTypeOfCode<C>>>,
    options?: NumbersOptions,
  ): SharedArray<C> {
    const first = typeof lengthOrValues === 'number' ? lengthOrValues : listOf('lengthOrValues', lengthOrValues);
    return this.#make(() => new SharedArray(dtype, first, options));
  }

  /** As {@link Queue}. */
  queue<T = unknown>(maxsize?: number, options?: QueueOptions): Queue<T> {
    return this.#make(() => new Queue<T>(maxsize, options));
  }

  /** As {@link JoinableQueue}. */
  joinableQueue<T = unknown>(maxsize?: number, options?: QueueOptions): JoinableQueue<T> {
    return this.#make(() => new JoinableQueue<T>(maxsize, options));
  }

  /** As {@link Lock}. */
  lock(): Lock {
    return this.#make(() => new Lock());
  }

  /** As {@link RLock}. */
  rlock(): RLock {
    return this.#make(() => new RLock());
  }

  /** As {@link Semaphore}. */
  semaphore(n?: number): Semaphore {
    return this.#make(() => new Semaphore(n));
  }

  /** As {@link BoundedSemaphore}. */
  boundedSemaphore(n?: number): BoundedSemaphore {
    return this.#make(() => new BoundedSemaphore(n));
  }

  /** As {@link Condition}; without a lock of its own, it gets one that belongs to the manager. */
  condition(lock?: Lock | RLock): Condition {
    return this.#make(() => new Condition(lock));
  }

  /** As {@link Event}. */
  event(): Event {
    return this.#make(() => new Event());
  }

  /** As {@link Barrier}. */
  barrier(parties: number, options?: BarrierOptions): Barrier {
    return this.#make(() => new Barrier(parties, options));
  }

  /** @internal One of the kind that this manager's context is bound to. */
  protected newPool(processes?: number, options?: PoolOptions): Pool {
    return new Pool(processes, options);
  }

  /** As {@link Pool}: one of this thread, which is terminated by a `shutdown` of this thread. */
  pool(processes?: number, options?: PoolOptions): Pool {
    this.#requireOpen();
    const pool = this.newPool(processes, options);
    this.#pools.push(pool);
    return pool;
  }

  /**
   * Frees what its objects hold, for every thread: who waits for one, or uses one later, gets a
   * {@link ManagerClosedError}. Its pools are terminated. May be repeated.
   */
  shutdown(): void {
    agent.closeManager(this.#manager);
    for (const pool of this.#pools.splice(0)) {
      this.#ending.add(pool);
      void pool.terminate().then(() => this.#ending.delete(pool));
    }
  }

  /** `using`: shuts it down, and blocks the thread until the workers of its pools are gone. */
  [Symbol.dispose](): void {
    this.shutdown();
    for (const pool of this.#ending) pool.joinSync();
  }

  /** `await using`: the same, without blocking. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.shutdown();
    await Promise.all(Array.from(this.#ending, (pool) => pool.join()));
  }

  [inspect.custom](): string {
    return this.closed ? 'Manager (shut down)' : 'Manager';
  }

  #make<T>(make: () => T): T {
    this.#requireOpen();
    const made = madeBy(this.#manager, make);
    // A shutdown that came in between may have looked for objects before this one was there.
    if (this.closed) {
      agent.closeManager(this.#manager);
      this.#requireOpen();
    }
    return made;
  }

  #requireOpen(): void {
    if (this.closed) throw new ManagerClosedError('The manager was shut down');
  }
}

registerSharedObject('Manager', Kind.manager, Manager, () => new Manager());
