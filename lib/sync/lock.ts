import { inspect } from 'node:util';
import { HEADER_BYTES, Kind, Outcome } from '../heap/outcome.js';
import { agent } from '../heap/program.js';
import { registerSharedObject, SharedObject } from '../heap/shared-object.js';
import { Acquirable } from './acquirable.js';
import { failure, requireWait, wait, waitSync, type WaitOptions } from './waiting.js';
import { wordsAt } from './words.js';

const ACQUIRE = 0;
const OWNER_MASK = 0x3fffffff;

/** Which of the two words behind the header: native/sync/lock_object.h. */
const WORD = HEADER_BYTES / 4;
const DEPTH = WORD + 1;

/**
 * What {@link Lock} and {@link RLock} share. A free lock is taken, and given back while nobody waits, by one
 * compare-and-swap each; everything else is native.
 */
export abstract class LockBase extends Acquirable {
  readonly #offset: number;
  readonly #words: Int32Array;
  readonly #word: number;
  readonly #depth: number;
  readonly #me: number;
  readonly #recursive: boolean;

  /** @internal */
  protected constructor(recursive: boolean) {
    super((manager) => agent.createLock(recursive ? 1 : 0, manager));
    this.#offset = SharedObject.offsetOf(this);
    const { words, at } = wordsAt(this.#offset);
    this.#words = words;
    this.#word = at + WORD;
    this.#depth = at + DEPTH;
    this.#me = agent.id;
    this.#recursive = recursive;
  }

  /** Whether anybody holds it, at this moment. */
  get locked(): boolean {
    return (Atomics.load(this.#words, this.#word) & OWNER_MASK) !== 0;
  }

  async acquire(options?: WaitOptions): Promise<boolean> {
    if (options !== undefined) requireWait(options);
    if (this.#take()) return true;
    return this.ended(await wait(this.#offset, ACQUIRE, 0, options));
  }

  acquireSync(options?: WaitOptions): boolean {
    if (options !== undefined) requireWait(options);
    if (this.#take()) return true;
    return this.ended(waitSync(this.#offset, ACQUIRE, 0, options));
  }

  /** @throws {ProcessError} when it is not held, or, for an RLock, not by this thread */
  release(): void {
    const words = this.#words;
    if (this.#recursive) {
      const depth = words[this.#depth]!;
      if (depth > 1 && LockBase.isMine(this)) {
        words[this.#depth] = depth - 1;
        return;
      }
    }
    if (Atomics.compareExchange(words, this.#word, this.#me, 0) === this.#me) return;
    const outcome = agent.releaseLock(this.#offset, 0);
    if (outcome === Outcome.done) return;
    // Who waited for it when its manager was shut down has lost it, and gives it back in good faith.
    throw agent.isClosed(this.#offset) !== 0 ? failure(Outcome.closed, this.constructor.name) : this.refusal(outcome);
  }

  [inspect.custom](): string {
    return `${this.constructor.name}(${this.locked ? 'held' : 'free'})`;
  }

  /** @internal Does this thread hold it? */
  static isMine(lock: LockBase): boolean {
    return (Atomics.load(lock.#words, lock.#word) & OWNER_MASK) === lock.#me;
  }

  /** @internal Gives back all of what this thread holds. @returns what {@link regainSync} needs to hold it again */
  static yield(lock: LockBase): number {
    const depth = lock.#words[lock.#depth]!;
    const outcome = agent.releaseLock(lock.#offset, 1);
    if (outcome !== Outcome.done) throw lock.refusal(outcome);
    return depth;
  }

  /** @internal Holds it as often again as before {@link yield}, or more often, if others on this thread hold it, too. */
  static regainSync(lock: LockBase, depth: number): void {
    lock.acquireSync();
    lock.#deepen(depth - 1);
  }

  /** @internal As {@link regainSync}, without blocking the event loop. */
  static async regain(lock: LockBase, depth: number): Promise<void> {
    await lock.acquire();
    lock.#deepen(depth - 1);
  }

  #deepen(by: number): void {
    if (by > 0) this.#words[this.#depth] = this.#words[this.#depth]! + by;
  }

  /** A free lock that nobody waits for. Or, for an RLock, one that is ours. */
  #take(): boolean {
    const words = this.#words;
    const seen = Atomics.compareExchange(words, this.#word, 0, this.#me);
    if (seen === 0) words[this.#depth] = 1;
    else if (this.#recursive && (seen & OWNER_MASK) === this.#me) words[this.#depth] = words[this.#depth]! + 1;
    else return false;
    return this.taken();
  }
}

/**
 * A lock in shared memory: `multiprocessing.Lock`. Any thread may release it. If its holder dies, the next one to
 * acquire it gets it, and `recovered` says so.
 *
 * @example
 * const lock = new Lock();
 * using held = await lock.hold();
 */
export class Lock extends LockBase {
  /** @throws {HeapFullError} when there is no shared memory left */
  constructor() {
    super(false);
  }
}

/**
 * A lock that its holder may acquire again: `multiprocessing.RLock`. It belongs to a thread, and so to all that runs on
 * that thread: asynchronous functions of one thread do not keep each other out.
 */
export class RLock extends LockBase {
  /** @throws {HeapFullError} when there is no shared memory left */
  constructor() {
    super(true);
  }
}

registerSharedObject('Lock', Kind.lock, Lock, () => new Lock());
registerSharedObject('RLock', Kind.rlock, RLock, () => new RLock());
