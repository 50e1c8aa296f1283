import { compiledFile } from '../paths.js';
import { cores, crossed, plainVariants, workerCounts, type OpenPool, type PoolDriver, type Variant } from './driver.js';

async function open(variant: Variant, runtime: 'worker_threads' | 'child_process'): Promise<OpenPool> {
  const { Tinypool } = await import('tinypool');
  const pool = new Tinypool({
    filename: compiledFile('workers/tinypool.js'),
    runtime,
    minThreads: variant.workers,
    maxThreads: variant.workers,
    useAtomics: Boolean(variant['atomics']),
    concurrentTasksPerWorker: Number(variant['concurrent']),
    ...(runtime === 'child_process' && { serialization: variant['serialization'] as 'json' | 'advanced' }),
  });
  return {
    caller(task) {
      const options = { name: task };
      return (argument, transfer) =>
        pool.run(argument, transfer ? { name: task, transferList: [...transfer] as never } : options);
    },
    close: () => pool.destroy(),
  };
}

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
  open: (variant) => open(variant, 'worker_threads'),
};

export const tinypoolProcess: PoolDriver = {
  name: 'tinypool process',
  kind: 'peer',
  workers: 'processes',
  settings: "runtime 'child_process', fixed number of processes",
  variants(mode) {
    const concurrent = mode === 'throughput' ? 64 : 1;
    const counts = plainVariants(mode).map((variant) => ({ ...variant, concurrent }));
    return crossed(counts, 'serialization', ['json', 'advanced']);
  },
  open: (variant) => open(variant, 'child_process'),
};
