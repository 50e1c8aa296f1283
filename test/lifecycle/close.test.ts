import assert from 'node:assert/strict';
import { Pool } from 'allcores';
import { run } from './child.js';
import { base, drainsAtTheEndOfScope, report, seen, workersGone } from './inside.js';

const notRunning = {
  error: { name: 'PoolClosedError', code: 'ERR_ALLCORES_POOL_CLOSED', message: 'Pool not running' },
};
const stillRunning = {
  error: { name: 'ProcessError', code: 'ERR_ALLCORES_PROCESS', message: 'Pool is still running' },
};

describe('close and join', () => {
  it('let queued work drain', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(2);
      const work = Array.from({ length: 10_000 }, (_, i) => pool.apply((x: number) => x, [i]));
      const mapped = pool.map((x: number) => -x, [...Array(1000).keys()]);
      const slow = pool.apply(() => new Promise((resolve) => setTimeout(() => resolve('slow'), 100)));
      pool.close();
      await pool.join();
      report([await workersGone(threads), pool.workers.length]);
      report((await Promise.all(work)).every((value, i) => value === i));
      report((await mapped).every((value, i) => value === -i));
      report(await slow);
    });
    assert.deepEqual(child.reports, [[0, 0], true, true, 'slow']);
    assert.equal(child.code, 0);
  });

  it('drain what crashes, is retried and is recycled as well', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(2, { maxTasksPerChild: 5 });
      const work = Promise.allSettled(
        Array.from({ length: 60 }, (_, i) =>
          pool.apply((x: number) => (x % 20 === 7 ? process.exit(1) : x), [i], { retries: 1 }),
        ),
      );
      pool.close();
      await pool.join();
      const outcomes = await work;
      report(outcomes.map((of, i) => (of.status === 'rejected' ? i : -1)).filter((i) => i >= 0));
      report([await workersGone(threads), pool.workers.length]);
    });
    assert.deepEqual(child.reports, [
      [7, 27, 47],
      [0, 0],
    ]);
    assert.equal(child.code, 0);
  });

  it('of a pool that is still starting, or has never had a task', async () => {
    const child = await run(async () => {
      const threads = await base();
      for (const minWorkers of [2, 0]) {
        const pool = new Pool(2, { minWorkers });
        pool.close();
        await pool.join();
        report([await workersGone(threads), pool.workers.length]);
      }
      const pool = new Pool(2, { minWorkers: 0 });
      const only = pool.apply(() => 'only');
      pool.close();
      await pool.join();
      report([await only, await workersGone(threads)]);
    });
    assert.deepEqual(child.reports, [
      [0, 0],
      [0, 0],
      ['only', 0],
    ]);
    assert.equal(child.code, 0);
  });

  it('refuse join before close, and any work after it', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      report(await seen(() => pool.join()));
      pool.close();
      const fn = (x: number): number => x;
      report(await seen(() => pool.apply(fn, [1])));
      report(await seen(() => pool.applyAsync(fn, [1])));
      report(await seen(() => pool.applySync(fn, [1])));
      report(await seen(() => pool.map(fn, [1])));
      report(await seen(() => pool.mapSync(fn, [1])));
      report(await seen(() => pool.starmap(fn, [[1]])));
      report(await seen(() => pool.imap(fn, [1]).next()));
      report(await seen(() => pool.broadcast(fn, [1])));
      report(await seen(() => pool.transform(fn)));
      await pool.join();
      report(await seen(() => pool.apply(fn, [1])));
    });
    assert.deepEqual(child.reports, [stillRunning, ...new Array<unknown>(10).fill(notRunning)]);
    assert.equal(child.code, 0);
  });

  it('may be repeated, together with terminate, in each order', async () => {
    const child = await run(async () => {
      const threads = await base();
      const steps = ['close', 'terminate'] as const;
      for (const first of steps) {
        for (const second of steps) {
          const pool = new Pool(2);
          const work = Promise.allSettled(Array.from({ length: 100 }, () => pool.apply(() => 1)));
          for (const step of [first, second, second]) void pool[step]();
          await Promise.all([pool.join(), pool.join()]);
          await pool.join();
          await pool.terminate();
          pool.close();
          const statuses = new Set((await work).map(({ status }) => status));
          report([first, second, [...statuses], await workersGone(threads)]);
        }
      }
    });
    assert.deepEqual(child.reports, [
      ['close', 'close', ['fulfilled'], 0],
      ['close', 'terminate', ['rejected'], 0],
      ['terminate', 'close', ['rejected'], 0],
      ['terminate', 'terminate', ['rejected'], 0],
    ]);
    assert.equal(child.code, 0);
  });

  it('happen at the end of scope by `await using`', async () => {
    const child = await run(async () => {
      const threads = await base();
      report(await drainsAtTheEndOfScope());
      report(await workersGone(threads));
    });
    assert.deepEqual(child.reports, [['slow', 499_500], 0]);
    assert.equal(child.code, 0);
  });

  it('keep the process alive until the workers are gone', async () => {
    const child = await run(async () => {
      const pool = new Pool(2);
      await pool.broadcast(() => process.on('exit', () => {}).pid > 0);
      pool.close();
      await pool.join(); // otherwise exit code 13: the top level never ends
      report('joined');
    });
    assert.deepEqual([child.code, child.reports], [0, ['joined']]);
  });
});
