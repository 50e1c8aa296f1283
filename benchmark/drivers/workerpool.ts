import { compiledFile } from '../paths.js';
import { crossed, plainVariants, type OpenPool, type PoolDriver, type Variant } from './driver.js';

async function open(variant: Variant, workerType: 'thread' | 'process'): Promise<OpenPool> {
  const { default: library } = await import('workerpool');
  const pool = library.pool(compiledFile('workers/workerpool.js'), {
    workerType,
    minWorkers: variant.workers,
    maxWorkers: variant.workers,
    ...(workerType === 'process' && {
      forkOpts: { serialization: variant['serialization'] as 'json' | 'advanced' },
    }),
  });
  return {
    caller: (task) => (argument, transfer) =>
      pool.exec(task, [argument], transfer ? { transfer: [...transfer] } : undefined),
    close: async () => {
      await pool.terminate(true);
    },
  };
}

export const workerpool: PoolDriver = {
  name: 'workerpool',
  kind: 'peer',
  settings: "workerType 'thread', fixed number of workers",
  variants: plainVariants,
  open: (variant) => open(variant, 'thread'),
};

export const workerpoolProcess: PoolDriver = {
  name: 'workerpool process',
  kind: 'peer',
  workers: 'processes',
  settings: "workerType 'process', fixed number of workers",
  variants: (mode) => crossed(plainVariants(mode), 'serialization', ['json', 'advanced']),
  open: (variant) => open(variant, 'process'),
};
