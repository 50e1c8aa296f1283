import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'allcores';
import { run } from './child.js';
import { base, letGo, report, seen } from './inside.js';

const ALL_GONE = { threads: 0, workers: 0 };

/** Name and exit code of an error that was seen. */
const brief = (outcome: unknown): unknown[] => {
  const { error } = outcome as { error: Record<string, unknown> };
  return [error['name'], error['exitCode']];
};

describe('a program that meddles with its surroundings', () => {
  it('a task that replaces process.exit: workers still leave', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(2, { maxTasksPerChild: 3 });
      const replace = (): string => {
        process.exit = (() => 'not today') as never;
        return 'replaced';
      };
      report(await seen(pool.apply(replace)));
      report(await seen(pool.map((x: number) => x, [1, 2, 3, 4, 5, 6, 7, 8], { chunksize: 1 })));
      report(await letGo(pool, threads));
    });
    assert.deepEqual(child.reports, [{ value: 'replaced' }, { value: [1, 2, 3, 4, 5, 6, 7, 8] }, ALL_GONE]);
    assert.equal(child.code, 0);
  });

  it('a task that replaces timers: its worker serves on', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(1);
      const fake = (): void => {
        const nothing = (): void => {};
        Object.assign(globalThis, { setImmediate: nothing, setTimeout: nothing, queueMicrotask: nothing });
        process.nextTick = nothing;
        performance.now = () => 5;
      };
      report(await seen(pool.apply(fake)));
      for (let i = 0; i < 3; i++) {
        report(await seen(pool.apply(async (x: number) => x, [i])));
        await sleep(5);
      }
      report(await letGo(pool, threads));
    });
    assert.deepEqual(child.reports, [{}, { value: 0 }, { value: 1 }, { value: 2 }, ALL_GONE]);
  });

  it('an owner with fake timers: limits hold, and nothing waits for them', async () => {
    const child = await run(async () => {
      const threads = await base();
      const nothing = (): void => {};
      Object.assign(globalThis, { setImmediate: nothing, setTimeout: nothing, clearTimeout: nothing });
      performance.now = () => 5;
      const pool = new Pool(2);
      const endless = (): void => {
        for (;;);
      };
      const brisk = (x: number): number => {
        for (const until = Date.now() + 2; Date.now() < until;);
        return x;
      };
      for (let i = 0; i < 20; i++) await pool.apply(brisk, [i]);
      report((await Promise.all(Array.from({ length: 2000 }, (_, i) => pool.apply((x: number) => x, [i])))).length);
      report(await seen(pool.apply(endless, [], { timeout: 50 })));
      report(await seen(() => pool.applySync(endless, [], { timeout: 50 })));
      report(await seen(pool.applyAsync(endless).get({ timeout: 50 })));
      await pool.terminate();
      report([await pool.join(), pool.workers.length, threads > 0]);
    });
    assert.equal(child.reports[0], 2000);
    assert.deepEqual(
      child.reports.slice(1, 4).map((each) => brief(each)[0]),
      ['TaskTimeoutError', 'TaskTimeoutError', 'TimeoutError'],
    );
    assert.deepEqual(child.reports[4], [null, 0, true]);
    assert.equal(child.code, 0);
  });

  it('a task that removes all listeners, or closes the port of its thread', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(1);
      const remove = (): number => process.removeAllListeners().listenerCount('exit');
      report(await seen(pool.apply(remove)));
      report(await seen(() => pool.applySync(() => process.exit(4))));
      await pool.apply(remove);
      report(await seen(pool.apply(() => process.exit(5))));
      const close = async (): Promise<string> => {
        const { parentPort } = await import('node:worker_threads');
        parentPort!.close();
        return 'closed';
      };
      report(await seen(pool.apply(close)));
      await sleep(20);
      report(await seen(pool.apply((x: object) => x, [{ a: new SharedArrayBuffer(8).byteLength }])));
      report(await letGo(pool, threads));
    });
    const [removed, blocking, waiting, ...rest] = child.reports;
    assert.deepEqual(removed, { value: 0 });
    assert.equal(brief(blocking)[0], 'WorkerCrashedError');
    assert.deepEqual(brief(waiting), ['WorkerCrashedError', 5]);
    assert.deepEqual(rest, [{ value: 'closed' }, { value: { a: 8 } }, ALL_GONE]);
    assert.equal(child.code, 0);
  });

  it('a task whose exit listener never ends: its promise settles, and the worker goes', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(2);
      const stuck = (exits: boolean): void => {
        process.on('exit', () => {
          for (;;);
        });
        if (exits) process.exit(3);
      };
      report(await seen(pool.apply(stuck, [true])));
      report(await seen(() => pool.applySync(stuck, [true])));
      await pool.broadcast(stuck, [false]);
      report(await letGo(pool, threads));
    });
    assert.deepEqual(child.reports.slice(0, 2).map(brief), [
      ['WorkerCrashedError', 3],
      ['WorkerCrashedError', 3],
    ]);
    assert.deepEqual(child.reports[2], ALL_GONE);
    assert.equal(child.code, 0);
  });

  it('an exit listener of the owner that calls a pool, or makes one', async () => {
    const child = await run(async () => {
      const pool = new Pool(2);
      const pending = pool.applyAsync(() => new Promise(() => {}));
      await pool.apply(() => 1);
      const attempt = (call: () => unknown): void => {
        try {
          report({ value: call() });
        } catch (error) {
          report((error as Error).name);
        }
      };
      process.on('exit', () => {
        attempt(() => pool.applySync(() => 1));
        attempt(() => pool.mapSync((x: number) => x, [1, 2]));
        attempt(() => pending.getSync());
        attempt(() => new Pool(1).applySync(() => 'of a new pool'));
      });
      process.exit(9);
    });
    const closed = 'PoolClosedError';
    assert.deepEqual(child.reports, [closed, closed, closed, { value: 'of a new pool' }]);
    assert.deepEqual([child.code, child.stderr], [9, '']);
  });
});
