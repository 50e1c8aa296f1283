import assert from 'node:assert/strict';
import { currentProcess, currentTask, Pool } from 'allcores';

function report(steps: number): number {
  const task = currentTask()!;
  for (let i = 1; i <= steps; i++) task.progress({ step: i });
  return steps;
}

function look(): [string, string, string, boolean] {
  const { id, attempt, aborted, signal } = currentTask()!;
  return [typeof id, String(attempt), typeof aborted, signal.aborted];
}

async function lookLater(): Promise<[boolean, boolean]> {
  const before = currentTask();
  await new Promise((resolve) => setTimeout(resolve, 5));
  return [before !== undefined, currentTask() === before];
}

function ids(): number {
  return currentTask()!.id;
}

describe('currentTask', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  it('is undefined outside a worker', () => {
    assert.equal(currentTask(), undefined);
  });

  it('has id, attempt, aborted and signal', async () => {
    assert.deepEqual(await pool.apply(look), ['number', '1', 'boolean', false]);
  });

  it('is there for maps, imap and broadcast', async () => {
    assert.deepEqual(await pool.map(look, [1, 2]), [await pool.apply(look), await pool.apply(look)]);
    assert.equal(typeof (await pool.imap(ids, [1]).next()).value, 'number');
    assert.equal((await pool.broadcast(ids)).length, 2);
  });

  it('tells tasks that run at the same time apart', async () => {
    const pair = await Promise.all([
      pool.apply(() => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
        return currentTask()!.id;
      }),
      pool.apply(ids),
    ]);
    assert.notEqual(pair[0], pair[1]);
  });

  it('stays the same across awaits', async () => {
    assert.deepEqual(await pool.apply(lookLater), [true, true]);
  });

  it('progress reaches onProgress in order, before the result', async () => {
    const seen: unknown[] = [];
    const steps = await pool.apply(report, [20], { onProgress: (value) => seen.push(value) });
    assert.equal(steps, 20);
    assert.deepEqual(
      seen,
      Array.from({ length: 20 }, (_, i) => ({ step: i + 1 })),
    );
  });

  it('progress without a listener is lost without harm', async () => {
    assert.equal(await pool.apply(report, [100]), 100);
  });

  it('progress may be large', async () => {
    const sizes: number[] = [];
    await pool.apply(() => currentTask()!.progress(new Uint8Array(3 << 20)), [], {
      onProgress: (value) => sizes.push((value as Uint8Array).length),
    });
    assert.deepEqual(sizes, [3 << 20]);
  });

  it('onProgress may wait for another task of the pool', async () => {
    const seen: number[] = [];
    await pool.apply(report, [1], { onProgress: () => seen.push(pool.applySync((x: number) => x + 1, [1])) });
    assert.deepEqual(seen, [2]);
  });

  it('progress that cannot travel throws in the task', async () => {
    await assert.rejects(
      pool.apply(() => currentTask()!.progress({ bad: Symbol('no') })),
      { code: 'ERR_ALLCORES_SERIALIZATION', path: 'progress.bad' },
    );
  });
});

describe('currentProcess', () => {
  it('is MainProcess here', () => {
    assert.deepEqual({ ...currentProcess() }, { name: 'MainProcess', pid: process.pid, daemon: false });
  });

  it('is PoolWorker-1 in the first worker, with the number of its thread', async () => {
    const pool = new Pool(1);
    try {
      const there = await pool.apply(() => ({ ...currentProcess() }));
      assert.equal(there.name, 'PoolWorker-1');
      assert.equal(there.daemon, true);
      assert.notEqual(there.pid, process.pid);
      assert.deepEqual(pool.workers, [{ id: 1, name: 'PoolWorker-1', pid: there.pid, state: 'serving' }]);
    } finally {
      await pool.terminate();
    }
  });
});
