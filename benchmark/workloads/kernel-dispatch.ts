import { overBaseline } from '../report/goal.js';
import { quantile } from '../statistics.js';
import { latencies } from './flow.js';
import type { Workload } from './workload.js';

/** The fewest elements that are handed to a thread: summing them takes less than a microsecond. */
const SMALLEST = 2049;

/** A kernel that has next to nothing to do, handed to a native thread, until its promise settles. */
export const kernelDispatch: Workload = {
  id: 'kernel-dispatch',
  mode: 'latency',
  drivers: ['allcores', 'futex'],
  rows: [
    {
      metric: 'p50',
      title: 'Hand-over of an empty kernel and back, p50',
      unit: 'µs',
      better: 'lower',
      goal: overBaseline('futex', { factor: 2, plus: 0 }),
    },
    { metric: 'p99', title: 'Hand-over of an empty kernel and back, p99', unit: 'µs', better: 'lower' },
  ],
  async run({ vectors, quick }) {
    const work = await vectors();
    const vector = work.vector(SMALLEST);
    const call = (): Promise<number> => Promise.resolve(work.sum(vector));
    await latencies(call, quick ? 1000 : 5000, () => undefined);
    const samples = await latencies(call, quick ? 4000 : 20_000, () => undefined);
    return { p50: quantile(samples, 0.5), p99: quantile(samples, 0.99) };
  },
};
