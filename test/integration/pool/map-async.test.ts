import assert from 'node:assert/strict';
import { Pool, SharedArray } from 'allcores';

function square(x: number): number {
  if (Number.isNaN(x)) throw new RangeError('not a number');
  return x * x;
}

describe('Pool.mapAsync', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  it('gives a handle at once and all results later', async () => {
    const result = pool.mapAsync(square, [1, 2, 3]);
    assert.equal(result.ready(), false);
    assert.deepEqual(await result.get(), [1, 4, 9]);
    assert.equal(result.successful(), true);
  });

  it('calls callback with all results, or errorCallback with the error', async () => {
    const calls: unknown[] = [];
    const callback = (values: number[]): number => calls.push(values);
    const errorCallback = (error: unknown): number => calls.push((error as Error).message);
    await pool.mapAsync(square, [1, 2], { callback, errorCallback });
    await pool.mapAsync(square, [1, Number.NaN], { callback, errorCallback }).wait();
    assert.deepEqual(calls, [[1, 4], 'not a number']);
  });

  it('calls back for no items as well', async () => {
    const calls: unknown[] = [];
    const result = pool.mapAsync(square, [], { callback: (values) => calls.push(values) });
    assert.equal(result.ready(), true);
    assert.deepEqual(await result, []);
    assert.deepEqual(calls, [[]]);
  });

  it('cancel rejects the whole job and begins no more items', async () => {
    const ran = new SharedArray('int32', 1);
    const result = pool.mapAsync(
      (counter: SharedArray<'int32'>) => {
        Atomics.add(counter.view, 0, 1);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
        return 0;
      },
      new Array<SharedArray<'int32'>>(500).fill(ran),
      { chunksize: 1, grace: 1000 },
    );
    while (Atomics.load(ran.view, 0) < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    const reason = new Error('changed my mind');
    assert.equal(result.cancel(reason), true);
    await assert.rejects(result.get(), reason);
    assert.equal(result.cancel(), false);
    assert.deepEqual(await pool.map(square, [2]), [4]);
    const after = Atomics.load(ran.view, 0);
    assert.ok(after < 20, `${after} items ran`);
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.equal(Atomics.load(ran.view, 0), after);
  });
});
