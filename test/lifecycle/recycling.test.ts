import assert from 'node:assert/strict';
import { Pool, SharedArray } from 'allcores';
import { run } from './child.js';
import { base, letGo, report } from './inside.js';

const ALL_GONE = { threads: 0, workers: 0 };

describe('maxTasksPerChild', () => {
  it('recycles workers under thousands of tasks, each of which runs exactly once', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(2, { maxTasksPerChild: 250 });
      const runs = new SharedArray('int32', 5000);
      const once = (of: SharedArray<'int32'>, i: number): number => Atomics.add(of.view, i, 1) + i;
      const values = await Promise.all(Array.from({ length: 5000 }, (_, i) => pool.apply(once, [runs, i])));
      report([values.every((value, i) => value === i), runs.view.every((count) => count === 1)]);
      const { recycled, crashed, completed } = pool.stats();
      report({ enough: recycled >= 18 && recycled <= 20, crashed, completed });
      report(await letGo(pool, threads));
    });
    assert.deepEqual(child.reports, [[true, true], { enough: true, crashed: 0, completed: 5000 }, ALL_GONE]);
    assert.equal(child.code, 0);
  });

  it('of 1 gives each task a fresh worker', async () => {
    const child = await run(async () => {
      const pool = new Pool(2, { maxTasksPerChild: 1 });
      const first = (): boolean => {
        const fresh = !('used' in globalThis);
        (globalThis as { used?: boolean }).used = true;
        return fresh;
      };
      report(await Promise.all(Array.from({ length: 12 }, () => pool.apply(first))));
    });
    assert.deepEqual(child.reports, [new Array(12).fill(true)]);
    assert.equal(child.code, 0);
  });

  it('loses no broadcast to a worker that is about to leave', async () => {
    const child = await run(async () => {
      const pool = new Pool(2, { maxTasksPerChild: 5 });
      const lengths: number[] = [];
      for (let round = 0; round < 40; round++) {
        const work = Array.from({ length: 7 }, (_, i) => pool.apply((x: number) => x, [i]));
        lengths.push((await pool.broadcast(() => 'told')).length);
        await Promise.all(work);
      }
      report([...new Set(lengths)]);
      report(pool.stats().crashed);
    });
    assert.deepEqual(child.reports, [[2], 0]);
    assert.deepEqual([child.code, child.stderr], [0, '']);
  });

  it('holds for blocking calls, and for a pool that is closed meanwhile', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(2, { maxTasksPerChild: 3 });
      report(pool.mapSync((x: number) => x, [...Array(30).keys()], { chunksize: 1 }).length);
      const work = Array.from({ length: 30 }, (_, i) => pool.apply((x: number) => x, [i]));
      report(await letGo(pool, threads));
      report((await Promise.all(work)).length);
      report(pool.stats().crashed);
    });
    assert.deepEqual(child.reports, [30, ALL_GONE, 30, 0]);
    assert.equal(child.code, 0);
  });
});
