import { native } from '../../binding/native.js';
import { takeBack } from '../../heap/exports.js';
import type { Callable } from '../../transport/function/target.js';
import type { Encoded, ItemsRoot } from '../../transport/value/codec.js';
import type { CurrentTask, TaskSource } from '../current-task.js';
import * as at from '../pool-memory.js';
import type { PoolMemory } from '../pool-memory.js';
import {
  ATTEMPT_MASK,
  FLAG_ABORT,
  FLAG_CONDEMNED,
  Form,
  GENERATION_SHIFT,
  INDEX_MASK,
  Operation,
  RANGE_DONE,
  READY,
  Result,
  RUNNING,
  SLOT_SHIFT,
  TIMED,
} from '../protocol.js';
import { isShortLatin1 } from '../scalar.js';
import { readEncoded, readScalars, rootOfResult } from './arguments.js';
import { copyableOutcome, type EachOutcome } from './each-outcome.js';
import { NotLoaded, type Inbox } from './inbox.js';
import { perform } from './operations.js';
import type { ResultWriter } from './result-writer.js';
import { TaskContext } from './task-context.js';
import type { WorkerMeter } from './worker-meter.js';

/** Runs one task: begins it, calls its function, sends what became of it. */
export class TaskRunner implements TaskSource {
  readonly #memory: PoolMemory;
  readonly #words: Int32Array;
  readonly #slot: number;
  readonly #inbox: Inbox;
  readonly #results: ResultWriter;
  readonly #meter: WorkerMeter;
  /** The task that runs, or whose promise is pending: its index and the attempt; -1: none. */
  #index = -1;
  #attempt = 0;
  #context: TaskContext | undefined;

  constructor(memory: PoolMemory, slot: number, inbox: Inbox, results: ResultWriter, meter: WorkerMeter) {
    this.#memory = memory;
    this.#words = memory.words;
    this.#slot = slot;
    this.#inbox = inbox;
    this.#results = results;
    this.#meter = meter;
  }

  get loading(): boolean {
    return this.#inbox.loading;
  }

  get currentTask(): CurrentTask | undefined {
    if (this.#index < 0) return undefined;
    const index = this.#index;
    this.#context ??= new TaskContext(this.#memory, index, this.#attempt, (value) =>
      this.#push(index, Result.progress, Result.progressSegment, this.#inbox.encode(value, 'progress')),
    );
    return this.#context;
  }

  /** A promise of the owner rejects if this worker ends now: a task runs, and it was not given up. */
  get isAwaited(): boolean {
    const flags = this.#memory.records + this.#index * at.RECORD_WORDS + at.RECORD_FLAGS;
    return this.#index >= 0 && (Atomics.load(this.#words, flags) & FLAG_ABORT) === 0;
  }

  /** Moves a task from ready to running. False: somebody else did, or it was cancelled. */
  begin(entry: number): boolean {
    const generation = (entry >>> GENERATION_SHIFT) << GENERATION_SHIFT;
    const state = this.#memory.records + (entry & INDEX_MASK) * at.RECORD_WORDS;
    const ready = generation | READY;
    return (
      Atomics.compareExchange(this.#words, state, ready, generation | (this.#slot << SLOT_SHIFT) | RUNNING) === ready
    );
  }

  /** Runs a begun task. Undefined: it has ended; else a promise, which resolves when it has. */
  run(index: number): Promise<void> | undefined {
    const record = this.#memory.records + index * at.RECORD_WORDS;
    const kind = this.#words[record + at.RECORD_KIND]!;
    this.#index = index;
    this.#attempt = (kind >>> 16) & ATTEMPT_MASK;
    if (((kind >> 8) & 0xff) !== Operation.initialize) this.#meter.began(index);
    // Only a task with a time limit pays for a clock of its own: the owner counts from here.
    if ((kind & TIMED) !== 0) {
      this.#memory.doubles[this.#memory.recordDoubles + index * at.RECORD_DOUBLES + at.RECORD_TIME_DOUBLE] =
        native.now();
    }
    try {
      const fn = this.#inbox.callable(this.#words[record + at.RECORD_FUNCTION]!);
      if (typeof fn === 'function') {
        const value = this.#call(fn, record, kind);
        if (typeof value === 'number') {
          this.#index = -1;
          if (this.#context !== undefined) this.#endContext();
          this.#results.pushNumber(index, Result.number, value);
          this.#awaitPardon(record);
          return undefined;
        }
        if (isThenable(value)) return this.#await(value);
        this.#succeed(value);
        return undefined;
      }
      return this.#await(fn.then((loaded) => this.#call(loaded, record, kind)));
    } catch (error) {
      if (error instanceof NotLoaded) return this.#retryWhenLoaded(error, index);
      this.#fail(error);
      return undefined;
    }
  }

  #call(fn: Callable, record: number, kind: number): unknown {
    const form = kind & 0xff;
    const operation = (kind >> 8) & 0xff;
    if (form <= Form.mostNumbers) {
      const { doubles } = this.#memory;
      const base = (record - this.#memory.records) / 2 + this.#memory.recordDoubles + at.RECORD_PAYLOAD_DOUBLE;
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

  #retryWhenLoaded(reason: NotLoaded, index: number): Promise<void> {
    const record = this.#memory.records + index * at.RECORD_WORDS;
    const again = (): unknown => {
      try {
        const fn = this.#inbox.callable(this.#words[record + at.RECORD_FUNCTION]!);
        return fn instanceof Promise
          ? fn.then((loaded) => this.#call(loaded, record, this.#words[record + at.RECORD_KIND]!))
          : this.#call(fn, record, this.#words[record + at.RECORD_KIND]!);
      } catch (error) {
        if (error instanceof NotLoaded) return error.loading.then(again);
        throw error;
      }
    };
    return this.#await(reason.loading.then(again));
  }

  async #await(promise: PromiseLike<unknown>): Promise<void> {
    let value: unknown;
    try {
      value = await promise;
    } catch (error) {
      return this.#fail(error);
    }
    this.#succeed(value);
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
    try {
      this.#push(index, Result.encoded, Result.segment, this.#encode(index, value));
    } catch (error) {
      this.#sendError(index, error);
    }
  }

  #encode(index: number, value: unknown): Encoded {
    const record = this.#memory.records + index * at.RECORD_WORDS;
    const root = rootOfResult(this.#memory, record);
    try {
      return this.#inbox.encode(value, root);
    } catch (error) {
      if (((this.#words[record + at.RECORD_KIND]! >> 8) & 0xff) !== Operation.each) throw error;
      return this.#inbox.encode(copyableOutcome(value as EachOutcome, root as ItemsRoot, this.#inbox), root);
    }
  }

  /** @throws {HeapFullError} when there is no memory for it; nothing of it is kept then */
  #push(index: number, kind: number, segmentKind: number, encoded: Encoded): void {
    try {
      this.#results.pushMessage(index, kind, segmentKind, encoded);
    } catch (error) {
      takeBack();
      throw error;
    }
  }

  #pushThrown(index: number, kind: number, segmentKind: number, error: unknown): void {
    try {
      this.#push(index, kind, segmentKind, this.#inbox.encodeThrown(error));
    } catch (reason) {
      // No memory for it. The error that says so is short.
      this.#push(index, kind, segmentKind, this.#inbox.encodeThrown(reason));
    }
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
    this.#pushThrown(index, Result.error, Result.errorSegment, error);
  }

  /** Exit listeners of tasks follow, which may never come to an end: has the owner watch over it. */
  reportExit(): void {
    try {
      this.#results.pushTag(0, Result.exiting);
    } catch {
      // The pool is gone, and this worker with it.
    }
  }

  /** An uncaught error is about to end this worker: tells the owner what it was. */
  reportCrash(error: unknown): void {
    this.#pushThrown(0, Result.crash, Result.crashSegment, error);
  }

  /** The owner raised the abort flag of what runs. */
  noticeAbort(): void {
    this.#context?.noticeAbort();
  }

  #endContext(): void {
    this.#context?.end();
    this.#context = undefined;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
