import assert from 'node:assert/strict';
import { Pool, SharedArray } from 'allcores';
import { run } from './child.js';
import { base, letGo, report, seen, spinFor } from './inside.js';

interface Failure {
  readonly error: Record<string, unknown>;
}

const ALL_GONE = { threads: 0, workers: 0 };

describe('a call that blocks its thread', () => {
  it('ends when the worker exits or has an uncaught error, and the pool serves on', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(1);
      // Everything in one turn of the event loop: no event of a worker can be received meanwhile.
      const late = async (): Promise<void> => {
        setTimeout(() => {
          throw new RangeError('from a timer');
        }, 10);
        await new Promise(() => {});
      };
      const outcomes: unknown[] = [];
      const attempt = (call: () => unknown): void => {
        try {
          outcomes.push({ value: call() });
        } catch (error) {
          outcomes.push(error);
        }
      };
      attempt(() => pool.applySync(() => process.exit(3)));
      attempt(() => pool.applySync(late));
      attempt(() => pool.mapSync((x: number) => (x === 2 ? process.exit(4) : x), [1, 2, 3], { chunksize: 1 }));
      attempt(() => pool.applyAsync(() => process.exit(5)).getSync());
      attempt(() => pool.applySync((x: number) => x * 2, [21]));
      attempt(() => pool.mapSync((x: number) => x, [1, 2, 3]));
      for (const outcome of outcomes) report(outcome instanceof Error ? await seen(Promise.reject(outcome)) : outcome);
      report(pool.workers.length);
      report(await letGo(pool, threads));
    });
    const [exit, uncaught, map, get] = child.reports.map((outcome) => (outcome as Partial<Failure>).error);
    assert.deepEqual(
      [exit, map, get].map((error) => [error!['name'], error!['exitCode']]),
      [
        ['WorkerCrashedError', 3],
        ['WorkerCrashedError', 4],
        ['WorkerCrashedError', 5],
      ],
    );
    assert.deepEqual(uncaught!['cause'], { name: 'RangeError', message: 'from a timer' });
    assert.equal(uncaught!['exitCode'], 1);
    assert.deepEqual(child.reports.slice(4), [{ value: 42 }, { value: [1, 2, 3] }, 1, ALL_GONE]);
    assert.equal(child.code, 0);
  });

  it('keeps the limits of tasks, with loops, pending promises and native waits', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(2);
      const stuck = (kind: number): unknown => {
        while (kind === 0);
        if (kind === 1) return new Promise(() => {});
        return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      };
      const names: string[] = [];
      for (const kind of [0, 1, 2]) {
        try {
          pool.applySync(stuck, [kind], { timeout: 50 });
        } catch (error) {
          names.push((error as Error).name);
        }
        names.push(pool.applySync(() => 'next'));
      }
      report(names);
      report(await letGo(pool, threads));
    });
    const each = ['TaskTimeoutError', 'next'];
    assert.deepEqual(child.reports, [[...each, ...each, ...each], ALL_GONE]);
    assert.equal(child.code, 0);
  });

  it('learns of a worker that came up and died while nobody looked', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      const result = pool.applyAsync(() => process.exit(3));
      for (let i = 0; i < 15; i++) pool.applyAsync(() => 'published together with the first');
      spinFor(700);
      report(await seen(() => result.getSync()));
      report(pool.applySync(() => 'next'));
    });
    const { name, exitCode } = (child.reports[0] as Failure).error;
    assert.deepEqual([name, exitCode, child.reports[1], child.code], ['WorkerCrashedError', 3, 'next', 0]);
  });

  it('gives up waiting after its own timeout, without touching the task', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      const runs = new SharedArray('int32', 1);
      const slow = async (of: SharedArray<'int32'>): Promise<string> => {
        await new Promise((resolve) => setTimeout(resolve, 200));
        Atomics.add(of.view, 0, 1);
        return 'slow';
      };
      const result = pool.applyAsync(slow, [runs]);
      report(await seen(() => result.getSync({ timeout: 20 })));
      report(await seen(() => result.getSync({ timeout: 0 })));
      report(result.waitSync({ timeout: 5 }));
      report(await seen(result.get({ timeout: 5 })));
      report([result.waitSync(), result.getSync(), await result.get(), result.successful(), runs.at(0)]);
    });
    const timedOut = (millis: number): object => ({
      error: { name: 'TimeoutError', code: 'ERR_ALLCORES_TIMEOUT', message: `No result within ${millis} ms` },
    });
    const done = [true, 'slow', 'slow', true, 1];
    assert.deepEqual(child.reports, [timedOut(20), timedOut(0), false, timedOut(5), done]);
  });

  it('ends when the worker runs out of memory', async () => {
    const child = await run(
      async () => {
        const pool = new Pool(1, { resourceLimits: { maxOldGenerationSizeMb: 24 } });
        const greedy = (): number => {
          const all: unknown[] = [];
          for (;;) all.push(new Array(1000).fill(all.length));
        };
        report(await seen(() => pool.applySync(greedy)));
        report(pool.applySync(() => 'next'));
      },
      { timeout: 18_000 },
    );
    assert.equal((child.reports[0] as Failure).error['name'], 'WorkerCrashedError');
    assert.equal(child.reports[1], 'next');
    assert.equal(child.code, 0);
  });

  it('works with recycling, retries, and an initializer that fails', async () => {
    const child = await run(async () => {
      const pool = new Pool(2, { maxTasksPerChild: 3 });
      report(pool.mapSync((x: number) => x, [...Array(40).keys()], { chunksize: 1 }).length);
      const runs = new SharedArray('int32', 1);
      const thirdTime = (of: SharedArray<'int32'>): number =>
        Atomics.add(of.view, 0, 1) < 2 ? process.exit(1) : of.at(0)!;
      report(pool.applySync(thirdTime, [runs], { retries: 3 }));
      const failing = (): never => {
        throw new RangeError('cannot start');
      };
      report(await seen(() => new Pool(2, { initializer: failing }).applySync(() => 1)));
      const exiting = await seen(() => new Pool(2, { initializer: () => process.exit(8) }).applySync(() => 1));
      report((exiting as Failure).error['exitCode']);
    });
    const failure = { error: { name: 'RangeError', message: 'cannot start' } };
    assert.deepEqual(child.reports, [40, 3, failure, 8]);
    assert.equal(child.code, 0);
  });
});
