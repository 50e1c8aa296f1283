import { overBaseline } from '../report/goal.js';
import { expectResult, type Workload } from './workload.js';

export const coldStart: Workload = {
  id: 'cold-start',
  mode: 'latency',
  rows: [
    {
      metric: 'total',
      title: 'Cold start: import, a pool of one worker, first result',
      unit: 'ms',
      better: 'lower',
      goal: overBaseline('bare Worker', { plus: 5 }),
    },
  ],
  /** The process has imported nothing of the library yet, so this is its first result less an empty script's time. */
  async run({ open }) {
    const start = performance.now();
    const pool = await open({ workers: 1 });
    expectResult(await pool.caller('increment')(1), 2);
    const total = performance.now() - start;
    await pool.close();
    return { total };
  },
};
