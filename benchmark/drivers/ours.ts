import * as tasks from '../tasks.js';
import type { SharedArray } from 'allcores';
import {
  plainVariants,
  type OpenPool,
  type PoolDriver,
  type TaskName,
  type Variant,
  type VectorWork,
} from './driver.js';
import { ourObjects } from './ours-objects.js';

const table = tasks as unknown as Record<TaskName, (argument: unknown) => unknown>;

async function open(variant: Variant, method: 'thread' | 'process'): Promise<OpenPool> {
  const { getContext, SharedArray } = await import('allcores');
  const pool = new (getContext(method).Pool)(variant.workers);
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
}

async function vectors(): Promise<VectorWork> {
  const library = await import('allcores');
  return {
    vector: (length) => new library.SharedArray('float64', length),
    sum: (a: SharedArray) => a.sum(),
    dot: (a: SharedArray, b: SharedArray) => a.dot(b),
    add: (a: SharedArray, b: SharedArray, out: SharedArray) => a.map('add', b, { out }),
    sort: (a: SharedArray) => a.sort(),
  };
}

export const ours: PoolDriver = {
  name: 'allcores',
  kind: 'ours',
  settings: 'defaults',
  variants: plainVariants,
  open: (variant) => open(variant, 'thread'),
  objects: ourObjects,
  vectors,
};

export const oursProcess: PoolDriver = {
  name: 'allcores process',
  kind: 'ours',
  workers: 'processes',
  settings: "getContext('process').Pool, otherwise defaults",
  variants: plainVariants,
  open: (variant) => open(variant, 'process'),
};
