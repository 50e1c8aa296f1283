import { compiledFile } from '../paths.js';
import { cores, crossed, workerCounts, type PoolDriver } from './driver.js';

export const tinypool: PoolDriver = {
  name: 'tinypool',
  kind: 'peer',
  settings: 'concurrentTasksPerWorker 64 (1 for long tasks), fixed number of threads',
  variants(mode) {
    if (mode === 'throughput') {
      const counts = workerCounts().map((workers) => ({ workers, concurrent: 64 }));
      return crossed(counts, 'atomics', [true, false]);
    }
    if (mode === 'latency') return crossed([{ workers: 1, concurrent: 64 }], 'atomics', [false, true]);
    return [{ workers: cores, atomics: false, concurrent: 1 }];
  },
  async open(variant) {
    const { Tinypool } = await import('tinypool');
    const pool = new Tinypool({
      filename: compiledFile('workers/tinypool.js'),
      minThreads: variant.workers,
      maxThreads: variant.workers,
      useAtomics: Boolean(variant['atomics']),
      concurrentTasksPerWorker: Number(variant['concurrent']),
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
