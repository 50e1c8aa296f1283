import { Tinypool } from 'tinypool';
import { incrementColumn as increment } from '../tasks.js';

export { edges, identity, increment, incrementAll, spin } from '../tasks.js';

/** Transfers its result instead of copying it. */
export function incrementColumn(chunk: Int32Array<ArrayBuffer>): unknown {
  return Tinypool.move(increment(chunk));
}
