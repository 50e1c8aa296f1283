import assert from 'node:assert/strict';
import { Pool, SharedArray } from 'allcores';

function identity<T>(value: T): T {
  return value;
}

function kind(value: unknown): string {
  return value === null ? 'null' : typeof value;
}

function* upTo(count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield i;
}

const VIEWS = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
] as const;

describe('items of Pool.map', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  it('may be a Set, a Map, a string or a generator', async () => {
    assert.deepEqual(await pool.map(identity, new Set([3, 1, 2])), [3, 1, 2]);
    assert.deepEqual(await pool.map(identity, new Map([['a', 1]])), [['a', 1]]);
    assert.deepEqual(await pool.map(identity, 'añ😀b'), ['a', 'ñ', '😀', 'b']);
    assert.deepEqual(await pool.map(identity, upTo(5)), [0, 1, 2, 3, 4]);
    assert.deepEqual(await pool.map(identity, upTo(1000)), [...upTo(1000)]);
  });

  it('may be a typed array of each element type', async () => {
    for (const View of VIEWS) {
      const items = View.from(Array.from({ length: 1000 }, (_, i) => i % 100));
      assert.deepEqual(
        await pool.map((x: number) => x + 0.5, items),
        Array.from(items, (x) => x + 0.5),
        View.name,
      );
    }
  });

  it('may be a typed array of bigints', async () => {
    const items = BigInt64Array.from({ length: 500 }, (_, i) => BigInt(i) - 250n);
    assert.deepEqual(
      await pool.map((x: bigint) => x * 2n, items),
      Array.from(items, (x) => x * 2n),
    );
  });

  it('may be a part of a larger buffer, a Buffer, or shared memory of the platform', async () => {
    const whole = Int32Array.from({ length: 600 }, (_, i) => i);
    assert.deepEqual(await pool.map(identity, whole.subarray(100, 500)), Array.from(whole.subarray(100, 500)));
    assert.deepEqual(await pool.map(identity, Buffer.from('abc')), [97, 98, 99]);
    const shared = new Uint16Array(new SharedArrayBuffer(20)).fill(7);
    assert.deepEqual(await pool.map(identity, shared), new Array(10).fill(7));
  });

  it('may be a clamped array, which is none of the shared types', async () => {
    assert.deepEqual(await pool.map(identity, Uint8ClampedArray.of(1, 300, 2)), [1, 255, 2]);
  });

  it('may be an empty typed array', async () => {
    assert.deepEqual(await pool.map(identity, new Float64Array(0)), []);
  });

  it('may be a SharedArray, which is read in place', async () => {
    const items = new SharedArray('float32', [1.5, 2.5, 3.5]);
    assert.deepEqual(await pool.map(identity, items), [1.5, 2.5, 3.5]);
    const long = new SharedArray('int32', 50_000);
    for (let i = 0; i < long.length; i++) long.view[i] = i;
    assert.deepEqual(
      await pool.map((x: number) => x * 2, long),
      Array.from(long, (x) => x * 2),
    );
    const big = new SharedArray('int64', [1n, -5n]);
    assert.deepEqual(await pool.map(identity, big), [1n, -5n]);
  });

  it('may be numbers mixed with others, wherever the first other one stands', async () => {
    for (const at of [0, 1, 299, 300, 599]) {
      const items: unknown[] = Array.from({ length: 600 }, (_, i) => i);
      items[at] = { odd: 'one out' };
      assert.deepEqual(await pool.map(identity, items), items, `at ${at}`);
    }
  });

  it('may be an array with holes, which arrive as undefined', async () => {
    const items = [1, , 3] as (number | undefined)[]; // oxlint-disable-line no-sparse-arrays -- what is tested
    assert.deepEqual(await pool.map(kind, items), ['number', 'undefined', 'number']);
    const long: (number | undefined)[] = Array.from({ length: 400 }, (_, i) => i);
    delete long[200];
    const expected: string[] = new Array<string>(400).fill('number');
    expected[200] = 'undefined';
    assert.deepEqual(await pool.map(kind, long), expected);
  });

  it('are taken at the call: what the caller does to them afterwards reaches no task', async () => {
    const items = Array.from({ length: 3000 }, (_, i) => i);
    const view = Float64Array.from(items);
    const jobs = [pool.map(identity, items, { chunksize: 1 }), pool.map(identity, view)];
    items.fill(-1);
    items.length = 10;
    view.fill(-1);
    for (const result of await Promise.all(jobs)) {
      assert.deepEqual(
        result,
        Array.from({ length: 3000 }, (_, i) => i),
      );
    }
  });

  it('are no iterable: refused by name', () => {
    for (const items of [undefined, null, 5, {}, () => 1]) {
      assert.throws(() => void pool.map(identity, items as never), {
        name: 'TypeError',
        message: /^items must be an iterable, got /,
      });
    }
  });

  it('may throw while they are read: that is thrown by the call', () => {
    function* broken(): Generator<number> {
      yield 1;
      throw new EvalError('out of items');
    }
    assert.throws(() => void pool.map(identity, broken()), { name: 'EvalError', message: 'out of items' });
  });
});
