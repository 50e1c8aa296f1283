import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'allcores';
import { run } from './child.js';
import { base, letGo, report, seen } from './inside.js';

const crashed = (exitCode: number): object => ({
  name: 'WorkerCrashedError',
  code: 'ERR_ALLCORES_WORKER_CRASHED',
  message: `PoolWorker-1 exited with code ${exitCode} during the task`,
  exitCode,
  workerId: 1,
});

const ALL_GONE = { threads: 0, workers: 0 };

describe('a task that ends its worker by process.exit', () => {
  it('rejects with the exit code, and the next worker serves on', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(1);
      report(await seen(pool.apply(() => process.exit(3))));
      report(await seen(pool.apply((x: number) => x * 2, [21])));
      report(pool.workers.map(({ id, state }) => ({ id, state })));
      report(await letGo(pool, threads));
    });
    assert.deepEqual(child.reports, [{ error: crashed(3) }, { value: 42 }, [{ id: 2, state: 'serving' }], ALL_GONE]);
    assert.deepEqual([child.code, child.stderr], [0, '']);
  });

  it('counts exit code 0 as a crash too: there is no result', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      report(await seen(pool.apply(() => process.exit())));
      report(pool.stats().crashed);
    });
    assert.deepEqual(child.reports, [{ error: crashed(0) }, 1]);
    assert.equal(child.code, 0);
  });

  it('does so while the task is asynchronous', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(1);
      const task = async (): Promise<void> => {
        await new Promise((resolve) => setTimeout(resolve, 10));
        process.exit(4);
      };
      report(await seen(pool.apply(task)));
      report(await seen(pool.apply(() => 'next')));
      report(await letGo(pool, threads));
    });
    assert.deepEqual(child.reports, [{ error: crashed(4) }, { value: 'next' }, ALL_GONE]);
  });

  it('touches no task of the other workers, nor one that waits', async () => {
    const child = await run(async () => {
      const pool = new Pool(2);
      const others = Array.from({ length: 200 }, (_, i) => pool.apply((x: number) => x + 1, [i]));
      const fatal = pool.apply(() => process.exit(5));
      const later = Array.from({ length: 200 }, (_, i) => pool.apply((x: number) => x + 1, [i]));
      const [outcome] = await Promise.allSettled([fatal]);
      report(outcome.status);
      const values = await Promise.all([...others, ...later]);
      report(values.every((value, i) => value === (i % 200) + 1));
    });
    assert.deepEqual(child.reports, ['rejected', true]);
  });

  it('costs nobody anything when the exit comes after the result', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      const first = pool.apply(() => {
        setTimeout(() => process.exit(6), 20);
        return 'done';
      });
      report(await seen(first));
      while (pool.stats().crashed === 0) await sleep(10);
      report(await seen(pool.apply(() => 'next')));
    });
    assert.deepEqual(child.reports, [{ value: 'done' }, { value: 'next' }]);
  });

  it('rejects all of a map by it, after the rest has run', async () => {
    const child = await run(async () => {
      const pool = new Pool(2);
      const fn = (x: number): number => (x === 5 ? process.exit(7) : x);
      const outcome = (await seen(pool.map(fn, [...Array(10).keys()], { chunksize: 1 }))) as { error: object };
      report({ ...outcome.error, message: undefined, workerId: undefined });
      report(await seen(pool.map((x: number) => x, [1, 2, 3])));
    });
    assert.deepEqual(child.reports, [
      { name: 'WorkerCrashedError', code: 'ERR_ALLCORES_WORKER_CRASHED', exitCode: 7 },
      { value: [1, 2, 3] },
    ]);
  });
});
