import { parentPort } from 'node:worker_threads';
import type { TaskName } from '../drivers/driver.js';
import * as tasks from '../tasks.js';

export interface Request {
  readonly id: number;
  readonly task: TaskName;
  readonly value: unknown;
}

export interface Reply {
  readonly id: number;
  readonly value: unknown;
  readonly failed?: true;
}

const table = tasks as unknown as Record<TaskName, (value: unknown) => unknown>;

parentPort!.on('message', ({ id, task, value }: Request) => {
  try {
    const result = table[task](value);
    const transfer = task === 'incrementColumn' ? [(result as Int32Array<ArrayBuffer>).buffer] : undefined;
    parentPort!.postMessage({ id, value: result } satisfies Reply, transfer);
  } catch (error) {
    parentPort!.postMessage({ id, value: error, failed: true } satisfies Reply);
  }
});
