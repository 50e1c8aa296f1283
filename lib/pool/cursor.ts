/** An iterator that may be closed while it is being asked, by what it does itself: it is then closed once it has answered. */
export class Cursor<I extends Iterator<unknown> | AsyncIterator<unknown>> {
  readonly #iterator: I;
  #asked = false;
  #closed = false;

  constructor(iterator: I) {
    this.#iterator = iterator;
  }

  /** It is to be asked no more. */
  get closed(): boolean {
    return this.#closed;
  }

  next(): ReturnType<I['next']> {
    this.#asked = true;
    try {
      return this.#iterator.next() as ReturnType<I['next']>;
    } finally {
      this.#asked = false;
      if (this.#closed) this.closeLater();
    }
  }

  /** @throws what the iterator throws at that; gives a promise where it does */
  close(): unknown {
    this.#closed = true;
    return this.#asked ? undefined : this.#iterator.return?.();
  }

  /** An asynchronous generator that is being asked closes once it has answered, which may be never. */
  closeLater(): void {
    try {
      void Promise.resolve(this.close()).catch(() => {});
    } catch {
      // Nobody waits for it to be closed.
    }
  }
}
