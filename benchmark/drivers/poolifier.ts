import { compiledFile } from '../paths.js';
import { cores, crossed, workerCounts, type PoolDriver } from './driver.js';

export const poolifier: PoolDriver = {
  name: 'poolifier',
  kind: 'peer',
  settings: 'FixedThreadPool, enableEvents false; results are always copied',
  variants(mode) {
    if (mode === 'latency') return crossed([{ workers: 1 }], 'queue', [0, 64]);
    // A queue with a concurrency of 1 loses tasks when workers steal from each other.
    if (mode === 'coarse') return crossed([{ workers: cores }], 'queue', [0, 2]);
    return crossed(
      workerCounts().map((workers) => ({ workers })),
      'queue',
      [0, 64],
    );
  },
  async open(variant) {
    const { FixedThreadPool } = await import('poolifier');
    const concurrency = Number(variant['queue']);
    const pool = new FixedThreadPool<unknown, unknown>(variant.workers, compiledFile('workers/poolifier.js'), {
      enableEvents: false,
      enableTasksQueue: concurrency > 0,
      ...(concurrency > 0 && { tasksQueueOptions: { concurrency } }),
    });
    return {
      caller: (task) => (argument, transfer) => pool.execute(argument, task, undefined, transfer as never),
      close: () => pool.destroy(),
    };
  },
};
