import * as tasks from '../tasks.js';
import { cores, workerCounts, type PoolDriver, type TaskName } from './driver.js';
import { ourObjects } from './ours-objects.js';

const table = tasks as unknown as Record<TaskName, (argument: unknown) => unknown>;

export const ours: PoolDriver = {
  name: 'allcores',
  kind: 'ours',
  settings: 'defaults',
  variants(mode) {
    if (mode === 'throughput') return workerCounts().map((workers) => ({ workers }));
    return [{ workers: mode === 'latency' ? 1 : cores }];
  },
  async open(variant) {
    const { Pool, SharedArray } = await import('allcores');
    const pool = new Pool(variant.workers);
    return {
      caller(task) {
        const fn = table[task];
        return (argument) => pool.apply(fn, [argument]);
      },
      map: (task, items) => pool.map(table[task], items),
      async mapColumn(_task, items) {
        const out = new SharedArray('int32', items.length);
        await pool.map(tasks.increment, items, { out });
        return out.view;
      },
      imap: (_task, items) => pool.imap(tasks.increment, items),
      shared: (length) => new SharedArray('float64', length),
      async close() {
        pool.close();
        await pool.join();
      },
    };
  },
  objects: ourObjects,
};
