import { inspect } from 'node:util';
import { ProcessError } from '../base/errors.js';
import { checkWait } from '../base/options.js';
import { now } from '../base/timers.js';
import { requireFunction, requireInteger, shown } from '../base/validate.js';
import { HEADER_BYTES, Kind, Outcome } from '../heap/outcome.js';
import { agent, exchange } from '../heap/program.js';
import { registerSharedObject, SharedObject } from '../heap/shared-object.js';
import { Acquirable } from './acquirable.js';
import { lockAt } from './lock-at.js';
import { Lock, LockBase, RLock } from './lock.js';
import { cancelled, failure, queued, queuedSync, type Ended, type WaitOptions } from './waiting.js';
import { wordsAt } from './words.js';

const WAIT = 0;
/** The lock's offset, behind the header: native/sync/condition_object.h. */
const LOCK = HEADER_BYTES / 4;
const EVERYBODY = 2 ** 32 - 1;

/**
 * Where those who hold a lock wait for others to change what it protects: `multiprocessing.Condition`. It is acquired and
 * released as its lock is.
 *
 * `wait` gives the lock back, waits for a notification, and holds the lock again, as often as before, when it returns or
 * throws. The lock belongs to the thread. So asynchronous functions of one thread that use the same condition need a plain
 * {@link Lock}: an {@link RLock}, the default, does not keep them out of each other's way.
 *
 * @example
 * const changed = new Condition();
 * await changed.withLock(() => changed.waitFor(() => done.value === 1));
 */
export class Condition extends Acquirable {
  /** What is held by who waits and who notifies. */
  readonly lock: Lock | RLock;
  readonly #offset: number;

  /**
   * @param lock default: a new {@link RLock}
   * @throws {TypeError} when it is neither a Lock nor an RLock
   * @throws {HeapFullError} when there is no shared memory left
   */
  constructor(lock?: Lock | RLock) {
    const given = SharedObject.attaching ? undefined : requireLock(lock);
    super((manager) => agent.createCondition(SharedObject.offsetOf(given!), manager));
    this.#offset = SharedObject.offsetOf(this);
    this.lock = given ?? lockAt(lockOffset(this.#offset));
  }

  /** Whether the last acquire of the lock through this handle found that its holder before had died. */
  override get recovered(): boolean {
    return this.lock.recovered;
  }

  acquire(options?: WaitOptions): Promise<boolean> {
    return this.lock.acquire(options);
  }

  acquireSync(options?: WaitOptions): boolean {
    return this.lock.acquireSync(options);
  }

  release(): void {
    this.lock.release();
  }

  /**
   * Waits for a notification without blocking the event loop. Its lock is free meanwhile; to have it again may take
   * longer than `timeout`.
   * @returns false when `timeout` has passed first
   * @throws {ProcessError} when this thread does not hold the lock
   * @throws `signal.reason` when it is aborted; {@link ManagerClosedError} once its manager was shut down
   */
  async wait(options?: WaitOptions): Promise<boolean> {
    const { timeout, signal } = checkWait(options);
    signal?.throwIfAborted();
    const node = this.#begin(true);
    const depth = this.#yield(node);
    let ended: Ended;
    try {
      ended = await queued(node, timeout, signal);
    } finally {
      await LockBase.regain(this.lock, depth);
    }
    return notified(ended);
  }

  /** As {@link wait}, blocking the thread. */
  waitSync(options?: WaitOptions): boolean {
    const { timeout, signal } = checkWait(options);
    signal?.throwIfAborted();
    const node = this.#begin(false);
    const depth = this.#yield(node);
    const ended = queuedSync(node, timeout);
    LockBase.regainSync(this.lock, depth);
    return notified(ended);
  }

  /**
   * Waits until a predicate holds, which is asked at first and after each notification, with the lock held.
   * @returns what the predicate gave last: something falsy when `timeout` has passed first
   * @throws as {@link wait}, and what the predicate throws
   */
  async waitFor<R>(predicate: () => R | Promise<R>, options: WaitOptions = {}): Promise<R> {
    requireFunction('predicate', predicate);
    this.#requireMine('waitFor');
    const rest = restOf(options);
    let result = await predicate();
    while (!result) {
      const left = rest();
      if (left.timeout !== undefined && left.timeout <= 0) break;
      await this.wait(left);
      result = await predicate();
    }
    return result;
  }

  /** As {@link waitFor}, blocking the thread. @throws {TypeError} when the predicate gives a promise */
  waitForSync<R>(predicate: () => R, options: WaitOptions = {}): R {
    requireFunction('predicate', predicate);
    this.#requireMine('waitForSync');
    const rest = restOf(options);
    let result = settled(predicate());
    while (!result) {
      const left = rest();
      if (left.timeout !== undefined && left.timeout <= 0) break;
      this.waitSync(left);
      result = settled(predicate());
    }
    return result;
  }

  /**
   * Lets go of up to `n` of those who wait, the first to come first. They go on once the lock is free.
   * @throws {ProcessError} when this thread does not hold the lock
   */
  notify(n = 1): void {
    requireInteger('n', n, 0, EVERYBODY);
    this.#notify('notify', n);
  }

  /** Lets go of all who wait. @throws {ProcessError} when this thread does not hold the lock */
  notifyAll(): void {
    this.#notify('notifyAll', EVERYBODY);
  }

  [inspect.custom](_depth: number, options: object): string {
    return `Condition(${inspect(this.lock, options)})`;
  }

  #notify(method: string, n: number): void {
    this.#requireMine(method);
    const outcome = agent.notifyCondition(this.#offset, n);
    if (outcome !== Outcome.done) throw failure(outcome, 'Condition');
  }

  #requireMine(method: string): void {
    if (!LockBase.isMine(this.lock)) {
      throw new ProcessError(`${method}: the lock of this Condition must be held by this thread: acquire it first`);
    }
  }

  /** Queued before the lock is free: no notification is missed. */
  #begin(inLoop: boolean): number {
    this.#requireMine('wait');
    const outcome = agent.beginWait(this.#offset, WAIT, 0, inLoop ? 1 : 0, 0);
    if (outcome !== Outcome.blocked) throw failure(outcome, 'Condition');
    return exchange.control[1]!;
  }

  #yield(node: number): number {
    try {
      return LockBase.yield(this.lock);
    } catch (error) {
      cancelled(node); // a plain lock, which another thread has just released
      throw error;
    }
  }
}

function requireLock(lock: unknown): Lock | RLock {
  if (lock === undefined) return new RLock();
  if (lock instanceof Lock || lock instanceof RLock) return lock;
  throw new TypeError(`lock must be a Lock or an RLock, got ${shown(lock)}`);
}

/** A double word, of which JavaScript reads the halves. */
function lockOffset(condition: number): number {
  const { words, at } = wordsAt(condition);
  return (words[at + LOCK]! >>> 0) + (words[at + LOCK + 1]! >>> 0) * 2 ** 32;
}

function notified({ outcome }: Ended): boolean {
  if (outcome === Outcome.done) return true;
  if (outcome === Outcome.timedOut) return false;
  throw failure(outcome, 'Condition');
}

/** Tells what is left of the time, each time it is asked. */
function restOf(options: WaitOptions): () => WaitOptions {
  const { timeout, signal } = checkWait(options);
  if (timeout === undefined) return () => ({ signal });
  const until = now() + timeout;
  return () => ({ timeout: Math.max(0, until - now()), signal });
}

function settled<R>(result: R): R {
  if (result instanceof Promise) throw new TypeError('predicate must not be asynchronous here: use waitFor');
  return result;
}

registerSharedObject('Condition', Kind.condition, Condition, () => new Condition());
