import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, SharedArray } from 'allcores';
import { run } from './child.js';
import { base, report, seen, workersGone } from './inside.js';

describe('an initializer', () => {
  it('runs once in every worker before its first task, replacements included', async () => {
    const child = await run(async () => {
      const runs = new SharedArray('int32', 1);
      const initializer = async (count: SharedArray<'int32'>): Promise<void> => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        Atomics.add(count.view, 0, 1);
        (globalThis as { ready?: boolean }).ready = true;
      };
      const pool = new Pool(2, { initializer, initargs: [runs] });
      const ready = (): boolean => 'ready' in globalThis;
      report((await Promise.all(Array.from({ length: 20 }, () => pool.apply(ready)))).every(Boolean));
      await pool.broadcast(ready);
      report(runs.at(0));
      await seen(pool.apply(() => process.exit(1)));
      report(await pool.broadcast(ready));
      report(runs.at(0));
    });
    assert.deepEqual(child.reports, [true, 2, [true, true], 3]);
    assert.equal(child.code, 0);
  });

  it('is no task: it does not use up what limits a worker', async () => {
    const child = await run(async () => {
      const hoards = (): void => {
        (globalThis as { kept?: unknown }).kept = new Array(8 << 20).fill(0.5);
      };
      for (const options of [{ maxTasksPerChild: 1 }, { maxMemoryPerChild: 30 << 20 }]) {
        const pool = new Pool(1, { ...options, initializer: hoards });
        for (let i = 0; i < 3; i++) report(await pool.apply((x: number) => x, [i]));
        report(pool.stats().crashed);
      }
    });
    assert.deepEqual(child.reports, [0, 1, 2, 0, 0, 1, 2, 0]);
    assert.equal(child.code, 0);
  });

  for (const how of ['throws', 'rejects']) {
    it(`that ${how} fails the pool with its error, tasks that wait included`, async () => {
      const child = await run(
        async (kind: string) => {
          const threads = await base();
          const initializer = (kindOf: string): unknown => {
            const error = new RangeError('cannot start');
            if (kindOf === 'throws') throw error;
            return Promise.reject(error);
          };
          const pool = new Pool(2, { initializer, initargs: [kind] });
          const waiting = Array.from({ length: 100 }, () => seen(pool.apply(() => 1)));
          report(new Set((await Promise.all(waiting)).map((outcome) => JSON.stringify(outcome))).size);
          report(await waiting[0]);
          report(await seen(() => pool.apply(() => 1)));
          await pool.join();
          report([await workersGone(threads), pool.workers.length]);
        },
        { args: [how] },
      );
      const failure = { error: { name: 'RangeError', message: 'cannot start' } };
      assert.deepEqual(child.reports, [1, failure, failure, [0, 0]]);
      assert.deepEqual([child.code, child.stderr], [0, '']);
    });
  }

  it('that exits fails the pool rather than being tried again for ever', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(2, { initializer: () => process.exit(8) });
      const outcome = (await seen(pool.apply(() => 1))) as { error: Record<string, unknown> };
      report([outcome.error['name'], outcome.error['exitCode']]);
      await pool.join();
      report([await workersGone(threads), pool.workers.length]);
    });
    assert.deepEqual(child.reports, [
      ['WorkerCrashedError', 8],
      [0, 0],
    ]);
    assert.equal(child.code, 0);
  });

  it('that never settles does not keep terminate from ending', async () => {
    const child = await run(async () => {
      const threads = await base();
      for (const initializer of [
        () => new Promise(() => {}),
        () => {
          for (;;);
        },
      ]) {
        // prettier-ignore
        const pool = new Pool(2, { initializer });
        const waiting = seen(pool.apply(() => 1));
        await sleep(100);
        await pool.terminate();
        report(await waiting);
        report([await workersGone(threads), pool.workers.length]);
      }
    });
    const closed = {
      error: { name: 'PoolClosedError', code: 'ERR_ALLCORES_POOL_CLOSED', message: 'The pool was terminated' },
    };
    assert.deepEqual(child.reports, [closed, [0, 0], closed, [0, 0]]);
    assert.equal(child.code, 0);
  });

  it('that fails without any task does not end the process, and is told by the next call', async () => {
    const child = await run(async () => {
      const initializer = (): never => {
        throw new RangeError('cannot start');
      };
      const pool = new Pool(1, { initializer });
      while (pool.workers.length > 0) await sleep(10);
      report(await seen(() => pool.apply(() => 1)));
    });
    assert.deepEqual(child.reports, [{ error: { name: 'RangeError', message: 'cannot start' } }]);
    assert.equal(child.code, 0);
  });
});
