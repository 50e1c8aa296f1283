import { ofBest, type Goal } from '../report/goal.js';
import { sustainedRate } from './flow.js';
import type { Workload } from './workload.js';

interface Sample {
  readonly id: number;
}

function small(id: number): Sample & Record<string, unknown> {
  return { id, name: `item ${id}`, tags: ['red', 'green'], nested: { x: id / 3, flag: true, none: null } };
}

/** About 10 KB as JSON: 100 records. */
function large(id: number): Sample & Record<string, unknown> {
  const records = Array.from({ length: 100 }, (_, i) => ({
    key: `record-${i}`,
    score: (id + i) / 7,
    active: i % 2 === 0,
    note: 'a line of ordinary text, long enough',
  }));
  return { id, records };
}

function roundTrip(id: string, title: string, make: (i: number) => Sample, goal?: Goal): Workload {
  const sameId = (result: unknown, argument: Sample): boolean => (result as Sample).id === argument.id;
  return {
    id,
    mode: 'throughput',
    rows: [{ metric: 'cost', title, unit: 'µs', better: 'lower', ...(goal && { goal }) }],
    async run({ open, quick }) {
      const pool = await open();
      const call = pool.caller('identity');
      // Made beforehand: the clock is for the way there and back alone.
      const objects = Array.from({ length: 256 }, (_, i) => make(i));
      const pick = (i: number): Sample => objects[i & 255]!;
      await sustainedRate(call, 64, quick ? 80 : 800, pick, sameId);
      const rate = await sustainedRate(call, 64, quick ? 200 : 1000, pick, sameId);
      await pool.close();
      return { cost: 1e6 / rate };
    },
  };
}

export const smallObjects = roundTrip(
  'small-objects',
  'Small object there and back, 64 in flight, cost of each',
  small,
  ofBest('1/4', 1 / 4),
);

export const largeObjects = roundTrip(
  'large-objects',
  'Object of 10 KB there and back, 64 in flight, cost of each',
  large,
);
