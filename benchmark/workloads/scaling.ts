import { cores } from '../drivers/driver.js';
import { atLeast } from '../report/goal.js';
import { median } from '../statistics.js';
import { spin } from '../tasks.js';
import { expectResult, type Metrics, type Workload } from './workload.js';

const taskMilliseconds = 2;

/** Rounds of `spin` that take about one task's time on this machine. */
function calibrate(): number {
  let rounds = 100_000;
  for (;;) {
    const start = performance.now();
    spin(rounds);
    const elapsed = performance.now() - start;
    if (elapsed >= taskMilliseconds) return Math.round((rounds * taskMilliseconds) / elapsed);
    rounds *= 2;
  }
}

export const scaling: Workload = {
  id: 'scaling',
  mode: 'coarse',
  rows: [
    {
      metric: 'efficiency',
      title: `CPU-bound tasks of 2 ms, efficiency on ${cores} cores`,
      unit: 'ratio',
      better: 'higher',
      goal: atLeast(0.98),
    },
    {
      metric: 'efficiency1',
      title: 'CPU-bound tasks of 2 ms, efficiency of 1 worker',
      unit: 'ratio',
      better: 'higher',
    },
  ],
  async run({ open, quick }) {
    calibrate();
    const rounds = calibrate();
    const expected = spin(rounds);
    const count = quick ? 80 : 400;
    const inline = (): number => {
      const start = performance.now();
      for (let i = 0; i < count; i++) spin(rounds);
      return performance.now() - start;
    };
    const metrics: Metrics = {};
    for (let workers = 1; workers <= cores; workers++) {
      const pool = await open({ workers });
      const call = pool.caller('spin');
      const all = async (tasks: number): Promise<number> => {
        const start = performance.now();
        const results = await Promise.all(Array.from({ length: tasks }, () => call(rounds)));
        const elapsed = performance.now() - start;
        for (const result of results) expectResult(result, expected);
        return elapsed;
      };
      await all(workers * 10);
      const efficiencies: number[] = [];
      // Inline runs on both sides of the pool's cancel a clock rate that drifts.
      let before = inline();
      for (let i = 0; i < (quick || workers < cores ? 1 : 3); i++) {
        const pooled = await all(count);
        const after = inline();
        efficiencies.push((before + after) / 2 / workers / pooled);
        before = after;
      }
      await pool.close();
      metrics[workers === cores ? 'efficiency' : `efficiency${workers}`] = median(efficiencies);
    }
    if (cores === 1) metrics['efficiency1'] = metrics['efficiency']!;
    return metrics;
  },
};
