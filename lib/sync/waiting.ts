import { attend } from '../base/duties.js';
import { HeapFullError, ManagerClosedError, ProcessError } from '../base/errors.js';
import { checkWait } from '../base/options.js';
import { clearTimeout, now, setTimeout } from '../base/timers.js';
import { isMainThread } from '../base/told.js';
import { Outcome } from '../heap/outcome.js';
import { agent, exchange, onWaitEnded } from '../heap/program.js';
import { Abortable } from './abortable.js';

/** How long to wait, and what ends the wait before. */
export interface WaitOptions {
  /** Milliseconds; without it, without end. 0 or less: try once. */
  readonly timeout?: number | undefined;
  /** Ends the wait, which then rejects with `signal.reason`. A blocked thread sees it only before it blocks. */
  readonly signal?: AbortSignal | undefined;
}

/** How an operation ended. */
export interface Ended {
  readonly outcome: number;
  /** What the operation gives beside. */
  readonly result: number;
}

/** How long one who waits on its thread looks before it sleeps, in ns: about what being woken costs. */
export const SPIN = 40_000;
/** How long a thread may sleep before it returns to JavaScript, in ms: its termination has to get through. */
const SLICE = isMainThread ? 1000 : 100;

interface Pending {
  readonly resolve: (ended: Ended) => void;
  readonly reject: (reason: unknown) => void;
  readonly timer: NodeJS.Timeout | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Waits in this event loop, by their nodes. */
const pending = new Map<number, Pending>();
const abortable = new Abortable((node) => giveUp(node, true));

onWaitEnded((node, outcome, result) => {
  take(node)?.resolve({ outcome, result });
});

function take(node: number): Pending | undefined {
  const waiting = pending.get(node);
  if (waiting === undefined) return undefined;
  pending.delete(node);
  if (pending.size === 0) agent.unrefLoop();
  if (waiting.timer !== undefined) clearTimeout(waiting.timer);
  if (waiting.signal !== undefined) abortable.delete(waiting.signal, node);
  return waiting;
}

/**
 * Does an operation, waiting on this thread where it blocks.
 * @param spin how long to look before it sleeps, in ns
 * @returns `Outcome.timedOut` when the time has passed
 * @throws `signal.reason` when it is aborted already
 */
export function waitSync(object: number, op: number, argument: number, options?: WaitOptions, spin = SPIN): Ended {
  const { timeout, signal } = checkWait(options);
  signal?.throwIfAborted();
  if (timeout === 0) {
    attend(0); // who tries again and again does not let the event loop turn either
    const outcome = agent.tryOperation(object, op, argument);
    return { outcome: outcome === Outcome.blocked ? Outcome.timedOut : outcome, result: exchange.control[0]! };
  }
  const outcome = agent.beginWait(object, op, argument, 0, spin);
  if (outcome !== Outcome.blocked) return { outcome, result: exchange.control[0]! };
  return queuedSync(exchange.control[1]!, timeout);
}

/** The end of a wait that has been queued for this thread, which sleeps until then. */
export function queuedSync(node: number, timeout: number | undefined): Ended {
  const until = timeout === undefined ? Infinity : now() + timeout;
  for (let left = until - now(); left > 0; left = until - now()) {
    const outcome = agent.sleepWait(node, Math.min(left, attend(SLICE)));
    if (outcome !== Outcome.blocked) return { outcome, result: exchange.control[0]! };
    agent.clearInterrupt();
  }
  return cancelled(node);
}

/** The end of a wait that is given up. */
export function cancelled(node: number): Ended {
  const outcome = agent.cancelWait(node);
  return { outcome, result: exchange.control[0]! };
}

/** As {@link waitSync}, without blocking the thread. A wait keeps the program alive. */
export async function wait(object: number, op: number, argument: number, options?: WaitOptions): Promise<Ended> {
  const { timeout, signal } = checkWait(options);
  if (timeout === 0) return waitSync(object, op, argument, options);
  signal?.throwIfAborted();
  const outcome = agent.beginWait(object, op, argument, 1, 0);
  if (outcome !== Outcome.blocked) return { outcome, result: exchange.control[0]! };
  return queued(exchange.control[1]!, timeout, signal);
}

/** As {@link queuedSync}, for a wait that has been queued for this event loop. */
export function queued(node: number, timeout: number | undefined, signal: AbortSignal | undefined): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const timer = timeout === undefined ? undefined : setTimeout(() => giveUp(node, false), timeout);
    if (signal !== undefined) abortable.add(signal, node);
    if (pending.size === 0) agent.refLoop();
    pending.set(node, { resolve, reject, timer, signal });
  });
}

/** The wait ends here, unless it was over just before: then it ends with what it got. */
function giveUp(node: number, aborted: boolean): void {
  const waiting = take(node);
  if (waiting === undefined) return;
  const ended = cancelled(node);
  if (ended.outcome === Outcome.timedOut && aborted) waiting.reject(waiting.signal?.reason);
  else waiting.resolve(ended);
}

/** Turns what no operation expects into its error. */
export function failure(outcome: number, what: string): Error {
  if (outcome === Outcome.closed) return new ManagerClosedError(`The manager of this ${what} was shut down`);
  if (outcome === Outcome.noMemory) return new HeapFullError(`No shared memory left for an operation of this ${what}`);
  return new ProcessError(`A ${what} gave the unexpected outcome ${outcome}`);
}

/** Throws what a wait with these options would throw at once: also where there is nothing to wait for. */
export function requireWait(options: WaitOptions | undefined): void {
  checkWait(options).signal?.throwIfAborted();
}

/** @throws {ManagerClosedError} once the manager of an object was shut down */
export function requireOpen(object: number, what: string): void {
  if (agent.isClosed(object) !== 0) throw failure(Outcome.closed, what);
}
