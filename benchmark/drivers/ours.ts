import * as tasks from '../tasks.js';
import { cores, workerCounts, type PoolDriver, type SharedVector, type TaskName } from './driver.js';

type AnyTask = (argument: never) => unknown;

/** The part of the public interface that the workloads use. */
interface Library {
  Pool: new (processes: number) => {
    apply(fn: AnyTask, args: unknown[]): Promise<unknown>;
    map(fn: AnyTask, items: Iterable<number>, options?: { out?: unknown }): Promise<unknown>;
    imap(fn: AnyTask, items: Iterable<number>): AsyncIterable<unknown>;
    close(): void | Promise<void>;
    join(): Promise<void>;
  };
  SharedArray: new (dtype: string, length: number) => SharedVector & { readonly view: Int32Array };
}

export const ours: PoolDriver = {
  name: 'allcores',
  kind: 'ours',
  settings: 'defaults',
  variants(mode) {
    if (mode === 'throughput') return workerCounts().map((workers) => ({ workers }));
    return [{ workers: mode === 'latency' ? 1 : cores }];
  },
  async open(variant) {
    const name = 'allcores';
    const { Pool, SharedArray } = (await import(name)) as Library;
    const pool = new Pool(variant.workers);
    const table = tasks as unknown as Record<TaskName, AnyTask>;
    return {
      caller(task) {
        const fn = table[task];
        return (argument) => pool.apply(fn, [argument]);
      },
      map: (task, items) => pool.map(table[task], items) as Promise<unknown[]>,
      async mapColumn(task, items) {
        const out = new SharedArray('int32', items.length);
        await pool.map(table[task], items, { out });
        return out.view;
      },
      imap: (task, items) => pool.imap(table[task], items),
      shared: (length) => new SharedArray('float64', length),
      async close() {
        await pool.close();
        await pool.join();
      },
    };
  },
};
