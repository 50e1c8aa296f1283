import { compiledFile } from '../paths.js';
import { cores, crossed, workerCounts, type PoolDriver } from './driver.js';

export const piscina: PoolDriver = {
  name: 'piscina',
  kind: 'peer',
  settings: 'recordTiming false, FixedQueue, concurrentTasksPerWorker 64 (1 for long tasks), fixed number of threads',
  variants(mode) {
    if (mode === 'throughput') {
      const counts = workerCounts().map((workers) => ({ workers, concurrent: 64 }));
      return crossed(counts, 'atomics', ['disabled', 'sync']);
    }
    if (mode === 'latency') return crossed([{ workers: 1, concurrent: 64 }], 'atomics', ['disabled', 'sync']);
    return [{ workers: cores, atomics: 'disabled', concurrent: 1 }];
  },
  async open(variant) {
    const { Piscina, FixedQueue } = await import('piscina');
    const pool = new Piscina({
      filename: compiledFile('workers/piscina.js'),
      minThreads: variant.workers,
      maxThreads: variant.workers,
      atomics: variant['atomics'] as 'sync' | 'disabled',
      concurrentTasksPerWorker: Number(variant['concurrent']),
      recordTiming: false,
      taskQueue: new FixedQueue(),
    });
    return {
      caller(task) {
        const options = { name: task };
        return (argument, transfer) =>
          pool.run(argument, transfer ? { name: task, transferList: [...transfer] as never } : options);
      },
      close: () => pool.destroy(),
    };
  },
};
