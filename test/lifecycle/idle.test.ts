import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'allcores';
import { run } from './child.js';
import { report, voluntarySwitches } from './inside.js';

/** Wake-ups of the busiest worker in two seconds, at four slices a second, with slack for what the system does. */
const MOST = 2 * 4 * 2 + 8;

describe('an idle pool', () => {
  for (const [what, before] of [
    ['that has never had a task', 0],
    ['after many tasks', 5000],
    ['after asynchronous tasks', -200],
    ['whose tasks left a timer behind', NaN],
  ] as const) {
    it(`${what} takes no processor time`, async () => {
      const child = await run(
        async (tasks: number | null) => {
          const pool = new Pool(2);
          if (tasks === null) {
            await pool.broadcast(() => void setInterval(() => {}, 1e6));
          } else if (tasks < 0) {
            const turn = (x: number): Promise<number> => new Promise((resolve) => setImmediate(resolve, x));
            await Promise.all(Array.from({ length: -tasks }, (_, i) => pool.apply(turn, [i])));
          } else {
            await Promise.all(Array.from({ length: tasks }, (_, i) => pool.apply((x: number) => x, [i])));
          }
          while (pool.workers.some(({ pid }) => pid === 0)) await sleep(10);
          await sleep(300);
          const cpu = process.cpuUsage();
          const earlier = voluntarySwitches();
          await sleep(2000);
          const later = voluntarySwitches();
          const { user, system } = process.cpuUsage(cpu);
          report(pool.workers.map(({ pid }) => later.get(pid)! - earlier.get(pid)!));
          report((user + system) / 1000);
        },
        { args: [before] },
      );
      const [switches, millis] = child.reports as [number[], number];
      assert.ok(Math.max(...switches) <= MOST, `wake-ups of the workers in 2 s: ${switches.join(', ')}`);
      assert.ok(millis < 300, `${millis} ms of processor time in 2 s`);
      assert.equal(child.code, 0);
    });
  }

  it('serves the next task after it slept', async () => {
    const child = await run(async () => {
      const pool = new Pool(2);
      for (const pause of [0, 1, 10, 300, 600]) {
        await sleep(pause);
        report(await pool.apply((x: number) => x, [pause]));
      }
    });
    assert.deepEqual(child.reports, [0, 1, 10, 300, 600]);
  });

  it('lets workers beyond minWorkers go after idleTimeout, and has them back for work', async () => {
    const child = await run(async () => {
      const pool = new Pool(3, { minWorkers: 1, idleTimeout: 100 });
      const turn = (x: number): Promise<number> => new Promise((resolve) => setTimeout(resolve, 30, x));
      report((await pool.map(turn, [1, 2, 3, 4, 5, 6], { chunksize: 1 })).length);
      report(pool.workers.length > 1);
      const until = performance.now() + 5000;
      while (pool.workers.length > 1 && performance.now() < until) await sleep(10);
      report([pool.workers.length, pool.stats().crashed]);
      report((await pool.map(turn, [1, 2, 3, 4, 5, 6], { chunksize: 1 })).length);
    });
    assert.deepEqual(child.reports, [6, true, [1, 0], 6]);
    assert.equal(child.code, 0);
  });
});
