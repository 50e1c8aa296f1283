import { constants } from 'node:os';
import { ProcessError } from '../base/errors.js';
import { shown } from '../base/validate.js';
import { native, type NativeExitNotice } from '../binding/native.js';
import { joinStacks } from '../transport/value/error.js';
import { FunctionTable } from './function-table.js';
import { adoptBytes, readMessage } from './message.js';
import { withoutOwnFrames } from './own-frames.js';
import { printError } from './process-output.js';
import type { ProcessCargo, Holdings } from './process-cargo.js';
import { Fate, NOTICE_BYTES, Status, Word, type ProcessData } from './process-data.js';
import { ThreadHost } from './thread-host.js';
import type { HostOptions } from './worker-host.js';

/** Longest wait in one piece, in ms: only between two can the waiting thread itself be ended. */
const SLICE = 100;
/** The same while the process has not announced itself, so that nobody would wake the waiting thread. */
const STARTING_SLICE = 5;

export type ProcessSignal = 'SIGINT' | 'SIGKILL' | 'SIGTERM';

/** How a process ended. */
export interface ExitInfo {
  /** 0 for a success, n of `process.exit(n)`, 1 after an uncaught error, -15 for one that was terminated. */
  readonly exitCode: number;
  /** What ended it from outside, or null. */
  readonly signal: ProcessSignal | null;
  /** The uncaught error that ended it. */
  readonly error?: Error;
}

/** What is told to the thread beside what this class adds. */
export type ProcessStart = Omit<ProcessData, 'allcores' | 'addon' | 'inbox' | 'known' | 'notice'>;

/**
 * The thread of a started process, as its parent sees it.
 *
 * Its end is told twice: by an event, once the thread is gone, and before that through shared memory, which can be seen while
 * the event loop is blocked. Both come to the same exit code: the words of the process decide.
 */
export class ProcessThread {
  /** Resolves when the thread is gone. */
  readonly exited: Promise<ExitInfo>;
  readonly #name: string;
  readonly #words: Int32Array;
  readonly #notice: NativeExitNotice;
  readonly #host: ThreadHost;
  readonly #holdings: Holdings;
  readonly #caller: { readonly stack?: string };
  #end: ExitInfo | undefined;
  /** It was ended before it began; it will not run anything any more. */
  #cancelled = false;
  #waiters = 0;
  readonly #held: boolean;

  /** @throws what `worker_threads` throws for unusable options; nothing is left running then */
  constructor(start: ProcessStart, cargo: ProcessCargo, options: HostOptions, caller: { readonly stack?: string }) {
    const notice = native.createSegment(NOTICE_BYTES);
    if (notice === 0) throw new ProcessError('No shared memory left to start a process');
    this.#words = new Int32Array(native.adoptSegment(notice, NOTICE_BYTES));
    this.#notice = new native.ExitNotice(notice);
    this.#name = start.name;
    this.#caller = caller;
    this.#held = !start.daemon;
    this.#holdings = cargo.holdings();
    let ended: (info: ExitInfo) => void;
    this.exited = new Promise((resolve) => (ended = resolve));
    this.#host = new ThreadHost({ ...start, notice, known: cargo.known() }, options, (code, failure) =>
      ended(this.#onExit(code, failure)),
    );
    this.#hold();
  }

  /** The operating system's number of the thread; undefined while it starts. */
  get pid(): number | undefined {
    return Atomics.load(this.#words, Word.pid) || undefined;
  }

  /** How it ended; undefined while it is alive. */
  get end(): ExitInfo | undefined {
    if (this.#end === undefined && this.#hasEnded()) this.#settle(1, undefined);
    return this.#end;
  }

  #hasEnded(): boolean {
    if (this.#cancelled) return true;
    const status = Atomics.load(this.#words, Word.status);
    return status === Status.ended || (status === Status.starting && this.#host.isGone());
  }

  /**
   * Ends the thread, whatever it is doing. Its exit code is that of the signal, unless it was exiting already. SIGINT goes
   * to the listeners of the process, if it has any.
   */
  signal(signal: ProcessSignal): void {
    if (this.end !== undefined) return;
    if (signal === 'SIGINT' && Atomics.load(this.#words, Word.listeners) > 0) {
      this.#host.post({ type: 'interrupt' });
      return;
    }
    Atomics.compareExchange(this.#words, Word.fate, Fate.open, constants.signals[signal]);
    // It looks at its fate after it has announced itself, so one of the two sees what the other did.
    if (Atomics.load(this.#words, Word.status) === Status.starting) this.#cancelled = true;
    this.#host.terminate();
  }

  /** Resolves to whether it has ended, after `millis` at most; keeps the event loop alive meanwhile. */
  async wait(interrupted: Promise<void> | undefined): Promise<boolean> {
    this.#waiters++;
    this.#hold();
    try {
      await (interrupted === undefined ? this.exited : Promise.race([this.exited, interrupted]));
    } finally {
      this.#waiters--;
      this.#hold();
    }
    return this.end !== undefined;
  }

  /** Blocks until it has ended. False: the time, in ms, passed first. */
  waitSync(millis: number): boolean {
    const until = performance.now() + millis;
    while (this.end === undefined) {
      const left = until - performance.now();
      if (left <= 0) return false;
      const starting = Atomics.load(this.#words, Word.status) === Status.starting;
      this.#notice.wait(Math.min(left, starting ? STARTING_SLICE : SLICE));
    }
    return true;
  }

  /** A process that is no daemon keeps the program alive; a daemon does while somebody waits for it. */
  #hold(): void {
    this.#host.hold(this.#held || this.#waiters > 0);
  }

  #onExit(code: number, failure: unknown): ExitInfo {
    const before = this.#end;
    if (before === undefined) this.#settle(code, failure);
    else if (before.error === undefined && before.signal === null) this.#end = this.#withError(before, failure);
    this.#holdings.release(this.#words);
    // Of an error that it could not write itself, as when it ran out of memory.
    const { error } = this.#end!;
    if (error !== undefined && Atomics.load(this.#words, Word.printed) === 0) printError(this.#name, error);
    return this.#end!;
  }

  /** @param code what it ended with, where it did not say so itself */
  #settle(code: number, failure: unknown): void {
    const fate = Atomics.load(this.#words, Word.fate);
    if (fate === Fate.open || fate === Fate.exit) {
      const exitCode = fate === Fate.exit ? Atomics.load(this.#words, Word.exitCode) : code;
      const error = Atomics.load(this.#words, Word.errorSegment) === 0 ? failure : this.#readError();
      this.#end = this.#withError({ exitCode, signal: null }, error);
    } else {
      this.#readError();
      this.#end = { exitCode: -fate, signal: nameOf(fate) };
    }
  }

  /** Its uncaught error. The segment is ours from then on. */
  #readError(): unknown {
    const segment = Atomics.exchange(this.#words, Word.errorSegment, 0);
    if (segment === 0) return undefined;
    const sender = { post: (): void => {}, sender: () => this.#host.port };
    try {
      const { head, blobs } = readMessage(adoptBytes(segment, this.#words[Word.errorBytes]!), 0, false);
      const error: unknown = new FunctionTable(sender).codec.decode(head, blobs);
      // Of a frozen error the stack stays as it is.
      if (error instanceof Error) Reflect.set(error, 'stack', withoutOwnFrames(error.stack ?? ''));
      joinStacks(error, withoutOwnFrames(this.#caller.stack ?? ''), this.#name);
      return error;
    } catch (cause) {
      return new ProcessError(`The uncaught error of ${this.#name} did not get through`, { cause });
    }
  }

  /** What was thrown need not be an error. */
  #withError(info: ExitInfo, thrown: unknown): ExitInfo {
    if (thrown === undefined) return info;
    if (thrown instanceof Error) return { ...info, error: thrown };
    return { ...info, error: new ProcessError(`${this.#name} threw ${shown(thrown)}`, { cause: thrown }) };
  }
}

function nameOf(signal: number): ProcessSignal {
  for (const name of ['SIGINT', 'SIGKILL'] as const) if (constants.signals[name] === signal) return name;
  return 'SIGTERM';
}
