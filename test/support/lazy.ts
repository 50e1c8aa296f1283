/** An endless source that knows how far it was read and how often it was closed. */
export class Endless {
  read = 0;
  closed = 0;

  [Symbol.iterator](): Generator<number> {
    return this.sync();
  }

  *sync(): Generator<number> {
    try {
      for (;;) yield ++this.read;
    } finally {
      this.closed++;
    }
  }

  async *async(): AsyncGenerator<number> {
    await Promise.resolve();
    yield* this.sync();
  }
}

const messageOf = (error: unknown): unknown => (error as Error).message;

/** Values, and messages of errors or what `tell` makes of them, in the order in which they are given. */
export async function drain(
  iterator: AsyncIterator<unknown> | Iterator<unknown>,
  tell: (error: unknown) => unknown = messageOf,
): Promise<unknown[]> {
  const all: unknown[] = [];
  for (;;) {
    try {
      const { done, value } = await iterator.next();
      if (done === true) return all;
      all.push(value);
    } catch (error) {
      all.push(tell(error));
    }
  }
}

/** The same without a turn of the event loop. */
export function drainSync(iterator: Iterator<unknown>): unknown[] {
  const all: unknown[] = [];
  for (;;) {
    try {
      const { done, value } = iterator.next();
      if (done === true) return all;
      all.push(value);
    } catch (error) {
      all.push(messageOf(error));
    }
  }
}
