import { inspect } from 'node:util';
import { requireInteger } from '../base/validate.js';
import { Kind, Outcome } from '../heap/outcome.js';
import { agent } from '../heap/program.js';
import { registerSharedObject, SharedObject } from '../heap/shared-object.js';
import { Acquirable } from './acquirable.js';
import { requireOpen, wait, waitSync, type WaitOptions } from './waiting.js';

const ACQUIRE = 0;
/** SemaphoreObject::kMostPermits. */
const MOST_PERMITS = 0x7fffffff;

/** What {@link Semaphore} and {@link BoundedSemaphore} share: a count of permits that threads take and give back. */
export abstract class SemaphoreBase extends Acquirable {
  readonly #offset: number;

  /** @internal */
  protected constructor(n: number, bounded: boolean) {
    requireInteger('n', n, 0, MOST_PERMITS);
    super((manager) => agent.createSemaphore(n, bounded ? 1 : 0, manager));
    this.#offset = SharedObject.offsetOf(this);
  }

  /** Permits that are to be had, at this moment. */
  get value(): number {
    requireOpen(this.#offset, this.constructor.name);
    return agent.semaphoreValue(this.#offset);
  }

  async acquire(options?: WaitOptions): Promise<boolean> {
    return this.ended(await wait(this.#offset, ACQUIRE, 0, options));
  }

  acquireSync(options?: WaitOptions): boolean {
    return this.ended(waitSync(this.#offset, ACQUIRE, 0, options));
  }

  /**
   * Gives permits back. Any thread may do so, also without having taken one.
   * @throws {ProcessError} when there would be more than may be; none is given back then
   */
  release(n = 1): void {
    requireInteger('n', n, 1, MOST_PERMITS);
    const outcome = agent.releaseSemaphore(this.#offset, n);
    if (outcome !== Outcome.done) throw this.refusal(outcome);
  }

  [inspect.custom](): string {
    return `${this.constructor.name}(${agent.semaphoreValue(this.#offset)})`;
  }
}

/**
 * Permits, counted: `multiprocessing.Semaphore`. `acquire` takes one, and waits while there is none; `release` gives back
 * any number, and may raise the count above `n`: a semaphore may signal as well.
 *
 * The permits of a thread that dies come back, but never beyond `n`, and the next one to acquire finds `recovered` true.
 *
 * @example
 * const slots = new Semaphore(2);
 * await pool.map(task(() => slots.withLock(work), { slots, work }), items);
 */
export class Semaphore extends SemaphoreBase {
  /**
   * @param n permits at first, from 0; default 1
   * @throws {HeapFullError} when there is no shared memory left
   */
  constructor(n = 1) {
    super(n, false);
  }
}

/** A {@link Semaphore} that refuses to have more than its first number of permits: `multiprocessing.BoundedSemaphore`. */
export class BoundedSemaphore extends SemaphoreBase {
  /**
   * @param n permits at first, and at most; default 1
   * @throws {HeapFullError} when there is no shared memory left
   */
  constructor(n = 1) {
    super(n, true);
  }
}

registerSharedObject('Semaphore', Kind.semaphore, Semaphore, () => new Semaphore());
registerSharedObject('BoundedSemaphore', Kind.semaphore, BoundedSemaphore, () => new BoundedSemaphore());
