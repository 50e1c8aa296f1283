import type { SharedVector } from '../drivers/driver.js';
import { atMost } from '../report/goal.js';
import { median } from '../statistics.js';
import { expectResult, type Workload } from './workload.js';

const overSharedBuffer = (length: number): SharedVector => new Float64Array(new SharedArrayBuffer(length * 8));

export const sharedArgument: Workload = {
  id: 'shared-argument',
  mode: 'latency',
  rows: [
    { metric: 'large', title: 'Shared vector of 64 MB as an argument, p50', unit: 'µs', better: 'lower' },
    {
      metric: 'difference',
      title: 'Shared vector as an argument, 64 MB more than 64 bytes',
      unit: 'µs',
      better: 'lower',
      difference: true,
      goal: atMost(20, 'µs'),
    },
  ],
  async run({ open, quick }) {
    const pool = await open();
    const call = pool.caller('edges');
    const make = pool.shared ?? overSharedBuffer;
    const vectors = [make(8), make(8 << 20)];
    const times: number[][] = [[], []];
    const rounds = quick ? 500 : 3000;
    for (let i = 0; i < rounds; i++) {
      for (const [k, vector] of vectors.entries()) {
        const start = performance.now();
        expectResult(await call(vector), 0);
        if (i >= rounds / 10) times[k]!.push((performance.now() - start) * 1000);
      }
    }
    await pool.close();
    const small = median(times[0]!);
    const large = median(times[1]!);
    return { small, large, difference: large - small };
  },
};
