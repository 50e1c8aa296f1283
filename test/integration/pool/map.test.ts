import assert from 'node:assert/strict';
import { Pool, SharedArray } from 'allcores';

function square(x: number): number {
  return x * x;
}

function squares(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i * i);
}

function counting(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function oddOnly(x: number): number {
  if (x % 2 === 0) throw new RangeError(`${x} is even`);
  return x;
}

function described(value: unknown): string {
  return `${typeof value} ${String(value)}`;
}

describe('Pool.map', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  it('keeps the order of the items, whichever ends first', async () => {
    const waits = counting(60).map((i) => (i * 7) % 13);
    const result = await pool.map(
      (ms: number) => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
        return ms;
      },
      waits,
      { chunksize: 1 },
    );
    assert.deepEqual(result, waits);
  });

  it('maps 0, 1, 2, 255, 256, 257 and 100,000 numbers', async () => {
    for (const count of [0, 1, 2, 255, 256, 257, 100_000]) {
      assert.deepEqual(await pool.map(square, counting(count)), squares(count), `${count} numbers`);
    }
  });

  it('gives an ordinary array', async () => {
    for (const count of [0, 10, 1000]) {
      const result = await pool.map(square, counting(count));
      assert.ok(Array.isArray(result));
      assert.equal(result.push(1), count + 1);
    }
  });

  it('keeps -0, NaN, infinities and fractions', async () => {
    const special = [-0, Number.NaN, Infinity, -Infinity, 5e-324, 0.1, 2 ** 53, -1.7976931348623157e308];
    assert.deepEqual(await pool.map((x: number) => x, special), special);
    const many = Array.from({ length: 800 }, (_, i) => special[i % special.length]!);
    assert.deepEqual(await pool.map((x: number) => x, many), many);
  });

  it('passes the item alone: no index and no array', async () => {
    const count = (...args: unknown[]): number => args.length;
    assert.deepEqual(await pool.map(count, ['a', 'b']), [1, 1]);
    assert.deepEqual(await pool.map(count, counting(300)), new Array(300).fill(1));
  });

  it('takes results that are not numbers from a long map of numbers', async () => {
    const mixed = (x: number): unknown => {
      if (x % 100 === 7) return { x };
      if (x % 100 === 8) return undefined;
      return x % 100 === 9 ? `${x}` : x;
    };
    const items = counting(5000);
    assert.deepEqual(await pool.map(mixed, items), items.map(mixed));
    assert.deepEqual(await pool.map(described, items), items.map(described));
    assert.deepEqual(await pool.map(() => undefined, items), new Array(5000).fill(undefined));
  });

  it('maps asynchronous functions, over few items and many numbers', async () => {
    const later = async (x: number): Promise<number> => {
      await Promise.resolve();
      return x + 1;
    };
    for (const count of [5, 3000]) {
      assert.deepEqual(await pool.map(later, counting(count)), counting(count + 1).slice(1));
    }
    const sometimes = (x: number): number | Promise<number> => (x % 3 === 0 ? Promise.resolve(x) : x);
    assert.deepEqual(await pool.map(sometimes, counting(1000)), counting(1000));
  });

  it('rejects with the error of the first item that failed, once all have run', async () => {
    const ran = new SharedArray('int32', 1);
    const items = counting(40).map((i) => ({ i, ran }));
    const job = pool.map(
      (item: { i: number; ran: SharedArray<'int32'> }) => {
        Atomics.add(item.ran.view, 0, 1);
        if (item.i === 5) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
        if (item.i >= 5) throw new RangeError(`item ${item.i}`);
        return item.i;
      },
      items,
      { chunksize: 1 },
    );
    await assert.rejects(job, { name: 'RangeError', message: 'item 5' });
    assert.equal(ran.at(0), 40);
  });

  it('rejects with the error of the first item in order, numbers in a column likewise', async () => {
    await assert.rejects(pool.map(oddOnly, counting(5000)), { message: '0 is even' });
    await assert.rejects(pool.map(oddOnly, [1, 3, 5, 8, 10]), { message: '8 is even' });
    await assert.rejects(
      pool.map(async (x: number) => oddOnlyLater(x), counting(2000)),
      { message: '0 is even' },
    );
  });

  it('runs several maps at once', async () => {
    const jobs = [300, 3, 1, 2000, 0, 40].map((count) => pool.map(square, counting(count)));
    assert.deepEqual(
      (await Promise.all(jobs)).map((result) => result.length),
      [300, 3, 1, 2000, 0, 40],
    );
  });

  it('makes an item that cannot travel the error of the map, at its place', async () => {
    const items: unknown[] = [1, 2, { deep: [Symbol('no')] }, 4];
    await assert.rejects(pool.map(described, items, { chunksize: 4 }), {
      code: 'ERR_ALLCORES_SERIALIZATION',
      path: /\[2\]\.deep\[0\]$/,
    } as never);
  });
});

async function oddOnlyLater(x: number): Promise<number> {
  await Promise.resolve();
  return oddOnly(x);
}
