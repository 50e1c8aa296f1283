import { native, type NativePoolWorker } from '../../binding/native.js';
import { releaseAttachedBuffers } from '../../memory/attached-buffer.js';
import type { Encoded } from '../../transport/value/codec.js';
import { closeColumns } from '../column.js';
import type { CurrentTask, TaskSource } from '../current-task.js';
import * as at from '../pool-memory.js';
import type { PoolMemory } from '../pool-memory.js';
import {
  COMMAND_SIGNAL,
  COMMAND_STOP,
  ATTEMPT_MASK,
  FLAG_CONDEMNED,
  Form,
  GENERATION_SHIFT,
  INDEX_MASK,
  Operation,
  RANGE_DONE,
  READY,
  Result,
  RUNNING,
  SLICE,
  SLOT_SHIFT,
  TIMED,
} from '../protocol.js';
import { isShortLatin1 } from '../scalar.js';
import type { WorkerData } from '../worker-data.js';
import { readEncoded, readScalars } from './arguments.js';
import { NotLoaded, type Inbox } from './inbox.js';
import { perform, type Callable } from './operations.js';
import type { ResultWriter } from './result-writer.js';
import { TaskContext } from './task-context.js';
import { WorkerMeter } from './worker-meter.js';

/** How long an idle worker looks for work before it sleeps, in ns: about the cost of being woken. */
const SPIN = 50_000;
/** How long tasks run back to back before the event loop gets a turn, in ns. */
const TURN = 1_000_000;

/**
 * The loop of a worker: takes tasks, runs them one at a time, sends results, sleeps.
 *
 * It lives on the worker's event loop. While there is work it stays on the stack, apart from a turn of the loop each
 * millisecond; a task that gives a promise leaves it to the loop until the promise settles; an idle worker sleeps on
 * its futex when its loop has nothing to do, else in its loop.
 */
export class Runner implements TaskSource {
  readonly #memory: PoolMemory;
  readonly #words: Int32Array;
  readonly #native: NativePoolWorker;
  readonly #inbox: Inbox;
  readonly #results: ResultWriter;
  readonly #meter: WorkerMeter;
  readonly #data: WorkerData;
  readonly #block: number;
  readonly #exit: (code: number) => never;

  /** The claim list: entries from #next to before #count are still to be begun. */
  #next = 0;
  #count = 0;
  /** The task that runs, or whose promise is pending: its index and the attempt; -1: none. */
  #index = -1;
  #attempt = 0;
  #context: TaskContext | undefined;
  /** A promise is pending, so the loop of this class is off the stack. */
  #waiting = false;
  #inLoop = false;
  /** Tasks ran since the event loop last had a turn. */
  #dirty = true;
  /** The last look found a task, so the next one may be close behind. */
  #warm = false;
  #turnAt = 0;

  constructor(
    memory: PoolMemory,
    data: WorkerData,
    end: NativePoolWorker,
    inbox: Inbox,
    results: ResultWriter,
    exit: (code: number) => never,
  ) {
    this.#memory = memory;
    this.#words = memory.words;
    this.#native = end;
    this.#inbox = inbox;
    this.#results = results;
    this.#data = data;
    this.#block = memory.workerWords(data.slot);
    this.#meter = new WorkerMeter(memory, data.slot);
    this.#exit = exit;
  }

  get loading(): boolean {
    return this.#inbox.loading;
  }

  get currentTask(): CurrentTask | undefined {
    if (this.#index < 0) return undefined;
    const index = this.#index;
    this.#context ??= new TaskContext(this.#memory, index, this.#attempt, (value) =>
      this.#results.pushMessage(
        index,
        Result.progress,
        Result.progressSegment,
        this.#inbox.codec.encode(value, 'progress'),
      ),
    );
    return this.#context;
  }

  start(): void {
    this.#native.ref();
    this.#results.pushNumber(0, Result.serving, native.threadId());
    this.turn();
  }

  /** The owner poked this worker's event loop. */
  wake(): void {
    if (this.#obey()) return;
    if (this.#inLoop) {
      this.#inLoop = false;
      this.#native.leaveLoop();
      this.turn();
    }
  }

  /** Runs what there is; returns when the event loop has to go on. */
  readonly turn = (): void => {
    if (this.#waiting || this.#inLoop) return;
    this.#turnAt = this.#meter.now();
    for (;;) {
      while (this.#next < this.#count) {
        const entry = this.#words[this.#block + at.WORKER_CLAIMS + this.#next++]!;
        if (!this.#begin(entry)) continue;
        if (!this.#run(entry & INDEX_MASK)) return;
      }
      this.#leaveIfSpent();
      if (this.#meter.now() - this.#turnAt > TURN) {
        this.#dirty = false;
        setImmediate(this.turn);
        return;
      }
      this.#next = 0;
      this.#count = this.#native.take(this.#meter.batch(this.#data.mostTasks), this.#warm ? SPIN : 0);
      this.#meter.took();
      this.#warm = this.#count > 0;
      if (this.#warm) {
        this.#dirty = true;
        continue;
      }
      if (this.#obey()) return;
      if (this.#idle()) return;
    }
  };

  /** Nothing to do. True: the event loop goes on and will call `turn`. */
  #idle(): boolean {
    if (this.#dirty) {
      // What tasks left behind (microtasks, ticks, rejections, timers) gets its turn before anybody sleeps.
      this.#dirty = false;
      setImmediate(this.turn);
      return true;
    }
    closeColumns();
    releaseAttachedBuffers();
    this.#inbox.receive();
    this.#native.unref();
    const alive = native.loopAlive();
    this.#native.ref();
    if (alive) {
      this.#inLoop = this.#native.enterLoop();
      return this.#inLoop;
    }
    this.#native.park(SLICE);
    // Back to JavaScript and its loop after each slice, so that a termination of this thread gets through.
    this.#dirty = true;
    return false;
  }

  #begin(entry: number): boolean {
    const generation = (entry >>> GENERATION_SHIFT) << GENERATION_SHIFT;
    const state = this.#memory.records + (entry & INDEX_MASK) * at.RECORD_WORDS;
    const ready = generation | READY;
    return (
      Atomics.compareExchange(this.#words, state, ready, generation | (this.#data.slot << SLOT_SHIFT) | RUNNING) ===
      ready
    );
  }

  /** Runs one task to its end. False: it is asynchronous, and the loop goes on when it settles. */
  #run(index: number): boolean {
    const record = this.#memory.records + index * at.RECORD_WORDS;
    const kind = this.#words[record + at.RECORD_KIND]!;
    this.#index = index;
    this.#attempt = (kind >>> 16) & ATTEMPT_MASK;
    this.#meter.began(index);
    // Only a task with a time limit pays for a clock of its own: the owner counts from here.
    if ((kind & TIMED) !== 0) {
      this.#memory.doubles[this.#memory.recordDoubles + index * at.RECORD_DOUBLES + at.RECORD_TIME_DOUBLE] = native.now();
    }
    try {
      const fn = this.#inbox.load(this.#words[record + at.RECORD_FUNCTION]!);
      if (typeof fn === 'function') {
        const value = this.#call(fn as Callable, record, kind);
        if (typeof value === 'number') {
          this.#index = -1;
          if (this.#context !== undefined) this.#endContext();
          this.#results.pushNumber(index, Result.number, value);
          this.#awaitPardon(record);
          return true;
        }
        if (isThenable(value)) return this.#await(value);
        this.#succeed(value);
        return true;
      }
      return this.#await(fn.then((loaded) => this.#call(loaded as Callable, record, kind)));
    } catch (error) {
      if (error instanceof NotLoaded) return this.#retryWhenLoaded(error, index);
      this.#fail(error);
      return true;
    }
  }

  #call(fn: Callable, record: number, kind: number): unknown {
    const form = kind & 0xff;
    const operation = (kind >> 8) & 0xff;
    if (form <= Form.mostNumbers) {
      const { doubles } = this.#memory;
      const base =
        (record - this.#memory.records) / 2 + this.#memory.recordDoubles + at.RECORD_PAYLOAD_DOUBLE;
      switch (form) {
        case 0:
          return fn();
        case 1:
          return fn(doubles[base]);
        case 2:
          return fn(doubles[base], doubles[base + 1]);
        case 3:
          return fn(doubles[base], doubles[base + 1], doubles[base + 2]);
        default:
          return fn(doubles[base], doubles[base + 1], doubles[base + 2], doubles[base + 3]);
      }
    }
    const args = form < Form.inline ? readScalars(this.#memory, record, form) : this.#decode(record, form);
    return operation === Operation.call ? fn(...args) : perform(operation, fn, args);
  }

  #decode(record: number, form: number): unknown[] {
    const { head, blobs } = readEncoded(this.#memory, record, form);
    return this.#inbox.codec.decode(head, blobs) as unknown[];
  }

  #retryWhenLoaded(reason: NotLoaded, index: number): boolean {
    const record = this.#memory.records + index * at.RECORD_WORDS;
    const again = (): unknown => {
      try {
        const fn = this.#inbox.load(this.#words[record + at.RECORD_FUNCTION]!);
        return fn instanceof Promise
          ? fn.then((loaded) => this.#call(loaded as Callable, record, this.#words[record + at.RECORD_KIND]!))
          : this.#call(fn as Callable, record, this.#words[record + at.RECORD_KIND]!);
      } catch (error) {
        if (error instanceof NotLoaded) return error.loading.then(again);
        throw error;
      }
    };
    return this.#await(reason.loading.then(again));
  }

  #await(promise: PromiseLike<unknown>): boolean {
    this.#waiting = true;
    const settle = (end: () => void): void => {
      this.#waiting = false;
      end();
      this.turn();
    };
    promise.then(
      (value) => settle(() => this.#succeed(value)),
      (error: unknown) => settle(() => this.#fail(error)),
    );
    return false;
  }

  /** After a result was published: a worker that is about to be ended on account of that task begins no other one. */
  #awaitPardon(record: number): void {
    while ((Atomics.load(this.#words, record + at.RECORD_FLAGS) & FLAG_CONDEMNED) !== 0);
  }

  #succeed(value: unknown): void {
    const index = this.#index;
    this.#index = -1;
    if (this.#context !== undefined) this.#endContext();
    this.#send(index, value);
    this.#awaitPardon(this.#memory.records + index * at.RECORD_WORDS);
  }

  #send(index: number, value: unknown): void {
    switch (typeof value) {
      case 'number':
        return this.#results.pushNumber(index, Result.number, value);
      case 'undefined':
        return this.#results.pushTag(index, Result.undefined);
      case 'boolean':
        return this.#results.pushTag(index, value ? Result.true : Result.false);
      case 'string':
        if (isShortLatin1(value)) return this.#results.pushString(index, value);
        break;
      case 'symbol':
        if (value === RANGE_DONE) return this.#results.pushTag(index, Result.range);
        break;
      default:
        if (value === null) return this.#results.pushTag(index, Result.null);
    }
    let encoded: Encoded;
    try {
      encoded = this.#inbox.codec.encode(value, 'result');
    } catch (error) {
      return this.#sendError(index, error);
    }
    this.#results.pushMessage(index, Result.encoded, Result.segment, encoded);
  }

  #fail(error: unknown): void {
    const index = this.#index;
    this.#index = -1;
    if (this.#context !== undefined) this.#endContext();
    this.#sendError(index, error);
    this.#awaitPardon(this.#memory.records + index * at.RECORD_WORDS);
  }

  #sendError(index: number, error: unknown): void {
    this.#meter.failed();
    this.#results.pushMessage(index, Result.error, Result.errorSegment, this.#inbox.codec.encodeThrown(error));
  }

  /** An uncaught error is about to end this worker: tells the owner what it was. */
  reportCrash(error: unknown): void {
    this.#results.pushMessage(0, Result.crash, Result.crashSegment, this.#inbox.codec.encodeThrown(error));
  }

  #endContext(): void {
    this.#context?.end();
    this.#context = undefined;
  }

  /** Does what the command word says. True: this worker is leaving. */
  #obey(): boolean {
    const commands = Atomics.load(this.#words, this.#block + at.WORKER_COMMAND);
    if (commands === 0) return Atomics.load(this.#words, at.CONTROL_SHUTDOWN) !== 0 && this.#exit(0);
    if ((commands & COMMAND_SIGNAL) !== 0) {
      Atomics.and(this.#words, this.#block + at.WORKER_COMMAND, ~COMMAND_SIGNAL);
      this.#context?.noticeAbort();
    }
    if ((commands & COMMAND_STOP) !== 0 && !this.#waiting) this.#exit(0);
    return false;
  }

  /** Recycling: leaves once it has run its number of tasks, or its heap has grown beyond its limit. */
  #leaveIfSpent(): void {
    if (this.#meter.isSpent(this.#data.mostTasks, this.#data.mostMemory)) {
      this.#results.pushTag(0, Result.retired);
      this.#exit(0);
    }
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

