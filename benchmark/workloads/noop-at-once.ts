import type { Call } from '../drivers/driver.js';
import { timesBest } from '../report/goal.js';
import { median } from '../statistics.js';
import { expectResult, type Workload } from './workload.js';

async function submitAll(call: Call, count: number): Promise<number> {
  const start = performance.now();
  const promises = new Array<PromiseLike<unknown>>(count);
  for (let i = 0; i < count; i++) promises[i] = call(i);
  const results = await Promise.all(promises);
  const elapsed = performance.now() - start;
  for (let i = 0; i < count; i++) expectResult(results[i], i + 1);
  return (count / elapsed) * 1000;
}

export const noopAtOnce: Workload = {
  id: 'noop-at-once',
  mode: 'throughput',
  rows: [
    {
      metric: 'rate',
      title: 'No-op, 100,000 submitted at once',
      unit: 'tasks/s',
      better: 'higher',
      goal: timesBest(12),
    },
  ],
  async run({ open, quick }) {
    const pool = await open();
    const call = pool.caller('increment');
    await submitAll(call, quick ? 5000 : 20_000);
    const rates: number[] = [];
    // Three times, unless the pool is so slow that one says enough.
    const end = performance.now() + 3000;
    do rates.push(await submitAll(call, 100_000));
    while (!quick && rates.length < 3 && performance.now() < end);
    await pool.close();
    return { rate: median(rates) };
  },
};
