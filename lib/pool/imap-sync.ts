import type { Dispatcher } from '../runtime/dispatcher.js';
import { ItemSourceSync } from './item-source-sync.js';
import { LazyMap, type LazyMapSettings } from './lazy-map.js';
import { Notices } from './notices.js';
import { refuseToSend } from '../base/unsendable.js';

/**
 * `imapSync` and `imapUnorderedSync`: for a thread that blocks in `next` until there is a result. The source is read there and
 * nowhere else, so it runs on no stack but the consumer's; and there the listener of progress is called.
 */
export class ImapSync implements IterableIterator<unknown>, Disposable {
  readonly #dispatcher: Dispatcher;
  readonly #source: ItemSourceSync;
  readonly #notices = new Notices();
  readonly #map: LazyMap;

  /** @throws {TypeError} when the items are no iterable, or an asynchronous one */
  constructor(settings: LazyMapSettings, items: unknown) {
    this.#dispatcher = settings.pool.dispatcher;
    this.#source = new ItemSourceSync(items);
    this.#map = new LazyMap(settings, this.#source, this.#notices.post, () => {}); // `next` looks for itself
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<unknown> {
    return this.#notices.during((tell) => this.#next(tell));
  }

  return(value?: unknown): IteratorResult<unknown> {
    this.#leave();
    return { done: true, value };
  }

  throw(error: unknown): IteratorResult<unknown> {
    this.#leave();
    throw error;
  }

  [Symbol.dispose](): void {
    this.#leave();
  }

  #leave(): void {
    if (this.#map.leave()) this.#source.close();
  }

  #next(tell: () => void): IteratorResult<unknown> {
    const map = this.#map;
    for (;;) {
      this.#read();
      const outcome = map.take();
      if (outcome !== undefined) {
        // What a task throws is the user's own and may be anything.
        if ('error' in outcome) throw outcome.error as Error;
        return { done: false, value: outcome.value };
      }
      if (map.over || map.finish()) return { done: true, value: undefined };
      // Again from the start after that: a listener may have taken the outcome, or left.
      this.#dispatcher.waitSync(() => {
        tell(); // not within the drain: a listener may block for results itself
        return !map.pending;
      });
    }
  }

  /** Reads and submits as far as there is room. */
  #read(): void {
    for (let { room } = this.#map; room > 0; { room } = this.#map) {
      const items: unknown[] = [];
      this.#map.accept(items, this.#source.read(items, room));
    }
  }
}

refuseToSend(ImapSync, 'an iterator of imap', 'collect what it yields into an array');
