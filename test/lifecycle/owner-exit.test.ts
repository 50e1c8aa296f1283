import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'allcores';
import { run } from './child.js';
import { report } from './inside.js';

describe('the end of a process with a pool', () => {
  it('waits for unfinished tasks after the end of the script', async () => {
    const child = await run(() => {
      const pool = new Pool(2);
      const slow = async (x: number): Promise<number> => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        return x;
      };
      for (let i = 0; i < 4; i++) void pool.apply(slow, [i]).then(report);
      void pool.map((x: number) => x, [1, 2, 3]).then(report);
      pool.applyAsync((x: number) => x, [9], { callback: report });
      process.on('exit', (code) => report(['exit', code]));
    });
    const numbers = child.reports.filter((each) => typeof each === 'number').sort();
    assert.deepEqual(numbers, [0, 1, 2, 3, 9]);
    assert.deepEqual(child.reports.at(-1), ['exit', 0]);
    assert.equal(child.reports.length, 7);
    assert.deepEqual([child.code, child.stderr], [0, '']);
  });

  it('does not wait for workers that have nothing to do', async () => {
    const child = await run(async () => {
      const pool = new Pool(2);
      report(await pool.map((x: number) => x, [1, 2]));
      const from = performance.now();
      process.on('exit', () => report(performance.now() - from < 2000));
    });
    assert.deepEqual(child.reports, [[1, 2], true]);
    assert.deepEqual([child.code, child.stderr], [0, '']);
  });

  it('does not wait for a pool that has had no task at all', async () => {
    const child = await run(() => {
      report(new Pool(2).processes);
    });
    assert.deepEqual(child.reports, [2]);
    assert.deepEqual([child.code, child.stderr], [0, '']);
  });

  it('does not wait for what a task has left behind in a worker', async () => {
    const child = await run(async () => {
      const pool = new Pool(2);
      const leaves = (): string => {
        setInterval(() => {}, 1000);
        return 'left';
      };
      report(await pool.broadcast(leaves));
    });
    assert.deepEqual(child.reports, [['left', 'left']]);
    assert.equal(child.code, 0);
  });

  for (const [what, code] of [
    ['process.exit', 7],
    ['an uncaught error', 1],
  ] as const) {
    for (const busy of ['idle', 'looping', 'pending', 'natively waiting', 'starting']) {
      it(`comes at once by ${what} while workers are ${busy}`, async () => {
        const child = await run(
          async (way: string, state: string) => {
            const pool = new Pool(2);
            const occupied = (kind: string): unknown => {
              while (kind === 'looping');
              if (kind === 'pending') return new Promise(() => {});
              if (kind === 'natively waiting') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
              return kind;
            };
            if (state !== 'starting') {
              await pool.map((x: number) => x, [1, 2]);
              for (let i = 0; i < 3; i++) void pool.apply(occupied, [state]).catch(() => {});
              await sleep(50);
            }
            report('now');
            if (way === 'process.exit') process.exit(7);
            throw new Error('of the owner');
          },
          { args: [what, busy], timeout: 8000 },
        );
        assert.deepEqual([child.code, child.signal, child.reports], [code, null, ['now']]);
      });
    }
  }

  it('comes at once by process.exit with thousands of tasks queued', async () => {
    const child = await run(
      async () => {
        const pool = new Pool(2);
        for (let i = 0; i < 20_000; i++) void pool.apply((x: number) => x, [i]).catch(() => {});
        await pool.apply(() => 1, [], { priority: 1 });
        for (let i = 0; i < 20_000; i++) void pool.apply((x: string) => x, ['x'.repeat(100)]).catch(() => {});
        process.exit(3);
      },
      { timeout: 8000 },
    );
    assert.deepEqual([child.code, child.signal, child.stderr], [3, null, '']);
  });

  it('runs exit listeners that use the pool without harm', async () => {
    const child = await run(async () => {
      const pool = new Pool(2);
      await pool.apply(() => 1);
      process.on('exit', () => {
        pool.close();
        void pool.terminate();
        report(pool.workers.length);
      });
    });
    assert.deepEqual([child.code, child.reports.length], [0, 1]);
  });
});
