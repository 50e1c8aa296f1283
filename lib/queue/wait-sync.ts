import { checkWait } from '../base/options.js';
import { attend } from '../base/duties.js';
import { whenReadySync, type Waitable } from '../base/readiness.js';
import { now } from '../base/timers.js';
import { shown } from '../base/validate.js';
import type { WaitOptions } from '../sync/waiting.js';
import { listOf } from './wait.js';

/** Blocks until the object is ready, for so many ms at most; 0: looks. */
type Look = (millis: number) => boolean;

/** How long one of several objects is waited for before the others are looked at, in ms: from the first time to the last. */
const SHORTEST = 1;
const LONGEST = 10;
/** The longest sleep in one piece, in ms: the termination of this thread has to get through. */
const SLICE = 100;

/**
 * As {@link wait}, blocking the thread. Of one object it is told at once; several are looked at in turn, so it may be some
 * ms until one of them is noticed. A promise cannot settle meanwhile, so one cannot wait for it in this way.
 *
 * @returns those that are ready, in the order given; none when `timeout` has passed first
 * @throws {TypeError} for an object that one cannot wait for so
 * @throws {ProcessError} for a process that was not started
 * @throws `signal.reason` when it is aborted already
 */
export function waitSync<T extends object>(objects: Iterable<T>, options: WaitOptions = {}): T[] {
  const { timeout = Infinity, signal } = checkWait(options);
  const list = listOf(objects);
  const looks = list.map((object, i) => lookOf(object, `objects[${i}]`));
  signal?.throwIfAborted();
  if (looks.length === 0 && timeout === Infinity) return [];
  const until = now() + timeout;
  let slice = looks.length === 1 ? Infinity : SHORTEST;
  for (let turn = 0; ; turn++) {
    const ready = list.filter((_, i) => looks[i]!(0));
    const left = until - now();
    if (ready.length > 0 || left <= 0) return ready;
    const look = looks[turn % looks.length] ?? sleep;
    look(Math.min(slice, left));
    slice = Math.min(2 * slice, looks.length === 1 ? Infinity : LONGEST);
  }
}

const cell = new Int32Array(new SharedArrayBuffer(4));

/** There is nothing but the time to wait for. */
function sleep(millis: number): boolean {
  Atomics.wait(cell, 0, 0, attend(Math.min(millis, SLICE)));
  return false;
}

/** As in `wait`, they are known by what they can do. */
function lookOf(object: unknown, name: string): Look {
  if (typeof object === 'object' && object !== null) {
    if (whenReadySync in object) return (timeout) => (object as Waitable)[whenReadySync]({ timeout });
    if ('joinSync' in object && typeof object.joinSync === 'function' && 'exited' in object) {
      const { joinSync } = object as { joinSync(options: WaitOptions): boolean };
      return (timeout) => joinSync.call(object, { timeout });
    }
    if ('waitSync' in object && typeof object.waitSync === 'function' && ('ready' in object || 'isSet' in object)) {
      const { waitSync: waitFor } = object as { waitSync(options: WaitOptions): boolean };
      return (timeout) => waitFor.call(object, { timeout });
    }
  }
  throw new TypeError(`${name} must be a queue, connection, process, result or event, got ${shown(object)}`);
}
