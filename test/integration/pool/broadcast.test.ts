import assert from 'node:assert/strict';
import { currentProcess, Pool } from 'allcores';

const seen: number[] = [];

function remember(value: number): string {
  seen.push(value);
  return `${currentProcess().name}: ${seen.join(' ')}`;
}

describe('Pool.broadcast', () => {
  it('runs once on every worker, results in the order of workers', async () => {
    const pool = new Pool(3);
    try {
      assert.deepEqual(await pool.broadcast(remember, [1]), ['PoolWorker-1: 1', 'PoolWorker-2: 1', 'PoolWorker-3: 1']);
      assert.deepEqual(await pool.broadcast(remember, [2]), [
        'PoolWorker-1: 1 2',
        'PoolWorker-2: 1 2',
        'PoolWorker-3: 1 2',
      ]);
    } finally {
      await pool.terminate();
    }
  });

  it('waits for busy workers', async () => {
    const pool = new Pool(2);
    try {
      const busy = pool.apply(() => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100));
      const names = await pool.broadcast(() => currentProcess().name);
      assert.deepEqual(names, ['PoolWorker-1', 'PoolWorker-2']);
      await busy;
    } finally {
      await pool.terminate();
    }
  });

  it('gets round a long queue of other tasks', async () => {
    const pool = new Pool(2);
    try {
      const tasks = pool.map((x: number) => x, Array.from({ length: 20_000 }).keys(), { chunksize: 1 });
      const singles = Array.from({ length: 10_000 }, (_, i) => pool.apply((x: number) => x, [i]));
      assert.equal((await pool.broadcast(remember, [7])).length, 2);
      assert.equal((await tasks).length, 20_000);
      await Promise.all(singles);
    } finally {
      await pool.terminate();
    }
  });

  it('starts the workers that are not there yet', async () => {
    const pool = new Pool(3, { minWorkers: 0 });
    try {
      assert.equal(pool.workers.length, 0);
      assert.deepEqual(await pool.broadcast(() => 1), [1, 1, 1]);
    } finally {
      await pool.terminate();
    }
  });

  it('may be called many times at once', async () => {
    const pool = new Pool(2);
    try {
      const rounds = await Promise.all(Array.from({ length: 200 }, (_, i) => pool.broadcast((x: number) => x, [i])));
      assert.deepEqual(
        rounds,
        Array.from({ length: 200 }, (_, i) => [i, i]),
      );
    } finally {
      await pool.terminate();
    }
  });

  it('keeps the arguments of a task whose worker goes before it has begun', async () => {
    for (const args of [[1], [true, 2], ['x']] as unknown[][]) {
      const pool = new Pool(1);
      try {
        const forever = (): void => {
          for (;;);
        };
        await assert.rejects(pool.apply(forever, [], { timeout: 20 }), { name: 'TaskTimeoutError' });
        // The worker is about to be replaced, and does not begin this any more.
        const broadcast = pool.broadcast((...given: unknown[]) => given, args);
        const expected = [[...args]];
        args.fill(0);
        assert.deepEqual(await broadcast, expected);
      } finally {
        await pool.terminate();
      }
    }
  });

  it('rejects with the error of a worker', async () => {
    const pool = new Pool(2);
    try {
      await assert.rejects(
        pool.broadcast(() => {
          throw new EvalError('not me');
        }),
        { name: 'EvalError', message: 'not me' },
      );
    } finally {
      await pool.terminate();
    }
  });
});
