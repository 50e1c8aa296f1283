import { compiledFile } from '../paths.js';
import { cores, workerCounts, type PoolDriver } from './driver.js';

export const workerpool: PoolDriver = {
  name: 'workerpool',
  kind: 'peer',
  settings: "workerType 'thread', fixed number of workers",
  variants(mode) {
    if (mode === 'throughput') return workerCounts().map((workers) => ({ workers }));
    return [{ workers: mode === 'latency' ? 1 : cores }];
  },
  async open(variant) {
    const { default: library } = await import('workerpool');
    const pool = library.pool(compiledFile('workers/workerpool.js'), {
      workerType: 'thread',
      minWorkers: variant.workers,
      maxWorkers: variant.workers,
    });
    return {
      caller: (task) => (argument, transfer) =>
        pool.exec(task, [argument], transfer ? { transfer: [...transfer] } : undefined),
      close: async () => {
        await pool.terminate(true);
      },
    };
  },
};
