import { checkWait } from '../base/options.js';
import { whenReady, type Waitable } from '../base/readiness.js';
import { clearTimeout, setImmediate, setTimeout } from '../base/timers.js';
import { shown } from '../base/validate.js';
import type { WaitOptions } from '../sync/waiting.js';

/** Begins to wait for one object; resolves once it is ready. The signal ends the wait, which then rejects. */
type Watch = (signal: AbortSignal) => PromiseLike<unknown>;

/**
 * Waits until at least one of several objects is ready: `multiprocessing.connection.wait`. Ready is a queue or connection
 * with something in it, or none of which anything will ever come; a process that has ended; a result that is there; an event
 * that is set; a promise that has settled, in whatever way. Nothing is taken from any of them.
 *
 * @returns those that are ready, in the order given; none when `timeout` has passed first
 * @throws {TypeError} for an object that one cannot wait for
 * @throws `signal.reason` when it is aborted
 */
export async function wait<T extends object>(objects: Iterable<T>, options: WaitOptions = {}): Promise<T[]> {
  const { timeout, signal } = checkWait(options);
  const list = listOf(objects);
  const watches = list.map((object, i) => watchOf(object, `objects[${i}]`));
  signal?.throwIfAborted();
  if (list.length === 0 && timeout === undefined && signal === undefined) return [];

  const stop = new AbortController();
  const ready = new Set<T>();
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      watches.forEach((watch, i) => {
        watch(stop.signal).then(() => {
          ready.add(list[i]!);
          resolve();
        }, reject);
      });
      if (timeout !== undefined) timer = setTimeout(resolve, timeout);
      // The reason is the caller's own and may be anything.
      onAbort = () => reject(signal!.reason as Error);
      signal?.addEventListener('abort', onAbort);
    });
    // Others may be ready as well: their promises need a turn to tell.
    await new Promise((resolve) => setImmediate(resolve));
    return list.filter((object) => ready.has(object));
  } finally {
    stop.abort();
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
  }
}

export function listOf<T extends object>(objects: Iterable<T>): T[] {
  const given: unknown = objects;
  if (typeof given !== 'object' || given === null || !(Symbol.iterator in given)) {
    throw new TypeError(`objects must be an iterable of objects, got ${shown(objects)}`);
  }
  return [...objects];
}

/** The folders above are not known here: their objects are known by what they can do. */
function watchOf(object: unknown, name: string): Watch {
  if (typeof object === 'object' && object !== null) {
    if (whenReady in object) return (signal) => (object as Waitable)[whenReady]({ signal });
    if ('exited' in object && isThenable(object.exited)) return () => object.exited as PromiseLike<unknown>;
    if ('wait' in object && typeof object.wait === 'function' && ('ready' in object || 'isSet' in object)) {
      const { wait: waitFor } = object as { wait(options: WaitOptions): PromiseLike<unknown> };
      return (signal) => waitFor.call(object, { signal });
    }
    if (isThenable(object)) return () => object.then(settled, settled);
  }
  throw new TypeError(`${name} must be a queue, connection, process, result, event or promise, got ${shown(object)}`);
}

function settled(): void {}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
