import { Kind } from '../heap/outcome.js';
import { agent } from '../heap/program.js';
import { attach } from '../heap/shared-object.js';
import { Lock, RLock } from './lock.js';

/** The lock that an object in shared memory names, as a handle of this thread. */
export function lockAt(offset: number): Lock | RLock {
  if (agent.retainObject(offset, Kind.rlock) === 0) return attach(() => new Lock(), offset, Kind.lock, 'Lock');
  agent.releaseObject(offset); // the handle has a reference of its own
  return attach(() => new RLock(), offset, Kind.rlock, 'RLock');
}
