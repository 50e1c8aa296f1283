import { attend } from '../base/duties.js';
import { HeapFullError, ManagerClosedError } from '../base/errors.js';
import { checkWait } from '../base/options.js';
import { setImmediate } from '../base/timers.js';
import { Outcome } from '../heap/outcome.js';
import { agent, exchange } from '../heap/program.js';
import { failure, SPIN, wait, waitSync, type WaitOptions } from '../sync/waiting.js';
import { NOTHING, type QueueEnds } from './queue-ends.js';
import { received, sendBlock, sentLength, sentLinks } from '../transport/shared-value.js';

/**
 * Messages into queues and out of them. What goes through at once takes one native call and makes no object but the
 * value: everything else is in the functions that wait.
 */

/** Operations of a queue: native/container/message_queue.h. */
const PUT = 0;
const GET = 1;
const PEEK = 2;
const JOIN = 3;

/** What became of an attempt that went through neither now nor later: the limits of the wait are its business. */
export type Refusal = 'full' | 'empty' | 'closed' | 'drained';

/** @internal How the errors of a handle are made. */
export const refused: unique symbol = Symbol('allcores.refused');

/**
 * @internal The handle whose queue it is. It is in use as long as the operation lasts, and so keeps the queue alive. As with
 * `Waitable`, no class says that it implements this.
 */
export interface Owner {
  /** @param timeout how long it was waited for, in ms; undefined: not at all */
  [refused](refusal: Refusal, timeout: number | undefined): Error;
}

/**
 * Who awaits what goes through at once never lets the event loop turn. So it is made to turn after so many messages, and
 * after each of so many bytes: the memory of those is given back in the event loop.
 */
const PASSED_IN_A_TURN = 256;
const LONG = 1024 * 1024;
let passed = 0;

function turn(): Promise<void> {
  passed = 0;
  return new Promise((resolve) => setImmediate(resolve));
}

/** The message that {@link offer} could not put yet. */
let offered = 0;

/** Encodes a value and puts it, if there is room. @returns `Outcome.blocked` when {@link offered} has to wait */
function offer(queue: QueueEnds, value: unknown): number {
  if (typeof value === 'number' && queue.put(value)) return Outcome.done;
  const block = sendBlock(value, 'value');
  if (block === 0) {
    const outcome = agent.putMessage(queue.offset, sentLength, sentLinks);
    if (outcome === Outcome.blocked) offered = exchange.control[0]!;
    return outcome;
  }
  const outcome = agent.putBlock(queue.offset, block);
  if (outcome === Outcome.blocked) offered = block;
  else if (outcome !== Outcome.done) agent.dropBlock(block);
  return outcome;
}

/** @throws what the owner makes of it when the queue is full in time or closed */
export function putSync(owner: Owner, queue: QueueEnds, value: unknown, options?: WaitOptions): void {
  const limits = options === undefined ? undefined : limitsOf(options);
  let outcome = offer(queue, value);
  if (outcome === Outcome.done) return;
  if (outcome === Outcome.blocked) {
    const block = offered;
    try {
      outcome = limits?.timeout === 0 ? Outcome.timedOut : waitSync(queue.offset, PUT, block, limits).outcome;
    } finally {
      if (outcome !== Outcome.done) agent.dropBlock(block);
    }
    if (outcome === Outcome.done) return;
  }
  throw putFailure(owner, queue, outcome, limits?.timeout);
}

/** As {@link putSync}, without blocking the thread. The value is encoded before this returns. */
export async function put(owner: Owner, queue: QueueEnds, value: unknown, options?: WaitOptions): Promise<void> {
  const limits = options === undefined ? undefined : limitsOf(options);
  let outcome = offer(queue, value);
  if (outcome === Outcome.done) {
    if (++passed === PASSED_IN_A_TURN) await turn();
    return;
  }
  if (outcome === Outcome.blocked) {
    const block = offered;
    try {
      outcome = limits?.timeout === 0 ? Outcome.timedOut : (await wait(queue.offset, PUT, block, limits)).outcome;
    } finally {
      if (outcome !== Outcome.done) agent.dropBlock(block);
    }
    if (outcome === Outcome.done) return;
  }
  throw putFailure(owner, queue, outcome, limits?.timeout);
}

/** Puts now or never. */
export function putNow(owner: Owner, queue: QueueEnds, value: unknown): void {
  const outcome = offer(queue, value);
  if (outcome === Outcome.done) return;
  if (outcome === Outcome.blocked) agent.dropBlock(offered);
  throw putFailure(owner, queue, outcome === Outcome.blocked ? Outcome.timedOut : outcome, undefined);
}

/** @throws what the owner makes of it when the queue is empty in time, or closed and drained */
export function getSync(owner: Owner, queue: QueueEnds, options?: WaitOptions): unknown {
  const limits = options === undefined ? undefined : limitsOf(options);
  const number = queue.take();
  if (number !== NOTHING) return number;
  if (limits?.timeout === 0) attend(0); // the last one who could have put something may be gone
  let outcome = agent.getMessage(queue.offset, limits?.timeout === 0 ? 0 : SPIN);
  if (outcome === Outcome.done) return received(true);
  if (outcome === Outcome.blocked) {
    if (limits?.timeout === 0) {
      outcome = Outcome.timedOut;
    } else {
      const ended = waitSync(queue.offset, GET, 0, limits, 0);
      if (ended.outcome === Outcome.done) return read(ended.result);
      ({ outcome } = ended);
    }
  }
  throw getFailure(owner, queue, outcome, limits?.timeout);
}

/** What {@link get} gives instead of a message at the end of a queue, if it is asked to. */
export const END: unique symbol = Symbol('allcores.end');

/** How many gets of this event loop wait, by their queues: who comes later must not be served before them. */
const waiting = new Map<number, number>();

/**
 * As {@link getSync}, without blocking the thread.
 * @param end whether to give {@link END} rather than to throw once the queue is closed and drained
 */
export async function get(owner: Owner, queue: QueueEnds, options?: WaitOptions, end = false): Promise<unknown> {
  const limits = options === undefined ? undefined : limitsOf(options);
  const preceded = waiting.size > 0 && waiting.has(queue.offset) && limits?.timeout !== 0;
  const number = preceded ? NOTHING : queue.take();
  if (number !== NOTHING) {
    if (++passed === PASSED_IN_A_TURN) await turn();
    return number;
  }
  let outcome = preceded ? Outcome.blocked : agent.getMessage(queue.offset, 0);
  if (outcome === Outcome.done) {
    const isLong = exchange.control[1]! >= LONG;
    const value = received(true);
    if (isLong || ++passed === PASSED_IN_A_TURN) await turn();
    return value;
  }
  if (outcome === Outcome.blocked) {
    if (limits?.timeout === 0) {
      outcome = Outcome.timedOut;
    } else {
      waiting.set(queue.offset, (waiting.get(queue.offset) ?? 0) + 1);
      try {
        const ended = await wait(queue.offset, GET, 0, limits);
        if (ended.outcome === Outcome.done) return read(ended.result);
        ({ outcome } = ended);
      } finally {
        const others = waiting.get(queue.offset)! - 1;
        if (others === 0) waiting.delete(queue.offset);
        else waiting.set(queue.offset, others);
      }
    }
  }
  if (end && outcome === Outcome.closed && agent.isClosed(queue.offset) === 0) return END;
  throw getFailure(owner, queue, outcome, limits?.timeout);
}

/** Gets now or never. */
export function getNow(owner: Owner, queue: QueueEnds): unknown {
  const number = queue.take();
  if (number !== NOTHING) return number;
  const outcome = agent.getMessage(queue.offset, 0);
  if (outcome === Outcome.done) return received(true);
  throw getFailure(owner, queue, outcome === Outcome.blocked ? Outcome.timedOut : outcome, undefined);
}

/** Waits until there is a message, or none will ever come. @returns false when `timeout` passed first */
export async function peek(owner: Owner, queue: QueueEnds, options?: WaitOptions): Promise<boolean> {
  return isDone(owner, (await wait(queue.offset, PEEK, 0, options)).outcome);
}

/** As {@link peek}, blocking the thread. */
export function peekSync(owner: Owner, queue: QueueEnds, options?: WaitOptions): boolean {
  return isDone(owner, waitSync(queue.offset, PEEK, 0, options).outcome);
}

/** Waits until every message that was put is done. @returns false when `timeout` passed first */
export async function join(owner: Owner, queue: QueueEnds, options?: WaitOptions): Promise<boolean> {
  return isDone(owner, (await wait(queue.offset, JOIN, 0, options)).outcome);
}

/** As {@link join}, blocking the thread. */
export function joinSync(owner: Owner, queue: QueueEnds, options?: WaitOptions): boolean {
  return isDone(owner, waitSync(queue.offset, JOIN, 0, options).outcome);
}

/** Of a queue, as it was a moment ago. */
export interface QueueState {
  readonly items: number;
  readonly closed: boolean;
  readonly full: boolean;
}

/** @throws {ManagerClosedError} once its manager was shut down */
export function stateOf(queue: QueueEnds): QueueState {
  if (agent.isClosed(queue.offset) === 1) throw new ManagerClosedError();
  agent.queueState(queue.offset);
  const { control } = exchange;
  return { items: control[0]!, closed: control[3] === 1, full: control[4] === 1 };
}

function read(message: number): unknown {
  agent.readBlock(message);
  return received(true);
}

/** Checked once, before anything is encoded or taken. */
function limitsOf(options: WaitOptions): WaitOptions {
  const limits = checkWait(options);
  limits.signal?.throwIfAborted();
  return limits;
}

function isDone(owner: Owner, outcome: number): boolean {
  if (outcome === Outcome.done) return true;
  if (outcome === Outcome.timedOut) return false;
  throw failure(outcome, owner.constructor.name);
}

function putFailure(owner: Owner, queue: QueueEnds, outcome: number, timeout: number | undefined): Error {
  if (outcome === Outcome.timedOut) return owner[refused]('full', timeout);
  if (outcome === Outcome.closed && agent.isClosed(queue.offset) === 0) return owner[refused]('closed', timeout);
  if (outcome === Outcome.noMemory) return new HeapFullError('No shared memory left for value');
  return failure(outcome, owner.constructor.name);
}

function getFailure(owner: Owner, queue: QueueEnds, outcome: number, timeout: number | undefined): Error {
  if (outcome === Outcome.timedOut) return owner[refused]('empty', timeout);
  if (outcome === Outcome.closed && agent.isClosed(queue.offset) === 0) return owner[refused]('drained', timeout);
  return failure(outcome, owner.constructor.name);
}
