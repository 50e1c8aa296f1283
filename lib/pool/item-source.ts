import { shown } from '../base/validate.js';
import { Cursor } from './cursor.js';

/** The end of a source: it ran out, or failed. */
export interface SourceEnd {
  readonly failure: { readonly error: unknown } | undefined;
}

/** What `imap` reads: any iterable or async iterable, a few items at a time. */
export class ItemSource {
  readonly #cursor: Cursor<Iterator<unknown> | AsyncIterator<unknown>>;

  /** @throws {TypeError} when it is neither */
  constructor(items: unknown) {
    this.#cursor = new Cursor(open(items));
  }

  /** Reads up to `most` items; gives the end of the source if it comes to that. */
  async read(items: unknown[], most: number): Promise<SourceEnd | undefined> {
    try {
      while (items.length < most && !this.#cursor.closed) {
        // A synchronous source is read without a turn of the microtask queue for each item.
        const step = this.#cursor.next();
        const { done, value } = step instanceof Promise ? await step : step;
        if (done === true) return { failure: undefined };
        items.push(value);
      }
      return undefined;
    } catch (error) {
      return { failure: { error } };
    }
  }

  /** Rejects with what the source throws at that. */
  async close(): Promise<void> {
    await this.#cursor.close();
  }

  closeLater(): void {
    this.#cursor.closeLater();
  }
}

function open(items: unknown): Iterator<unknown> | AsyncIterator<unknown> {
  if (typeof items === 'string') return items[Symbol.iterator]();
  if (typeof items === 'object' && items !== null) {
    if (Symbol.asyncIterator in items) return (items as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    if (Symbol.iterator in items) return (items as Iterable<unknown>)[Symbol.iterator]();
  }
  throw new TypeError(`items must be an iterable or an async iterable, got ${shown(items)}`);
}
