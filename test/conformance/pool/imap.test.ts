import assert from 'node:assert/strict';
import { Pool } from 'allcores';

class WhenError extends Error {}

function square(x: number): number {
  return x * x;
}

function* throwing(total: number, when: number): Generator<number> {
  if (when < 0) throw new WhenError('somebody said when');
  for (let i = 0; i < total; i++) {
    if (i === when) throw new WhenError('somebody said when');
    yield i;
  }
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of source) all.push(value);
  return all;
}

function squares(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i * i);
}

function counting(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

describe('as Python: imap', () => {
  let pool: Pool;
  before(() => (pool = new Pool(4)));
  after(() => pool.terminate());

  it('imap gives results in order, by loop or by next, and ends', async () => {
    assert.deepEqual(await collect(pool.imap(square, counting(10))), squares(10));
    for (const [count, chunksize] of [
      [10, 1],
      [1000, 100],
    ] as const) {
      // prettier-ignore
      const iterator = pool.imap(square, counting(count), { chunksize });
      for (let i = 0; i < count; i++) assert.equal((await iterator.next()).value, i * i);
      assert.equal((await iterator.next()).done, true);
    }
  });

  it('imap throws the error of its iterable after the results before it', async () => {
    for (const [total, when, chunksize] of [
      [1, -1, 1],
      [1, -1, 1],
      [10, 3, 1],
      [20, 7, 2],
      [20, 7, 4],
    ] as const) {
      // prettier-ignore
      const iterator = pool.imap(square, throwing(total, when), { chunksize });
      // Python loses the results of the chunk that broke off; here they come.
      for (let i = 0; i < when; i++) assert.equal((await iterator.next()).value, i * i);
      await assert.rejects(iterator.next(), WhenError);
      assert.equal((await iterator.next()).done, true);
    }
  });

  it('imapUnordered gives each result once', async () => {
    for (const [count, chunksize] of [
      [10, 1],
      [1000, 100],
    ] as const) {
      // prettier-ignore
      const results = await collect(pool.imapUnordered(square, counting(count), { chunksize }));
      assert.deepEqual(results.sort((a, b) => a - b), squares(count)); // prettier-ignore
    }
  });

  it('imapUnordered throws the error of its iterable, and before it only right results', async () => {
    for (const [total, when, chunksize] of [
      [1, -1, 1],
      [1, -1, 1],
      [10, 3, 1],
      [20, 7, 2],
    ] as const) {
      // prettier-ignore
      const expected = new Set(squares(total));
      await assert.rejects(async () => {
        for await (const value of pool.imapUnordered(square, throwing(total, when), { chunksize })) {
          assert.ok(expected.delete(value), `${value}`);
        }
      }, WhenError);
    }
  });
});
