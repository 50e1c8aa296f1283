import { median } from '../statistics.js';
import type { VectorWork } from '../drivers/driver.js';
import { overBaseline, timesDriver } from '../report/goal.js';
import type { Workload } from './workload.js';

/** Elements of the vectors that are read and written: beyond every cache. */
export const STREAMED = 16_000_000;
export const SORTED = 10_000_000;

/** Seconds that the middle one of several runs took; the first one is not measured. */
async function seconds(rounds: number, run: () => unknown, before?: () => void): Promise<number> {
  const samples: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    before?.();
    const start = performance.now();
    await run();
    if (round > 0) samples.push((performance.now() - start) / 1000);
  }
  return median(samples);
}

async function measure(work: VectorWork, quick: boolean): Promise<Record<string, number>> {
  const streamed = quick ? STREAMED / 8 : STREAMED;
  const sorted = quick ? SORTED / 10 : SORTED;
  const rounds = quick ? 3 : 9;
  const [a, b, out] = [work.vector(streamed), work.vector(streamed), work.vector(streamed)];
  for (let i = 0; i < streamed; i++) {
    a.view[i] = i % 1000;
    b.view[i] = 0.5;
  }
  const gigabytes = (8 * streamed) / 1e9;
  const check = (actual: number, expected: number): void => {
    if (Math.abs(actual - expected) > 1e-9 * expected) {
      throw new Error(`wrong result: ${actual} instead of ${expected}`);
    }
  };
  let total = 0;
  const sum = await seconds(rounds, async () => (total = await work.sum(a)));
  check(total, (streamed / 1000) * 499_500);
  const dot = await seconds(rounds, async () => (total = await work.dot(a, b)));
  check(total, (streamed / 1000) * 249_750);
  const add = await seconds(rounds, () => work.add(a, b, out));
  check(out.view[1999]!, 999.5);
  const unsorted = Float64Array.from({ length: sorted }, () => Math.random());
  const target = work.vector(sorted);
  const sort = await seconds(
    quick ? 1 : 3,
    () => work.sort(target),
    () => target.view.set(unsorted),
  );
  unsorted.sort();
  for (let i = 0; i < sorted; i++) if (target.view[i] !== unsorted[i]) throw new Error(`wrong result at ${i}`);
  return { sum: gigabytes / sum, dot: (2 * gigabytes) / dot, add: (3 * gigabytes) / add, sort: sort * 1000 };
}

/** What native threads do with vectors, beside one thread of JavaScript, NumPy, and C++ on all processors. */
export const kernels: Workload = {
  id: 'kernels',
  mode: 'coarse',
  drivers: ['allcores', 'JavaScript', 'NumPy', 'TBB', 'OpenMP'],
  rows: [
    {
      metric: 'sum',
      title: 'Sum of 16 million float64',
      unit: 'GB/s',
      better: 'higher',
      goal: timesDriver('OpenMP', 0.8),
    },
    {
      metric: 'dot',
      title: 'Dot product of two vectors of 16 million float64',
      unit: 'GB/s',
      better: 'higher',
      goal: timesDriver('OpenMP', 0.8),
    },
    {
      metric: 'add',
      title: 'Sum of two such vectors, into a third one',
      unit: 'GB/s',
      better: 'higher',
      goal: timesDriver('OpenMP', 0.8),
    },
    {
      metric: 'sort',
      title: 'Sort of 10 million random float64',
      unit: 'ms',
      better: 'lower',
      goal: timesDriver('JavaScript', 8),
    },
    {
      metric: 'sortAgain',
      title: 'The same against TBB',
      unit: 'ms',
      better: 'lower',
      goal: overBaseline('TBB', { factor: 1.3, plus: 0 }),
    },
  ],
  async run({ vectors, quick }) {
    const work = await vectors();
    const metrics = await measure(work, quick);
    return { ...metrics, sortAgain: metrics['sort']! };
  },
};
