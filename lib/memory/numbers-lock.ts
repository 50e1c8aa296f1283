import { namesOf, requireKnown } from '../base/options.js';
import { shown } from '../base/validate.js';
import { SharedObject } from '../heap/shared-object.js';
import { Lock, RLock } from '../sync/lock.js';

/** `true`: an {@link RLock} of its own (the default, as in Python); `false`: none; or a lock that exists. */
export type LockOption = boolean | Lock | RLock;

interface LockOptions {
  readonly lock?: LockOption | undefined;
}

const OPTIONS = namesOf<LockOptions>({ lock: true });

/** The lock of numbers that are made with these options. @throws {TypeError} for anything else */
export function lockOf(options: LockOptions): Lock | RLock | undefined {
  requireKnown(options, OPTIONS);
  const option = options.lock;
  if (option === undefined || option === true) return new RLock();
  if (option === false) return undefined;
  if (option instanceof Lock || option instanceof RLock) return option;
  throw new TypeError(`lock must be true, false, a Lock or an RLock, got ${shown(option)}`);
}

/** 0: none. */
export function offsetOfLock(lock: Lock | RLock | undefined): number {
  return lock === undefined ? 0 : SharedObject.offsetOf(lock);
}
