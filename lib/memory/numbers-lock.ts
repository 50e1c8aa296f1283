import { shown } from '../base/validate.js';
import { Kind } from '../heap/outcome.js';
import { agent } from '../heap/program.js';
import { attach, SharedObject } from '../heap/shared-object.js';
import { Lock, RLock } from '../sync/lock.js';

/** `true`: an {@link RLock} of its own (the default, as in Python); `false`: none; or a lock that exists. */
export type LockOption = boolean | Lock | RLock;

/** @throws {TypeError} for anything else */
export function lockOf(option: LockOption | undefined): Lock | RLock | undefined {
  if (option === undefined || option === true) return new RLock();
  if (option === false) return undefined;
  if (option instanceof Lock || option instanceof RLock) return option;
  throw new TypeError(`lock must be true, false, a Lock or an RLock, got ${shown(option)}`);
}

/** The lock that an object in shared memory names, as a handle of this thread. */
export function lockAt(offset: number): Lock | RLock {
  if (agent.retainObject(offset, Kind.rlock) === 0) return attach(() => new Lock(), offset, Kind.lock, 'Lock');
  agent.releaseObject(offset); // the handle has a reference of its own
  return attach(() => new RLock(), offset, Kind.rlock, 'RLock');
}

/** 0: none. */
export function offsetOfLock(lock: Lock | RLock | undefined): number {
  return lock === undefined ? 0 : SharedObject.offsetOf(lock);
}
