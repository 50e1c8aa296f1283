import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, SharedArray } from 'allcores';
import { run } from './child.js';
import { base, report, seen, workersGone } from './inside.js';

const closed = {
  error: { name: 'PoolClosedError', code: 'ERR_ALLCORES_POOL_CLOSED', message: 'The pool was terminated' },
};

describe('terminate', () => {
  it('settles each of 10,000 outstanding promises, once', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(2);
      let settled = 0;
      const count = (): number => settled++;
      const endless = (): void => {
        for (;;);
      };
      for (let i = 0; i < 10; i++) void pool.apply(endless).then(count, count);
      for (let i = 0; i < 9990; i++) void pool.apply((x: string) => x, [`${i}`.repeat(50)]).then(count, count);
      await sleep(20);
      await pool.terminate();
      report(settled);
      await sleep(50);
      report([settled, await workersGone(threads), pool.workers.length]);
      const { queued, running } = pool.stats();
      report({ queued, running });
    });
    assert.deepEqual(child.reports, [10_000, [10_000, 0, 0], { queued: 0, running: 0 }]);
    assert.equal(child.code, 0);
  });

  it('rejects every kind of call that is under way', async () => {
    const child = await run(async () => {
      const pool = new Pool(2);
      const endless = (x: number): number => {
        while (x > 0);
        return x;
      };
      const iterator = pool.imap(endless, [1, 2, 3]);
      const stream = pool.transform(endless);
      const failed = new Promise((resolve, reject) => stream.on('error', reject).on('end', resolve));
      stream.write(1);
      stream.resume();
      const all = [
        seen(pool.apply(endless, [1])),
        seen(pool.applyAsync(endless, [1])),
        seen(pool.map(endless, [1, 2, 3])),
        seen(pool.map(endless, Float64Array.of(1, 2, 3))),
        seen(pool.starmap(endless, [[1], [2]])),
        seen(iterator.next()),
        seen(pool.broadcast(endless, [1])),
        seen(failed),
      ];
      await sleep(50);
      await pool.terminate();
      for (const one of all) report(await one);
    });
    assert.deepEqual(child.reports, new Array(8).fill(closed));
    assert.deepEqual([child.code, child.stderr], [0, '']);
  });

  it('ends jobs that have more items than were submitted', async () => {
    const child = await run(async () => {
      const pool = new Pool(2);
      const endless = (): void => {
        for (;;);
      };
      const items = [...Array(3000).keys()];
      const jobs = [
        seen(pool.map(endless, items as never[], { chunksize: 1 })),
        seen(pool.map(endless, Float64Array.from(items) as never)),
        seen(pool.starmap(endless, items.map(() => []) as never, { chunksize: 1 })),
        seen(pool.imap(endless, items as never[]).next()),
        seen(pool.imapUnordered(endless, items as never[], { chunksize: 3 }).next()),
      ];
      await sleep(50);
      await pool.terminate();
      for (const job of jobs) report(await job);
    });
    assert.deepEqual(child.reports, new Array(5).fill(closed));
    assert.deepEqual([child.code, child.stderr], [0, '']);
  });

  it('works while workers are starting, waiting natively, or full of results that nobody reads', async () => {
    const child = await run(async () => {
      const threads = await base();
      let pool = new Pool(3);
      await pool.terminate();
      report([await workersGone(threads), pool.workers.length]);

      pool = new Pool(2);
      await pool.broadcast(() => 1);
      const waiting = seen(pool.apply(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)));
      await sleep(50);
      await pool.terminate();
      report([await waiting, await workersGone(threads)]);

      pool = new Pool(2);
      const begun = new SharedArray('int32', 1);
      const full = Array.from({ length: 200 }, () =>
        seen(pool.apply((of: SharedArray<'int32'>) => 'x'.repeat(50_000 + Atomics.add(of.view, 0, 1)), [begun])),
      );
      await null;
      const until = performance.now() + 300;
      while (performance.now() < until); // nobody reads
      await pool.terminate();
      report([(await Promise.all(full)).length, begun.at(0)! < 200, await workersGone(threads)]);
    });
    assert.deepEqual(child.reports, [
      [0, 0],
      [closed, 0],
      [200, true, 0],
    ]);
    assert.equal(child.code, 0);
  });

  it('while workers come and go', async () => {
    const child = await run(async () => {
      const threads = await base();
      for (let round = 0; round < 8; round++) {
        const pool = new Pool(2, { maxTasksPerChild: 2 });
        const work = Array.from({ length: 20 }, (_, i) =>
          pool.apply((x: number) => (x % 4 === 1 ? process.exit(1) : x), [i], { retries: 1 }),
        );
        const settled = Promise.allSettled(work);
        await sleep(round * 15);
        await pool.terminate();
        report([(await settled).length, await workersGone(threads), pool.workers.length]);
      }
    });
    assert.deepEqual(child.reports, new Array(8).fill([20, 0, 0]));
    assert.equal(child.code, 0);
  });

  it('leaves other pools alone', async () => {
    const child = await run(async () => {
      const doomed = new Pool(1);
      const other = new Pool(1);
      const work = Array.from({ length: 1000 }, (_, i) => other.apply((x: number) => x, [i]));
      const lost = seen(
        doomed.apply(() => {
          for (;;);
        }),
      );
      await doomed.terminate();
      report([await lost, (await Promise.all(work)).length, other.workers.length]);
    });
    assert.deepEqual(child.reports, [[closed, 1000, 1]]);
  });
});
