import { ProcessError } from '../base/errors.js';
import { agent } from '../heap/program.js';
import { send, sentLinks } from '../transport/shared-value.js';
import { objectKey, placeKey } from './key.js';

/** Tells whether another batch was begun in the midst of one: by a getter among its values. */
let batches = 0;

function begin(): number {
  agent.clearBatch();
  return ++batches;
}

function requireSame(batch: number, root: string): void {
  if (batch === batches) return;
  throw new ProcessError(`${root}: reading its properties changed another shared object; pass plain data`);
}

/** Collects values for the operation on all of them that follows at once. */
export function batchOf(values: readonly unknown[], root: string): void {
  const batch = begin();
  for (let i = 0; i < values.length; i++) {
    const length = send(values[i], `${root}[${i}]`);
    requireSame(batch, root);
    agent.addToBatch(0, length, sentLinks);
  }
}

/** As {@link batchOf}, with keys. */
export function entryBatchOf(entries: readonly (readonly [unknown, unknown])[], root: string): void {
  const batch = begin();
  for (const [key, value] of entries) {
    const bytes = objectKey(key);
    const length = send(value, typeof key === 'string' ? `${root}.${key}` : root);
    const keyLength = placeKey(key, bytes);
    requireSame(batch, root);
    agent.addToBatch(keyLength, length, sentLinks);
  }
}
