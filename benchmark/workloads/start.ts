import { overBaseline } from '../report/goal.js';
import { median } from '../statistics.js';
import { expectResult, type Workload } from './workload.js';

export const start: Workload = {
  id: 'start',
  mode: 'latency',
  rows: [
    {
      metric: 'total',
      title: 'Start in a program that has begun: a pool of one worker, first result',
      unit: 'ms',
      better: 'lower',
      goal: overBaseline('bare Worker', { plus: 5 }),
    },
  ],
  /** One pool after the other. The first ones load and compile what is this program's, not the worker's. */
  async run({ open, quick }) {
    const samples: number[] = [];
    const unmeasured = quick ? 1 : 3;
    for (let i = 0; i < unmeasured + (quick ? 5 : 12); i++) {
      const began = performance.now();
      const pool = await open({ workers: 1 });
      expectResult(await pool.caller('increment')(1), 2);
      if (i >= unmeasured) samples.push(performance.now() - began);
      await pool.close();
    }
    return { total: median(samples) };
  },
};
