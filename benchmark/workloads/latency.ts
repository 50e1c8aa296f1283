import { setTimeout as sleep } from 'node:timers/promises';
import { ofBest, overBaseline } from '../report/goal.js';
import { quantile } from '../statistics.js';
import { latencies } from './flow.js';
import type { Workload } from './workload.js';

export const latency: Workload = {
  id: 'latency',
  mode: 'latency',
  rows: [
    { metric: 'p50', title: 'Latency one at a time, p50', unit: 'µs', better: 'lower', goal: ofBest('1/6', 1 / 6) },
    { metric: 'p99', title: 'Latency one at a time, p99', unit: 'µs', better: 'lower' },
  ],
  async run({ open, quick }) {
    const pool = await open();
    const call = pool.caller('increment');
    await latencies(call, quick ? 1000 : 5000, (i) => i);
    const samples = await latencies(call, quick ? 4000 : 20_000, (i) => i);
    await pool.close();
    return { p50: quantile(samples, 0.5), p99: quantile(samples, 0.99) };
  },
};

export const latencyAfterIdle: Workload = {
  id: 'latency-after-idle',
  mode: 'latency',
  rows: [
    {
      metric: 'p50',
      title: 'Latency after 5 ms of idleness, p50',
      unit: 'µs',
      better: 'lower',
      goal: overBaseline('futex', { factor: 1.3, plus: 20 }),
    },
    { metric: 'p99', title: 'Latency after 5 ms of idleness, p99', unit: 'µs', better: 'lower' },
  ],
  async run({ open, quick }) {
    const pool = await open();
    const call = pool.caller('increment');
    await latencies(call, quick ? 1000 : 5000, (i) => i); // as above: what is slow here is to be the idleness alone
    const samples = await latencies(
      call,
      quick ? 60 : 200,
      (i) => i,
      () => sleep(5),
    );
    await pool.close();
    return { p50: quantile(samples, 0.5), p99: quantile(samples, 0.99) };
  },
};
