import type { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import { native } from '../../binding/native.js';
import { handOver, takeBack } from '../../heap/exports.js';
import { identityOfThread } from '../identity.js';
import { segmentOfMessage } from '../message.js';
import { Fate, NOTICE_BYTES, Word } from '../host/process-data.js';
import { printError } from '../process-output.js';
import type { Encoded } from '../../transport/value/codec.js';

/** What ends a thread passes through these. */
interface Internals {
  emit(name: string | symbol, ...args: unknown[]): boolean;
  reallyExit(code: number): void;
}

/** Whether an uncaught error does not end this thread, when it is about to be told. */
export function isHandled(): boolean {
  return process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback();
}

/** What this process tells its parent through shared memory, as the parent may be blocked. */
export class ProcessReport {
  readonly #words: Int32Array;
  /** Kept: the notice tells of this thread's end as long as it lives. */
  readonly #notice: InstanceType<typeof native.ExitNotice>;

  readonly #shared: boolean;

  /** @param shared the parent is another process */
  constructor(notice: number, shared: boolean) {
    this.#shared = shared;
    this.#notice = new native.ExitNotice(notice);
    this.#words = new Int32Array(native.attachSegment(notice, NOTICE_BYTES)!);
    Atomics.store(this.#words, Word.pid, native.threadId());
  }

  /** Says that this thread runs. False: it was ended before. */
  announce(): boolean {
    this.#notice.announce();
    return Atomics.load(this.#words, Word.fate) === Fate.open;
  }

  /** The work has arrived, with holders of its own. */
  tellDecoded(): void {
    Atomics.store(this.#words, Word.decoded, 1);
  }

  /** Follows this thread to its end. */
  watch(encodeThrown: (error: unknown) => Encoded): void {
    process.on('exit', (code) => this.#exit(code));
    this.#followExitCode();
    process.on('uncaughtExceptionMonitor', (error) => {
      if (!isHandled()) this.#fail(error, encodeThrown);
    });
    this.#count('SIGINT', 0);
    process.on('newListener', (name) => this.#count(name, 1));
    process.on('removeListener', (name) => this.#count(name, 0));
  }

  /** The code is there before it counts. */
  #exit(code: number): void {
    Atomics.store(this.#words, Word.exitCode, code);
    this.#seal(Fate.exit);
  }

  /** Exit listeners may change the code, by `process.exitCode` or by `process.exit`. */
  #followExitCode(): void {
    const own = process as unknown as Internals;
    const { emit, reallyExit } = own;
    own.emit = (name, ...args): boolean => {
      const heard = emit.call(process, name, ...args);
      if (name === 'exit') this.#exit(Number(process.exitCode ?? args[0]));
      return heard;
    };
    own.reallyExit = (code): void => {
      this.#exit(code);
      reallyExit.call(process, code);
    };
  }

  #seal(fate: number): void {
    Atomics.compareExchange(this.#words, Word.fate, Fate.open, fate);
  }

  /** Written before anything else can go wrong; the parent's copy follows. */
  #fail(error: unknown, encodeThrown: (error: unknown) => Encoded): void {
    printError(identityOfThread().name, error);
    Atomics.store(this.#words, Word.printed, 1);
    try {
      this.#send(encodeThrown(error));
    } catch {
      takeBack(); // no memory for it: the exit code has to do
    }
    if (this.#shared) process.exit(1); // it has been printed: the runtime need not print it again
  }

  #send(encoded: Encoded): void {
    const { segment, length, blobs } = segmentOfMessage(encoded, this.#shared);
    this.#words[Word.errorBytes] = length;
    for (const each of [...blobs, segment]) native.exportSegment(each);
    handOver();
    Atomics.store(this.#words, Word.errorSegment, segment);
  }

  #count(name: string | symbol, coming: number): void {
    if (name === 'SIGINT') Atomics.store(this.#words, Word.listeners, process.listenerCount(name) + coming);
  }

  /** The parent interrupts this process, which had a listener for that. */
  interrupt(): void {
    if ((process as EventEmitter).emit('SIGINT', 'SIGINT', constants.signals.SIGINT)) return;
    this.#seal(constants.signals.SIGINT);
    process.exit(1);
  }
}
