import assert from 'node:assert/strict';
import { currentTask, Pool } from 'allcores';

let previous = -1;
let run = 0;

/** Numbers the tasks of this worker: items of one chunk get one number. */
function chunkOf(_: unknown): number {
  const { id } = currentTask()!;
  return id;
}

/** The lengths of runs of equal numbers. */
function runs(ids: readonly number[]): number[] {
  const lengths: number[] = [];
  previous = -1;
  for (const id of ids) {
    if (id === previous) lengths[lengths.length - 1]!++;
    else lengths.push(1);
    previous = id;
    run++;
  }
  return lengths;
}

describe('chunksize', () => {
  let pool: Pool;
  before(() => (pool = new Pool(1)));
  after(() => pool.terminate());

  it('is how many items make one task, the last one taking the rest', async () => {
    const ids = await pool.map(chunkOf, Array.from({ length: 10 }, (_, i) => `${i}`), { chunksize: 4 });
    assert.ok(runs(ids).every((length) => [4, 8, 2, 6, 10].includes(length)), ids.join());
    assert.equal(new Set(ids.slice(0, 4)).size, 1);
    assert.equal(new Set(ids.slice(4, 8)).size, 1);
    assert.equal(run, 10);
  });

  it('unset: cheap items travel in large chunks, expensive ones alone', async () => {
    const { completed } = pool.stats();
    await pool.map((x: string) => x, Array.from({ length: 20_000 }, (_, i) => `${i}`));
    const cheap = pool.stats().completed - completed;
    assert.ok(cheap < 2000, `${cheap} tasks for 20,000 cheap items`);
    const fresh = new Pool(2);
    try {
      await fresh.map((ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms), new Array(20).fill(5));
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
