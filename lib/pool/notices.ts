/** Has something called soon, and not within whatever tells of it. */
export type Notify = (call: () => void) => void;

/**
 * Calls of one job's listeners, in their order: from the microtask queue, or, while somebody blocks for the job, on the
 * spot. What one throws is an uncaught exception of its own either way, and does not reach the job.
 */
export class Notices {
  readonly #pending: (() => void)[] = [];
  #blocked = 0;

  readonly post: Notify = (call) => {
    this.#pending.push(call);
    if (this.#blocked === 0) queueMicrotask(() => this.#pending.shift()?.());
  };

  /** @param wait blocks, and calls `tell` whenever it may have become time for a listener */
  during<R>(wait: (tell: () => void) => R): R {
    this.#blocked++;
    try {
      return wait(this.#tell);
    } finally {
      this.#blocked--;
      this.#tell();
    }
  }

  readonly #tell = (): void => {
    for (let call = this.#pending.shift(); call !== undefined; call = this.#pending.shift()) {
      try {
        call();
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  };
}
