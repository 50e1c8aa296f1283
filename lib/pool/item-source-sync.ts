import { shown } from '../base/validate.js';
import { Cursor } from './cursor.js';
import type { SourceEnd } from './item-source.js';

/** What `imapSync` reads: any iterable, on the consumer's stack. */
export class ItemSourceSync {
  readonly #cursor: Cursor<Iterator<unknown>>;

  /** @throws {TypeError} when it is not iterable, or only in the event loop */
  constructor(items: unknown) {
    this.#cursor = new Cursor(open(items));
  }

  /** Reads up to `most` items; gives the end of the source if it comes to that. */
  read(items: unknown[], most: number): SourceEnd | undefined {
    try {
      while (items.length < most && !this.#cursor.closed) {
        const { done, value } = this.#cursor.next();
        if (done === true) return { failure: undefined };
        items.push(value);
      }
      return undefined;
    } catch (error) {
      return { failure: { error } };
    }
  }

  /** @throws what the source throws at that */
  close(): void {
    this.#cursor.close();
  }

  closeLater(): void {
    this.#cursor.closeLater();
  }
}

function open(items: unknown): Iterator<unknown> {
  const iterable = items as Partial<Iterable<unknown>> | null | undefined;
  if (typeof iterable?.[Symbol.iterator] === 'function') return (items as Iterable<unknown>)[Symbol.iterator]();
  if (typeof items === 'object' && items !== null && Symbol.asyncIterator in items) {
    throw new TypeError(
      `items must be an iterable: an async one cannot be read on a thread that blocks; got ${shown(items)}`,
    );
  }
  throw new TypeError(`items must be an iterable, got ${shown(items)}`);
}
