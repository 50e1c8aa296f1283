import assert from 'node:assert/strict';
import { Pool, SharedArray, type DType } from 'allcores';

function double(x: number): number {
  return x * 2;
}

function doubleBig(x: bigint): bigint {
  return x * 2n;
}

const FLOATS: readonly DType[] = ['float32', 'float64'];
const INTEGERS: readonly DType[] = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32'];

describe('option out', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  it('is what the promise gives', async () => {
    const out = new SharedArray('float64', 3);
    const result: SharedArray<'float64'> = await pool.map(double, [1, 2, 3], { out });
    assert.equal(result, out);
    assert.deepEqual([...out], [2, 4, 6]);
  });

  it('takes results in every type of number', async () => {
    const items = Array.from({ length: 1000 }, (_, i) => i % 60);
    for (const dtype of [...FLOATS, ...INTEGERS]) {
      const out = new SharedArray(dtype, items.length);
      await pool.map(double, items, { out });
      assert.deepEqual([...out], items.map(double), dtype);
    }
  });

  it('takes bigints for the 64-bit types', async () => {
    const items = new SharedArray(
      'int64',
      Array.from({ length: 400 }, (_, i) => BigInt(i)),
    );
    const out = new SharedArray('uint64', 400);
    await pool.map(doubleBig, items, { out });
    assert.deepEqual(
      [...out],
      Array.from({ length: 400 }, (_, i) => BigInt(2 * i)),
    );
    await pool.map(doubleBig, [7n, 8n], { out });
    assert.deepEqual([out.at(0), out.at(1), out.at(2)], [14n, 16n, 4n]);
  });

  it('converts as a typed array does', async () => {
    const out = new SharedArray('uint8', 3);
    await pool.map(double, [128, 1.25, -1], { out });
    assert.deepEqual([...out], [...Uint8Array.of(256, 2.5, -2)]);
  });

  it('may be longer than the items', async () => {
    const out = new SharedArray('float64', 5).fill(-1);
    await pool.map(double, [1, 2], { out });
    assert.deepEqual([...out], [2, 4, -1, -1, -1]);
  });

  it('may be the vector that the items are read from', async () => {
    const vector = new SharedArray(
      'float64',
      Array.from({ length: 20_000 }, (_, i) => i),
    );
    await pool.map(double, vector, { out: vector });
    assert.deepEqual([...vector.view.subarray(0, 3), vector.at(-1)], [0, 2, 4, 39_998]);
  });

  it('works with starmap and with items of other kinds', async () => {
    const out = new SharedArray('int32', 2);
    const pairs: [number, number][] = [[1, 2], [3, 4]]; // prettier-ignore
    await pool.starmap((a: number, b: number) => a * b, pairs, { out });
    assert.deepEqual([...out], [2, 12]);
    await pool.map((text: string) => text.length, ['abc', 'z'], { out });
    assert.deepEqual([...out], [3, 1]);
  });

  it('is complete for asynchronous functions', async () => {
    const out = new SharedArray('float64', 500);
    await pool.map(async (x: number) => x + 1, Array.from({ length: 500 }).keys(), { out });
    assert.deepEqual(
      [...out],
      Array.from({ length: 500 }, (_, i) => i + 1),
    );
  });

  it('refuses a result that is no number, by its index', async () => {
    const out = new SharedArray('float64', 400);
    const bad = (x: number): unknown => (x === 299 ? 'text' : x);
    for (const items of [Array.from({ length: 400 }, (_, i) => i), [5, 299]]) {
      await assert.rejects(pool.map(bad, items, { out }), {
        name: 'TypeError',
        message: /^Result (299|1) must be a number for out, got 'text'$/,
      });
    }
  });

  it('refuses a vector that is too short or none at all', () => {
    assert.throws(() => void pool.map(double, [1, 2, 3], { out: new SharedArray('int8', 2) }), {
      name: 'RangeError',
      message: /out must have room for 3 results, has 2/,
    });
    assert.throws(() => void pool.map(double, [1], { out: new Float64Array(1) as never }), {
      name: 'TypeError',
      message: /out must be a SharedArray, got Float64Array/,
    });
  });
});
