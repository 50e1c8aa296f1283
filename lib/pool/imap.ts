import { ItemSource } from './item-source.js';
import { LazyMap, type LazyMapSettings } from './lazy-map.js';
import { refuseToSend } from '../base/unsendable.js';

interface Waiter {
  readonly resolve: (result: IteratorResult<unknown>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * `imap` and `imapUnordered`: reads the source lazily, which may be asynchronous, and gives results as they are asked for.
 * Leaving early waits for the source to close, unless it is just being asked.
 */
export class Imap implements AsyncIterableIterator<unknown> {
  readonly #source: ItemSource;
  readonly #map: LazyMap;
  readonly #waiters: Waiter[] = [];
  #reading = false;

  /** @throws {TypeError} when the items are no iterable of either kind */
  constructor(settings: LazyMapSettings, items: unknown) {
    this.#source = new ItemSource(items);
    this.#map = new LazyMap(settings, this.#source, queueMicrotask, () => {
      this.#deliver();
      void this.#read();
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<unknown>> {
    if (this.#map.over) return Promise.resolve({ done: true, value: undefined });
    const promise = new Promise<IteratorResult<unknown>>((resolve, reject) => this.#waiters.push({ resolve, reject }));
    this.#deliver();
    void this.#read();
    return promise;
  }

  async return(): Promise<IteratorResult<unknown>> {
    await this.#leave();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<unknown>> {
    await this.#leave();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#leave();
  }

  async #leave(): Promise<void> {
    const isOpen = this.#map.leave();
    this.#dismiss();
    if (!isOpen) return;
    if (this.#reading) this.#source.closeLater();
    else await this.#source.close();
  }

  /** Reads and submits as far as there is room. One at a time: an async source is not asked twice at once. */
  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      for (let { room } = this.#map; room > 0; { room } = this.#map) {
        const items: unknown[] = [];
        const end = await this.#source.read(items, room);
        this.#map.accept(items, end);
      }
    } finally {
      this.#reading = false;
    }
    this.#deliver();
  }

  /** Gives waiting consumers what is there. */
  #deliver(): void {
    while (this.#waiters.length > 0) {
      const outcome = this.#map.take();
      if (outcome === undefined) break;
      const waiter = this.#waiters.shift()!;
      if ('error' in outcome) waiter.reject(outcome.error);
      else waiter.resolve({ done: false, value: outcome.value });
    }
    if (this.#map.finish()) this.#dismiss();
  }

  #dismiss(): void {
    for (const { resolve } of this.#waiters.splice(0)) resolve({ done: true, value: undefined });
  }
}

refuseToSend(Imap, 'an iterator of imap', 'collect what it yields into an array');
