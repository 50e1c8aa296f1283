import { allOf, atLeast, timesBest } from '../report/goal.js';
import { sustainedRate } from './flow.js';
import type { Workload } from './workload.js';

const successor = (result: unknown, argument: number): boolean => result === argument + 1;

export const noopInFlight: Workload = {
  id: 'noop-in-flight',
  mode: 'throughput',
  rows: [
    {
      metric: 'rate',
      title: 'No-op, 64 in flight',
      unit: 'tasks/s',
      better: 'higher',
      goal: allOf(timesBest(15), atLeast(2e6)),
    },
  ],
  async run({ open, quick }) {
    const pool = await open();
    const call = pool.caller('increment');
    await sustainedRate(call, 64, quick ? 80 : 800, (i) => i, successor);
    const rate = await sustainedRate(call, 64, quick ? 200 : 1000, (i) => i, successor);
    await pool.close();
    return { rate };
  },
};
