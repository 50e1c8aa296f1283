import assert from 'node:assert/strict';
import { Pool } from 'allcores';

function add(a: number, b = 100): number {
  return a + b;
}

function describeArguments(...args: unknown[]): string {
  return `${args.length}: ${args.map(String).join(' ')}`;
}

describe('Pool.starmap', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  it('spreads each item over the arguments, order kept', async () => {
    const pairs = Array.from({ length: 300 }, (_, i): [number, number] => [i, 300 - i]);
    assert.deepEqual(await pool.starmap(add, pairs), new Array(300).fill(300));
    assert.deepEqual(await pool.starmap(add, pairs, { chunksize: 7 }), new Array(300).fill(300));
  });

  it('takes argument lists of different lengths', async () => {
    assert.deepEqual(await pool.starmap(describeArguments, [[], [1], ['a', null], [1, 2, 3]]), [
      '0: ',
      '1: 1',
      '2: a null',
      '3: 1 2 3',
    ]);
    assert.deepEqual(await pool.starmap(add, [[1], [1, 1]]), [101, 2]);
  });

  it('takes any iterable of lists', async () => {
    const sums = await pool.starmap(add, new Map([[1, 2], [3, 4]])); // prettier-ignore
    assert.deepEqual(sums, [3, 7]);
  });

  it('gives an empty array for no items', async () => {
    assert.deepEqual(await pool.starmap(add, []), []);
  });

  it('refuses an item that is no list, by its index', () => {
    assert.throws(() => void pool.starmap(add, [[1, 2], 3 as never]), {
      name: 'TypeError',
      message: /items\[1\] must be an array of arguments, got 3/,
    });
  });

  it('starmapAsync gives a handle and calls back', async () => {
    const calls: unknown[] = [];
    const result = pool.starmapAsync(
      add,
      [
        [1, 2],
        [3, 4],
      ],
      { callback: (sums) => calls.push(sums) },
    );
    assert.equal(result.ready(), false);
    assert.deepEqual(await result, [3, 7]);
    assert.deepEqual(calls, [[3, 7]]);
  });
});
