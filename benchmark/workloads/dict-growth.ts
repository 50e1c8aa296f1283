import { atMost } from '../report/goal.js';
import type { Workload } from './workload.js';

/** While it grows from `from` entries to `to`, the other worker reads it: how long does it stop at worst? */
export const dictGrowth: Workload = {
  id: 'dict-growth',
  mode: 'coarse',
  drivers: ['allcores'],
  vary: () => [{ workers: 2 }],
  rows: [
    {
      metric: 'p9999',
      title: 'Dict that another worker makes grow from 1 to 2 million entries, 16 reads, p99.99',
      unit: 'ms',
      better: 'lower',
      goal: atMost(1, 'ms'),
    },
    {
      metric: 'longest',
      title: 'Dict that another worker makes grow from 1 to 2 million entries, the longest 16 reads',
      unit: 'ms',
      better: 'lower',
    },
    {
      metric: 'undisturbed',
      title: 'The same dict while nobody else uses it, the longest 16 reads: stops of the machine',
      unit: 'ms',
      better: 'lower',
    },
  ],
  async run({ objects, quick }) {
    const shared = await objects();
    const million = quick ? 100_000 : 1_000_000;
    const reads = await shared.growth!(million, 2 * million);
    await shared.close();
    return { ...reads };
  },
};
