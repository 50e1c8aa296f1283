import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'allcores';

function square(x: number): number {
  return x * x;
}

function slowEven(x: number): number {
  if (x % 2 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  return x;
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of source) all.push(value);
  return all;
}

function counting(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

describe('Pool.imap', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  it('gives results in the order of the items', async () => {
    assert.deepEqual(await collect(pool.imap(slowEven, counting(40))), counting(40));
  });

  it('works with any chunksize and buffersize', async () => {
    for (const options of [
      { chunksize: 1 },
      { chunksize: 7 },
      { chunksize: 500 },
      { buffersize: 1 },
      { chunksize: 5, buffersize: 3 },
    ]) {
      assert.deepEqual(await collect(pool.imap(square, counting(100), options)), counting(100).map(square));
    }
  });

  it('ends at once for no items', async () => {
    assert.deepEqual(await collect(pool.imap(square, [])), []);
    const iterator = pool.imap(square, []);
    assert.deepEqual(await iterator.next(), { done: true, value: undefined });
    assert.deepEqual(await iterator.next(), { done: true, value: undefined });
  });

  it('may be asked with next, also several times before the first answer', async () => {
    const iterator = pool.imap(square, [1, 2, 3]);
    const steps = await Promise.all(Array.from({ length: 5 }, () => iterator.next()));
    assert.deepEqual(steps, [
      { done: false, value: 1 },
      { done: false, value: 4 },
      { done: false, value: 9 },
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });

  it('reads asynchronous sources, one item at a time', async () => {
    let asked = 0;
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => {
        let i = 0;
        return {
          next: async () => {
            assert.equal(++asked, 1, 'asked again before the answer');
            await sleep(1);
            asked--;
            return i < 12 ? { done: false, value: i++ } : { done: true, value: undefined };
          },
        };
      },
    };
    assert.deepEqual(await collect(pool.imap(square, source)), counting(12).map(square));
  });

  it('gives what an asynchronous source has had so far', async () => {
    for (const method of ['imap', 'imapUnordered'] as const) {
      let release!: () => void;
      const gate = new Promise<void>((resolve) => (release = resolve));
      async function* source(): AsyncGenerator<number> {
        yield 1;
        yield 2;
        await gate;
        yield 3;
      }
      const iterator = pool[method](square, source());
      const first = await Promise.all([iterator.next(), iterator.next()]);
      assert.deepEqual(first.map(({ value }) => value as number).sort(), [1, 4]);
      release();
      assert.deepEqual(await collect(iterator), [9]);
    }
  });

  it('maps typed arrays, strings and Sets', async () => {
    assert.deepEqual(await collect(pool.imap(square, Int16Array.of(1, 2))), [1, 4]);
    assert.deepEqual(await collect(pool.imap((c: string) => c.toUpperCase(), 'ab')), ['A', 'B']);
    assert.deepEqual(await collect(pool.imap(square, new Set([3]))), [9]);
  });

  it('maps asynchronous functions', async () => {
    const later = async (x: number): Promise<number> => Promise.resolve(x + 1);
    assert.deepEqual(await collect(pool.imap(later, counting(20), { chunksize: 3 })), counting(21).slice(1));
  });

  it('may be left with return, which ends it', async () => {
    const iterator = pool.imap(square, counting(10));
    await iterator.next();
    assert.deepEqual(await iterator.return?.(), { done: true, value: undefined });
    assert.deepEqual(await iterator.next(), { done: true, value: undefined });
  });
});

describe('Pool.imapUnordered', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  it('gives results in the order of completion', async () => {
    await pool.broadcast(square, [1]);
    const waits = [200, 1, 1, 1, 1];
    const order = await collect(
      pool.imapUnordered((ms: number) => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
        return ms;
      }, waits),
    );
    assert.deepEqual(order, [1, 1, 1, 1, 200]);
  });

  it('gives each result once, for any chunksize', async () => {
    for (const chunksize of [1, 3, 100]) {
      const results = await collect(pool.imapUnordered(slowEven, counting(50), { chunksize }));
      assert.deepEqual(
        results.sort((a, b) => a - b),
        counting(50),
      );
    }
  });
});
