import assert from 'node:assert/strict';
import { Pool } from 'allcores';

class WhenError extends Error {}

function square(x: number): number {
  return x * x;
}

function multiply(a: number, b: number): number {
  return a * b;
}

function parse(text: string): number {
  const value = Number(text);
  if (Number.isNaN(value)) throw new RangeError(`invalid: ${text}`);
  return value;
}

function* throwing(total: number, when: number): Generator<number> {
  if (when < 0) throw new WhenError('somebody said when');
  for (let i = 0; i < total; i++) {
    if (i === when) throw new WhenError('somebody said when');
    yield i;
  }
}

function failLargely(x: number): number {
  if (x === 0) throw new RangeError('x'.repeat(1 << 20));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  return x;
}

function counting(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

describe('as Python: map', () => {
  let pool: Pool;
  before(() => (pool = new Pool(4)));
  after(() => pool.terminate());

  it('map gives the results in order, with and without a chunksize', async () => {
    assert.deepEqual(await pool.map(square, counting(10)), counting(10).map(square));
    assert.deepEqual(await pool.map(square, counting(100), { chunksize: 20 }), counting(100).map(square));
  });

  it('starmap spreads lists of arguments, with and without a chunksize', async () => {
    for (const [count, options] of [
      [10, {}],
      [100, { chunksize: 20 }],
    ] as const) {
      const pairs = counting(count).map((i): [number, number] => [i, count - 1 - i]);
      assert.deepEqual(
        await pool.starmap(multiply, pairs, options),
        pairs.map(([a, b]) => a * b),
      );
    }
  });

  it('starmapAsync gives the results of starmap', async () => {
    const pairs = counting(100).map((i): [number, number] => [i, 99 - i]);
    assert.deepEqual(
      await pool.starmapAsync(multiply, pairs).get(),
      pairs.map(([a, b]) => a * b),
    );
  });

  it('mapAsync gives the results of map', async () => {
    assert.deepEqual(await pool.mapAsync(square, counting(10)).get(), counting(10).map(square));
  });

  it('mapAsync calls back with all results or with the error', async () => {
    const calls: unknown[] = [];
    const callbacks = {
      callback: (values: number[]) => calls.push(values),
      errorCallback: (error: unknown) => calls.push(error),
    };
    await pool.mapAsync(parse, ['1'], callbacks).wait();
    assert.deepEqual(calls, [[1]]);
    await pool.mapAsync(parse, ['a'], callbacks).wait();
    assert.equal(calls.length, 2);
    assert.ok(calls[1] instanceof RangeError);
  });

  it('map of items that cannot be copied rejects, and hangs nothing', async () => {
    const bad = {
      get never(): number {
        throw new EvalError('cannot be read');
      },
    };
    await assert.rejects(pool.map((x: typeof bad) => x.never, new Array<typeof bad>(10).fill(bad)));
    assert.deepEqual(await pool.map(square, [2]), [4]);
  });

  it('mapAsync with a chunksize over no items does not stall', async () => {
    assert.deepEqual(await pool.mapAsync(square, [], { chunksize: 1 }).get({ timeout: 5000 }), []);
  });

  it('map throws the error of its iterable, at the first item or later, time and again', () => {
    for (const [total, when] of [
      [1, -1],
      [1, -1],
      [10, 3],
    ] as const) {
      // prettier-ignore
      assert.throws(() => void pool.map(square, throwing(total, when), { chunksize: 1 }), WhenError);
    }
    const special: Iterable<number> & { length: number } = {
      length: 1,
      [Symbol.iterator]: () => ({
        next: (): never => {
          throw new WhenError('at once');
        },
      }),
    };
    assert.throws(() => void pool.map(square, special, { chunksize: 1 }), WhenError);
    assert.throws(() => void pool.map(square, special, { chunksize: 1 }), WhenError);
  });

  it('an error in map is told once every item has run, and nothing deadlocks', async () => {
    const two = new Pool(2);
    const begin = performance.now();
    await assert.rejects(two.map(failLargely, [0, 1]), RangeError);
    assert.ok(performance.now() - begin >= 495);
    two.close();
    await two.join();
  });

  it('no items give no results, for every kind of map', async () => {
    const one = new Pool(1);
    assert.deepEqual(await one.map(square, []), []);
    for await (const _ of one.imap(square, [])) assert.fail('a result of nothing');
    for await (const _ of one.imapUnordered(square, [])) assert.fail('a result of nothing');
    assert.deepEqual(await one.mapAsync(square, []).get(), []);
    one.close();
    await one.join();
  });
});
