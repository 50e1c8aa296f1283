import assert from 'node:assert/strict';
import { currentTask, Pool } from 'allcores';

/** Items of one chunk get one number: they are one task. */
function chunkOf(_: unknown): number {
  return currentTask()!.id;
}

describe('chunksize', () => {
  let pool: Pool;
  before(() => (pool = new Pool(1)));
  after(() => pool.terminate());

  it('is how many items make one task, the last one taking the rest', async () => {
    const { completed } = pool.stats();
    const ids = await pool.map(chunkOf, ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'], { chunksize: 4 });
    assert.equal(pool.stats().completed - completed, 3);
    for (const chunk of [ids.slice(0, 4), ids.slice(4, 8), ids.slice(8)]) {
      assert.equal(new Set(chunk).size, 1, ids.join());
    }
  });

  it('unset: cheap items travel in large chunks, expensive ones alone', async () => {
    const { completed } = pool.stats();
    await pool.map(
      (x: string) => x,
      Array.from({ length: 20_000 }, (_, i) => `${i}`),
    );
    const cheap = pool.stats().completed - completed;
    assert.ok(cheap < 2000, `${cheap} tasks for 20,000 cheap items`);
    const fresh = new Pool(2);
    try {
      await fresh.map(
        (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
        new Array(20).fill(5),
      );
      assert.equal(fresh.stats().completed, 20);
    } finally {
      await fresh.terminate();
    }
  });

  it('may exceed the number of items', async () => {
    assert.deepEqual(await pool.map((x: number) => x, [1, 2], { chunksize: 1_000_000 }), [1, 2]);
  });

  it('is refused unless it is an integer of at least 1, buffersize likewise', () => {
    const fn = (x: number): number => x;
    for (const value of [0, -1, 1.5]) {
      const error = { name: 'RangeError', message: new RegExp(`must be an integer of at least 1, got ${value}`) };
      assert.throws(() => void pool.map(fn, [1], { chunksize: value }), error);
      assert.throws(() => pool.imap(fn, [1], { chunksize: value }), error);
      assert.throws(() => pool.imapUnordered(fn, [1], { buffersize: value }), error);
      assert.throws(() => pool.transform(fn, { buffersize: value }), error);
    }
    assert.throws(() => void pool.mapAsync(fn, [1], { chunksize: '5' as never }), {
      name: 'TypeError',
      message: "chunksize must be an integer, got '5'",
    });
  });
});
