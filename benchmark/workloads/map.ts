import { crossed, workerCounts, type Driver, type OpenPool, type Variant } from '../drivers/driver.js';
import { allOf, timesBest, timesDriver } from '../report/goal.js';
import { median } from '../statistics.js';
import { expectResult, type Context, type Metrics, type Workload } from './workload.js';

const size = 1_000_000;

/** One worker less leaves the owner a core; a pool without a map of its own is tried with few and with many chunks. */
function vary(variants: Variant[], driver: Driver): Variant[] {
  if (driver.kind === 'baseline') return variants;
  const counts = workerCounts().flatMap((workers) => variants.map((variant) => ({ ...variant, workers })));
  return driver.kind === 'ours' ? counts : crossed(counts, 'chunks', [2, 16]);
}

async function chunkedMap(pool: OpenPool, items: number[], chunks: number): Promise<number[]> {
  const call = pool.caller('incrementAll');
  const step = Math.ceil(items.length / chunks);
  const out = new Array<number>(items.length);
  await Promise.all(
    Array.from({ length: chunks }, async (_, c) => {
      const results = (await call(items.slice(c * step, (c + 1) * step))) as number[];
      for (let i = 0; i < results.length; i++) out[c * step + i] = results[i]!;
    }),
  );
  return out;
}

async function chunkedColumn(pool: OpenPool, items: Int32Array, chunks: number): Promise<Int32Array> {
  const call = pool.caller('incrementColumn');
  const step = Math.ceil(items.length / chunks);
  const out = new Int32Array(items.length);
  await Promise.all(
    Array.from({ length: chunks }, async (_, c) => {
      const chunk = items.slice(c * step, (c + 1) * step);
      out.set((await call(chunk, [chunk.buffer])) as Int32Array, c * step);
    }),
  );
  return out;
}

async function timed(context: Context, once: (pool: OpenPool) => Promise<ArrayLike<unknown>>): Promise<Metrics> {
  const pool = await context.open();
  const samples: number[] = [];
  for (let i = 0; i < (context.quick ? 4 : 12); i++) {
    const start = performance.now();
    const results = await once(pool);
    const elapsed = performance.now() - start;
    for (let k = 0; k < size; k++) expectResult(results[k], k + 1);
    // The first ones compile the code and grow the heaps.
    if (i >= (context.quick ? 1 : 3)) samples.push(elapsed);
  }
  await pool.close();
  return { time: median(samples) };
}

export const mapPlain: Workload = {
  id: 'map-plain',
  mode: 'coarse',
  vary,
  rows: [
    {
      metric: 'time',
      title: 'Map of 1,000,000 integers, plain array in and out',
      unit: 'ms',
      better: 'lower',
      against: ['peer', 'by-hand'],
      goal: allOf(timesBest(5), timesDriver('Python', 10)),
    },
  ],
  run(context) {
    const items = Array.from({ length: size }, (_, i) => i);
    const chunks = Number(context.variant['chunks']);
    return timed(context, (pool) => pool.map?.('increment', items) ?? chunkedMap(pool, items, chunks));
  },
};

export const mapTyped: Workload = {
  id: 'map-typed',
  mode: 'coarse',
  vary,
  rows: [
    {
      metric: 'time',
      title: 'Map of 1,000,000 integers, Int32Array in and out',
      unit: 'ms',
      better: 'lower',
      against: ['peer', 'by-hand'],
      goal: timesBest(1),
    },
  ],
  run(context) {
    const items = Int32Array.from({ length: size }, (_, i) => i);
    const chunks = Number(context.variant['chunks']);
    return timed(context, (pool) => pool.mapColumn?.('increment', items) ?? chunkedColumn(pool, items, chunks));
  },
};
