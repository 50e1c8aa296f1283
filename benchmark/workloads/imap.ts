import type { OpenPool } from '../drivers/driver.js';
import { median } from '../statistics.js';
import { expectResult, type Workload } from './workload.js';

function* count(limit: number): Generator<number> {
  for (let i = 0; i < limit; i++) yield i;
}

/** An ordered window by hand: at most 64 items are read ahead of the consumer. */
async function* windowed(pool: OpenPool, items: Iterable<number>): AsyncGenerator<unknown> {
  const call = pool.caller('increment');
  const open: PromiseLike<unknown>[] = [];
  let head = 0;
  for (const item of items) {
    open.push(call(item));
    if (open.length - head < 64) continue;
    yield await open[head++];
    if (head === 1024) {
      open.splice(0, head);
      head = 0;
    }
  }
  while (head < open.length) yield await open[head++];
}

export const imap: Workload = {
  id: 'imap',
  mode: 'throughput',
  rows: [{ metric: 'rate', title: 'imap: a lazy, ordered stream of numbers', unit: 'tasks/s', better: 'higher' }],
  async run({ open, quick }) {
    const pool = await open();
    const length = quick ? 10_000 : 50_000;
    const rates: number[] = [];
    for (let round = 0; round < (quick ? 2 : 4); round++) {
      const start = performance.now();
      let expected = 0;
      const results = pool.imap?.('increment', count(length)) ?? windowed(pool, count(length));
      for await (const result of results) expectResult(result, ++expected);
      expectResult(expected, length);
      if (round > 0) rates.push((length / (performance.now() - start)) * 1000);
    }
    await pool.close();
    return { rate: median(rates) };
  },
};
