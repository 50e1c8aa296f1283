import { atLeast, type Goal } from '../report/goal.js';
import { median } from '../statistics.js';
import { memcpySeconds } from './memcpy.js';
import { expectResult, type Workload } from './workload.js';

function copied(id: string, title: string, bytes: number, goal?: Goal): Workload {
  return {
    id,
    mode: 'latency',
    rows: [
      { metric: 'speed', title: `${title} there and back`, unit: 'GB/s', better: 'higher' },
      {
        metric: 'ofWarm',
        title: `${title}, part of memcpy speed between warm buffers`,
        unit: 'ratio',
        better: 'higher',
        ...(goal && { goal }),
      },
      {
        metric: 'ofFresh',
        title: `${title}, part of memcpy speed into a fresh buffer`,
        unit: 'ratio',
        better: 'higher',
      },
    ],
    async run({ open, quick }) {
      const pool = await open();
      const call = pool.caller('identity');
      const vector = Float64Array.from({ length: bytes / 8 }, (_, i) => i);
      const rounds = Math.max(quick ? 2 : 8, Math.min(quick ? 40 : 200, Math.round((quick ? 6e7 : 4e8) / bytes)));
      const warm = vector.slice();
      const samples: number[] = [];
      const unmeasured = quick ? 1 : 2;
      for (let i = 0; i < rounds + unmeasured; i++) {
        const start = performance.now();
        const result = (await call(vector)) as Float64Array;
        if (i >= unmeasured) samples.push((performance.now() - start) / 1000);
        expectResult(result.length, vector.length);
        expectResult(result.at(-1), vector.at(-1));
      }
      const warmSeconds = memcpySeconds(vector, rounds, warm);
      const freshSeconds = memcpySeconds(vector, rounds);
      await pool.close();
      // Two copies of the vector: one on the way there, one on the way back.
      const seconds = median(samples) / 2;
      return { speed: bytes / seconds / 1e9, ofWarm: warmSeconds / seconds, ofFresh: freshSeconds / seconds };
    },
  };
}

export const copy1Mb = copied('copy-1mb', 'Vector of 1 MB', 1 << 20);
export const copy64Mb = copied('copy-64mb', 'Vector of 64 MB', 64 << 20, atLeast(0.5));
