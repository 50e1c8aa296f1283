import { refuseToSend } from '../base/unsendable.js';
import { native } from '../binding/native.js';
import type { WaitOptions } from './async-result.js';
import type { PoolLifecycle } from './lifecycle.js';
import type { WorkerInfo } from './pool-types.js';
import { statsOf, type PoolStats } from './stats.js';

const collected = new FinalizationRegistry<PoolLifecycle>((lifecycle) => {
  if (lifecycle.closed) return;
  process.emitWarning('A pool was collected without close(), terminate() or `await using`', 'ResourceWarning');
  lifecycle.close(); // its unfinished tasks may still be awaited
});

/** What a pool has whatever its work is: workers, figures, an end. */
export abstract class PoolBase implements Disposable, AsyncDisposable {
  readonly #lifecycle: PoolLifecycle;
  readonly #since = native.now();
  /** The most workers that the pool has at one time. */
  readonly processes: number;

  /** @internal */
  protected constructor(lifecycle: PoolLifecycle) {
    this.#lifecycle = lifecycle;
    this.processes = lifecycle.dispatcher.staffing.processes;
    collected.register(this, lifecycle, this);
  }

  /** The workers that there are now. */
  get workers(): readonly WorkerInfo[] {
    this.#lifecycle.dispatcher.catchUp();
    return this.#lifecycle.dispatcher.crew.members.map(({ id, name, pid, leaving, serving }) => ({
      id,
      name,
      pid,
      state: leaving ? 'leaving' : serving ? 'serving' : 'starting',
    }));
  }

  /** Figures since the pool was made. */
  stats(): PoolStats {
    this.#lifecycle.dispatcher.catchUp();
    return statsOf(this.#lifecycle.dispatcher, this.#since, native.now());
  }

  /** No more work is taken; what is there is done. May be repeated. */
  close(): void {
    collected.unregister(this);
    this.#lifecycle.close();
  }

  /**
   * No more work is taken, what is there is rejected, every worker is ended. Resolves when they are gone. May be repeated.
   * @param options limits of the wait, as {@link join} has them; the pool is terminated in any case
   */
  async terminate(options?: WaitOptions): Promise<void> {
    this.#terminate();
    await this.#lifecycle.join(options);
  }

  /** As {@link terminate}, blocking the thread. */
  terminateSync(options?: WaitOptions): void {
    this.#terminate();
    this.#lifecycle.joinSync(options);
  }

  /**
   * Waits until a closed or terminated pool has done its work and its workers are gone. May be repeated.
   * @throws {ProcessError} while the pool is running
   * @throws {TimeoutError} when `timeout` has passed first; the pool goes on as it was
   * @throws `signal.reason` when it is aborted
   */
  join(options?: WaitOptions): Promise<void> {
    return this.#lifecycle.join(options);
  }

  /**
   * As {@link join}, blocking the thread, on which nobody can abort the `signal` meanwhile: it is looked at first. A task
   * that needs something of this thread waits in vain, and so does this.
   */
  joinSync(options?: WaitOptions): void {
    this.#lifecycle.joinSync(options);
  }

  /** `await using`: does what is there, then lets go. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.join();
  }

  /** `using`: the same, blocking the thread. */
  [Symbol.dispose](): void {
    this.close();
    this.joinSync();
  }

  #terminate(): void {
    // What tasks are rejected with names this pool in its stack: the registry would keep the pool alive through it.
    collected.unregister(this);
    this.#lifecycle.terminate();
  }
}

refuseToSend(PoolBase, 'a Pool', 'make the pool in the worker that is to use it');
