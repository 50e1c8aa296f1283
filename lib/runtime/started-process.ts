import { constants } from 'node:os';
import { addDuty, attend, withdrawDuty } from '../base/duties.js';
import { ProcessError } from '../base/errors.js';
import { now } from '../base/timers.js';
import { shown } from '../base/validate.js';
import { native, type NativeExitNotice } from '../binding/native.js';
import { newSegment } from '../heap/segment.js';
import { joinStacks } from '../transport/value/error.js';
import { FunctionTable } from './function-table.js';
import { readMessage, receiveBytes } from './message.js';
import { withoutOwnFrames } from './own-frames.js';
import { printError } from './process-output.js';
import type { ProcessCargo, Holdings } from './process-cargo.js';
import { Fate, NOTICE_BYTES, Status, Word, type ProcessData } from './host/process-data.js';
import { startHost } from './host/host-source.js';
import type { HostExit, HostOptions, WorkerHost } from './host/worker-host.js';

/** Longest wait in one piece, in ms: only between two can the waiting thread itself be ended. */
const SLICE = 100;
/** The same while nobody may wake the waiting thread: it has not announced itself, or can be killed. */
const SHORT_SLICE = 5;

/** The longest that a thread is waited for to tell its number, in ms: some 20 are usual. */
const COMING_UP = 5000;

export type ProcessSignal = 'SIGINT' | 'SIGKILL' | 'SIGTERM';

const pause = new Int32Array(new SharedArrayBuffer(4));

/** How a process ended. */
export interface ExitInfo {
  /** 0 for a success, n of `process.exit(n)`, 1 after an uncaught error, -n for one that was ended by signal n. */
  readonly exitCode: number;
  /** What ended it from outside, or null. */
  readonly signal: NodeJS.Signals | null;
  /** The uncaught error that ended it. */
  readonly error?: Error;
}

/** What is told to the thread beside what this class adds. */
export type ProcessStart = Omit<ProcessData, 'allcores' | 'addon' | 'inbox' | 'known' | 'notice'>;

/**
 * A started process, a thread or a process of the system, as its parent sees it.
 *
 * The end of a thread is told twice: by an event, once it is gone, and before that through shared memory, which can be
 * seen while the event loop is blocked. Both come to the same exit code: the words of the process decide. Of a
 * process of the system, the system tells both at any time, and it has ended once its host has recovered what it held.
 */
export class StartedProcess {
  /** Resolves when it is gone. */
  readonly exited: Promise<ExitInfo>;
  readonly #name: string;
  readonly #words: Int32Array;
  readonly #notice: NativeExitNotice;
  readonly #host: WorkerHost;
  readonly #isThread: boolean;
  readonly #holdings: Holdings;
  /** While the thread blocks, no event tells that the holdings are not needed any more. */
  readonly #duty = (): boolean => {
    const isOver = Atomics.load(this.#words, Word.decoded) !== 0 || this.#peek() !== undefined;
    if (isOver) this.#holdings.release();
    return isOver;
  };
  readonly #caller: { readonly stack?: string };
  #end: ExitInfo | undefined;
  /** It was ended before it began; it will not run anything any more. */
  #cancelled = false;
  #waiters = 0;
  readonly #held: boolean;

  /** @throws what the system throws for unusable options; nothing is left running then */
  constructor(
    start: ProcessStart,
    cargo: ProcessCargo,
    isThread: boolean,
    options: HostOptions,
    caller: { readonly stack?: string },
  ) {
    const notice = newSegment(NOTICE_BYTES, false, !isThread);
    this.#words = new Int32Array(native.adoptSegment(notice, NOTICE_BYTES));
    this.#notice = new native.ExitNotice(notice);
    this.#isThread = isThread;
    this.#name = start.name;
    this.#caller = caller;
    this.#held = !start.daemon;
    this.#holdings = cargo.holdings();
    let ended: (info: ExitInfo) => void;
    this.exited = new Promise((resolve) => (ended = resolve));
    this.#host = startHost(!isThread, { ...start, notice, known: cargo.known() }, options, {
      onExit: (exit, failure) => ended(this.#onExit(exit, failure)),
      // The word tells, and not the ring: the process may post what it likes.
      onBell: () => Atomics.load(this.#words, Word.decoded) !== 0 && this.#letGo(),
    });
    addDuty(this.#duty);
    this.#hold();
  }

  /** The operating system's number of it: of a thread once it has come up, which is waited for. Undefined: it never did. */
  get pid(): number | undefined {
    if (this.#host.pid !== undefined) return this.#host.pid;
    const until = now() + COMING_UP;
    while (Atomics.load(this.#words, Word.pid) === 0 && this.end === undefined && now() < until) {
      Atomics.wait(pause, 0, 0, 1);
    }
    return Atomics.load(this.#words, Word.pid) || undefined;
  }

  /** How it ended; undefined while it is alive. */
  get end(): ExitInfo | undefined {
    if (this.#end !== undefined) return this.#end;
    const exit = this.#peek();
    if (exit !== undefined) this.#settle(exit, undefined);
    return this.#end;
  }

  #peek(): HostExit | undefined {
    if (!this.#isThread) return this.#host.peek();
    const status = Atomics.load(this.#words, Word.status);
    if (this.#cancelled || status === Status.ended) return { code: 1, signal: null };
    return status === Status.starting ? this.#host.peek() : undefined;
  }

  /**
   * Ends it, whatever it is doing: a thread at once; a process of the system as the signal does. Its exit code is that of the
   * signal, unless it was exiting already. SIGINT goes to the listeners of the process, if it has any.
   */
  signal(signal: ProcessSignal): void {
    if (this.end !== undefined) return;
    if (signal === 'SIGINT' && Atomics.load(this.#words, Word.listeners) > 0) {
      this.#host.post({ type: 'interrupt' });
      return;
    }
    if (!this.#isThread && signal !== 'SIGINT') {
      this.#host.terminate(signal);
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
    const until = now() + millis;
    while (this.end === undefined) {
      const left = Math.min(until - now(), attend(SLICE));
      if (left <= 0) return false;
      const running = Atomics.load(this.#words, Word.status) === Status.running;
      if (running || this.#isThread) this.#notice.wait(Math.min(left, running && this.#isThread ? SLICE : SHORT_SLICE));
      else Atomics.wait(pause, 0, 0, Math.min(left, 1)); // it has said that it ends, and is about to
    }
    return true;
  }

  /** A process that is no daemon keeps the program alive; a daemon does while somebody waits for it. */
  #hold(): void {
    this.#host.hold(this.#held || this.#waiters > 0);
  }

  #onExit(exit: HostExit, failure: unknown): ExitInfo {
    const before = this.#end;
    if (before === undefined) this.#settle(exit, failure);
    else if (before.error === undefined && before.signal === null) this.#end = this.#withError(before, failure);
    // Of an error that it could not write itself, as when it ran out of memory.
    const { error } = this.#end!;
    if (error !== undefined && Atomics.load(this.#words, Word.printed) === 0) printError(this.#name, error);
    return this.#end!;
  }

  /** It has holders of its own, or is gone. */
  #letGo(): void {
    withdrawDuty(this.#duty);
    this.#holdings.release();
  }

  /** @param exit how it ended, where it did not say so itself */
  #settle({ code, signal }: HostExit, failure: unknown): void {
    this.#letGo();
    const fate = Atomics.load(this.#words, Word.fate);
    if (fate !== Fate.open && fate !== Fate.exit) {
      this.#end = this.#endBy(nameOf(fate));
    } else if (signal !== null) {
      this.#end = this.#endBy(signal);
    } else {
      const exitCode = fate === Fate.exit ? Atomics.load(this.#words, Word.exitCode) : (code ?? 1);
      const error = Atomics.load(this.#words, Word.errorSegment) === 0 ? failure : this.#readError();
      this.#end = this.#withError({ exitCode, signal: null }, error);
    }
  }

  #endBy(signal: NodeJS.Signals): ExitInfo {
    this.#readError(); // of no account any more
    return { exitCode: -constants.signals[signal], signal };
  }

  /** Its uncaught error. The segment is ours from then on. */
  #readError(): unknown {
    const segment = Atomics.exchange(this.#words, Word.errorSegment, 0) >>> 0;
    if (segment === 0) return undefined;
    const sender = { sharesBuffers: this.#isThread, post: (): void => {}, sender: () => this.#host.mailbox };
    try {
      const { head, blobs } = readMessage(receiveBytes(segment, this.#words[Word.errorBytes]!), 0, false);
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
