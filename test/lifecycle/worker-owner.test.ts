import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Pool } from 'allcores';
import { run, type Ended } from './child.js';
import { base, letGo, report, seen, workersGone } from './inside.js';

const owner = new URL('../../../test/lifecycle/fixtures/owner.mjs', import.meta.url).href;

/** Runs a worker that owns a pool, and reports how it ended and how many threads it left behind. */
function runOwner(state: string, end: string): Promise<Ended> {
  return run(
    async (url: string, stateOf: string, endOf: string) => {
      await once(new Worker('', { eval: true }), 'exit'); // what the first Worker of a process brings
      const threads = await base();
      const worker = new Worker(new URL(url), { workerData: { state: stateOf, end: endOf } });
      const errors: string[] = [];
      worker.on('error', (error) => errors.push(error.message));
      const exit = new Promise((resolve) => worker.on('exit', resolve)); // `once` would reject at an error
      await new Promise((resolve) => worker.on('message', resolve));
      if (endOf.startsWith('terminate')) {
        await sleep(50);
        await worker.terminate();
      }
      report({ code: await exit, errors, threads: await workersGone(threads) });
      const pool = new Pool(1);
      report(await pool.apply(() => 'another pool'));
      report(await letGo(pool, threads));
    },
    { args: [owner, state, end], timeout: 10_000 },
  );
}

const NEXT = ['another pool', { threads: 0, workers: 0 }];

function assertEnded({ code, stderr, reports }: Ended, expected: unknown[]): void {
  assert.deepEqual({ stderr, code, reports }, { stderr: '', code: 0, reports: expected });
}

describe('a pool in a worker thread', () => {
  for (const state of ['idle', 'looping', 'pending', 'natively waiting', 'queued', 'starting']) {
    it(`goes with it when its parent terminates it: workers ${state}`, async () => {
      const child = await runOwner(state, 'terminate');
      assertEnded(child, [{ code: 1, errors: [], threads: 0 }, ...NEXT]);
    });
  }

  it('goes with it when it is terminated while it blocks', async () => {
    const child = await runOwner('idle', 'terminate while it blocks');
    assertEnded(child, [{ code: 1, errors: [], threads: 0 }, ...NEXT]);
  });

  for (const state of ['idle', 'looping', 'natively waiting']) {
    it(`goes with it when it exits or fails: workers ${state}`, async () => {
      const exited = await runOwner(state, 'exit');
      assertEnded(exited, [{ code: 5, errors: [], threads: 0 }, ...NEXT]);
      const failed = await runOwner(state, 'throw');
      assertEnded(failed, [{ code: 1, errors: ['of the owner'], threads: 0 }, ...NEXT]);
    });
  }

  it('does not keep it alive when idle', async () => {
    const child = await runOwner('idle', 'end');
    assertEnded(child, [{ code: 0, errors: [], threads: 0 }, ...NEXT]);
  });
});

describe('a pool in a task of a pool', () => {
  it('serves, drains and lets go', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(2);
      const outer = async (n: number): Promise<number[]> => {
        const inner = new Pool(2);
        const values = await inner.map((x: number) => x * x, [n, n + 1]);
        inner.close();
        await inner.join();
        return values;
      };
      report(await pool.map(outer, [1, 2, 3], { chunksize: 1 }));
      report(await letGo(pool, threads));
    });
    assert.deepEqual(child.reports, [[[1, 4], [4, 9], [9, 16]], { threads: 0, workers: 0 }]); // prettier-ignore
    assert.equal(child.code, 0);
  });

  it('goes with the worker that owns it: timeout, exit, terminate of the outer pool, end of the process', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(1);
      const outer = async (how: string): Promise<void> => {
        const inner = new Pool(2);
        const endless = (): void => {
          for (;;);
        };
        await inner.map((x: number) => x, [1, 2]);
        for (let i = 0; i < 3; i++) void inner.apply(endless).catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (how === 'exit') process.exit(3);
        if (how === 'block') inner.applySync(endless);
        await new Promise(() => {});
      };
      const name = async (promise: Promise<unknown>): Promise<unknown> =>
        ((await seen(promise)) as { error: Record<string, unknown> }).error['name'];
      report(await name(pool.apply(outer, ['exit'])));
      report(await name(pool.apply(outer, ['pend'], { timeout: 1000 })));
      report(await name(pool.apply(outer, ['block'], { timeout: 1000 })));
      report(await pool.apply(() => 'next'));
      report(await workersGone(threads + 1));
      const last = name(pool.apply(outer, ['block']));
      await sleep(500);
      await pool.terminate();
      report([await last, await workersGone(threads)]);
      const another = new Pool(1);
      void another.apply(outer, ['block']);
      await sleep(500);
      process.exit(6);
    });
    const [crash, timeout] = ['WorkerCrashedError', 'TaskTimeoutError'];
    assert.deepEqual(child.reports, [crash, timeout, timeout, 'next', 0, ['PoolClosedError', 0]]);
    assert.equal(child.code, 6);
  });
});
