import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenPool } from '../drivers/driver.js';
import { noMoreThan, overBaseline } from '../report/goal.js';
import type { Workload } from './workload.js';

/** Gives every worker something to do, so that none is still to be started or has never compiled anything. */
async function warm(pool: OpenPool, workers: number): Promise<void> {
  const call = pool.caller('increment');
  for (let round = 0; round < 4; round++) await Promise.all(Array.from({ length: workers * 64 }, (_, i) => call(i)));
}

function collectGarbage(): void {
  (globalThis as { gc?: () => void }).gc?.();
}

export const memory: Workload = {
  id: 'memory',
  mode: 'coarse',
  rows: [
    {
      metric: 'perWorker',
      title: 'Memory of an idle worker',
      unit: 'MB',
      better: 'lower',
      goal: overBaseline('bare Worker', { plus: 1 }),
    },
  ],
  /** The slope between a pool of one worker and eight workers more; the library itself is in both. */
  async run({ open, quick }) {
    const settle = quick ? 150 : 400;
    const more = 8;
    const first = await open({ workers: 1 });
    await warm(first, 1);
    collectGarbage();
    await sleep(settle);
    const before = process.memoryUsage.rss();
    const second = await open({ workers: more });
    await warm(second, more);
    collectGarbage();
    await sleep(settle);
    const perWorker = (process.memoryUsage.rss() - before) / more / 2 ** 20;
    await Promise.all([first.close(), second.close()]);
    return { perWorker };
  },
};

/** Times that a thread of this process went to sleep by itself: each is a wake-up. NaN where /proc is absent. */
function voluntarySwitches(): number {
  try {
    let total = 0;
    for (const thread of readdirSync('/proc/self/task')) {
      const status = readFileSync(`/proc/self/task/${thread}/status`, 'utf8');
      total += Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    }
    return total;
  } catch {
    return NaN;
  }
}

export const idleCpu: Workload = {
  id: 'idle-cpu',
  mode: 'coarse',
  rows: [
    { metric: 'cpu', title: 'CPU of an idle pool', unit: '% of a core', better: 'lower', goal: noMoreThan('piscina') },
    { metric: 'wakeups', title: 'Wake-ups of an idle worker', unit: '/s', better: 'lower' },
  ],
  async run({ open, variant, quick }) {
    const pool = await open();
    await warm(pool, variant.workers);
    await sleep(quick ? 100 : 500);
    const start = performance.now();
    const cpu = process.cpuUsage();
    const switches = voluntarySwitches();
    await sleep(quick ? 300 : 3000);
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const wakeups = (voluntarySwitches() - switches) / seconds / variant.workers;
    await pool.close();
    return { cpu: (user + system) / 1e4 / seconds, wakeups };
  },
};
