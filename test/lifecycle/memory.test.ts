import assert from 'node:assert/strict';
import { Pool } from 'allcores';
import { run } from './child.js';
import { base, letGo, report, seen } from './inside.js';

const ALL_GONE = { threads: 0, workers: 0 };

const outOfMemory = {
  name: 'Error',
  code: 'ERR_WORKER_OUT_OF_MEMORY',
  message: 'Worker terminated due to reaching memory limit: JS heap out of memory',
};

describe('a task and memory', () => {
  it('that exceeds resourceLimits costs that task alone', async () => {
    const child = await run(
      async () => {
        const threads = await base();
        const pool = new Pool(2, { resourceLimits: { maxOldGenerationSizeMb: 24 } });
        const greedy = (): number => {
          const all: unknown[] = [];
          for (;;) all.push(new Array(1000).fill(all.length));
        };
        const outcomes = await Promise.allSettled([
          pool.apply((x: number) => x, [1]),
          pool.apply(greedy),
          pool.apply((x: number) => x, [2]),
        ]);
        report(outcomes.map((of) => (of.status === 'fulfilled' ? of.value : of.status)));
        report(await seen(Promise.reject((outcomes[1] as PromiseRejectedResult).reason as Error)));
        report(await seen(pool.map((x: number) => x, [1, 2, 3])));
        report(await letGo(pool, threads));
      },
      { timeout: 18_000 },
    );
    assert.deepEqual(child.reports[0], [1, 'rejected', 2]);
    const { error } = child.reports[1] as { error: Record<string, unknown> };
    assert.equal(error['name'], 'WorkerCrashedError');
    assert.equal(error['exitCode'], 1);
    assert.deepEqual(error['cause'], outOfMemory);
    assert.deepEqual(child.reports.slice(2), [{ value: [1, 2, 3] }, ALL_GONE]);
    assert.equal(child.code, 0);
  });

  it('that overflows its stack is an ordinary RangeError', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      const deep = (): number => {
        const down = (x: number): number => down(x + 1) + 1;
        return down(0);
      };
      for (let i = 0; i < 3; i++) report(await seen(pool.apply(deep)));
      report(await seen(pool.apply(() => 'next')));
      report(pool.workers.map(({ id }) => id));
    });
    const overflow = { error: { name: 'RangeError', message: 'Maximum call stack size exceeded' } };
    assert.deepEqual(child.reports, [overflow, overflow, overflow, { value: 'next' }, [1]]);
  });

  it('whose heap has grown beyond maxMemoryPerChild has its worker replaced after it', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(1, { maxMemoryPerChild: 64 << 20 });
      const hoard = (megabytes: number): number => {
        const kept = ((globalThis as { kept?: unknown[] }).kept ??= []);
        kept.push(new Array(megabytes << 17).fill(0.5));
        return kept.length;
      };
      report(await seen(pool.apply(hoard, [1])));
      report(await seen(pool.apply(hoard, [1])));
      report(await seen(pool.apply(hoard, [80])));
      report(await seen(pool.apply(hoard, [1])));
      const { recycled, crashed } = pool.stats();
      report({ recycled, crashed });
      report(await letGo(pool, threads));
    });
    assert.deepEqual(child.reports.slice(0, 4), [{ value: 1 }, { value: 2 }, { value: 3 }, { value: 1 }]);
    assert.deepEqual(child.reports.slice(4), [{ recycled: 1, crashed: 0 }, ALL_GONE]);
  });
});
