import { inspect } from 'node:util';
import { ProcessError } from '../base/errors.js';
import { refuseToSend } from '../base/unsendable.js';
import { identityOfThread, numbersOfThread } from '../runtime/identity.js';
import { adopt } from '../runtime/host/process-data.js';
import type { ExitInfo, ProcessSignal, StartedProcess } from '../runtime/started-process.js';
import type { HostOptions } from '../runtime/host/worker-host.js';
import { addChild, forgetChild, livingChildren } from './children.js';
import { join, joinSync } from './join.js';
import { launch, requireLoaded } from './launch.js';
import {
  checkOptions,
  hostOptionsOf,
  processOptionsOf,
  requireBoolean,
  requireName,
  type JoinOptions,
  type ProcessArgs,
  type ProcessOptions,
  type TargetOptions,
} from './options.js';
import { startMethodOf } from './start-method.js';
import { callableOf, type AnyFunction } from '../transport/function/target.js';

/** How many processes this thread has made. */
let made = 0;

/** The living processes that this thread has started: `multiprocessing.active_children()`. */
export function activeChildren(): Process[] {
  return livingChildren() as Process[];
}

/** What the process that this thread is has to run; only while its object is made. */
let adopting: { readonly target: AnyFunction | undefined; readonly args: readonly unknown[] } | undefined;

/** Classes of this package: their code need not travel. */
export const isOwnClass: unique symbol = Symbol('allcores.own');

/**
 * A function that runs on its own, on a thread of this program: `multiprocessing.Process`.
 *
 * The functions that may be a target are those that a `Pool` takes. What the process prints appears at once; an uncaught
 * error goes to stderr, and its exit code is 1. Override `run` instead of giving a target: the object's own enumerable
 * fields travel, its constructor is not run again.
 *
 * @typeParam F Type of the target.
 * @typeParam P Its arguments.
 * @example
 * const hello = new Process({ target: (name) => console.log(`hello ${name}`), args: ['Bob'] });
 * hello.start();
 * await hello.join();
 */
export class Process<F extends AnyFunction = AnyFunction, P extends readonly unknown[] = ProcessArgs<F>>
  implements Disposable, AsyncDisposable
{
  /** @internal */
  static readonly [isOwnClass]: boolean = true;

  #name: string;
  #daemon: boolean;
  #target: F | undefined;
  #args: readonly unknown[] = [];
  #options: HostOptions = {};
  readonly #numbers: readonly number[];
  #thread: StartedProcess | undefined;
  /** This object is the process that it runs in. */
  readonly #isItself: boolean;
  #closed = false;
  #exited: Promise<ExitInfo> | undefined;
  #onStart: ((exited: Promise<ExitInfo>) => void) | undefined;

  /**
   * @throws {TypeError | RangeError} for a bad option, by name
   * @throws {BootstrapError} in a worker that is still loading the module which makes the process
   */
  constructor(options?: TargetOptions<F, P>);
  constructor(options: ProcessOptions<F>);
  constructor(options: ProcessOptions<F> | TargetOptions<F, P> = {}) {
    const { name, daemon } = identityOfThread();
    if (adopting !== undefined) {
      const { target, args } = adopting;
      adopting = undefined;
      this.#isItself = true;
      this.#name = name;
      this.#daemon = daemon;
      this.#target = target as F | undefined;
      this.#args = args;
      this.#numbers = numbersOfThread();
      return;
    }
    checkOptions(options);
    this.#options = hostOptionsOf(options);
    requireLoaded('made');
    this.#isItself = false;
    this.#numbers = [...numbersOfThread(), ++made];
    this.#name = options.name ?? `Process-${this.#numbers.join(':')}`;
    this.#daemon = options.daemon ?? daemon;
    this.#target = options.target;
    this.#args = options.args ?? [];
  }

  /** @internal The object of this very class for the process that this thread is. Its own constructor is not run. */
  static [adopt](target: AnyFunction | undefined, args: readonly unknown[]): Process {
    adopting = { target, args };
    try {
      return construct(this);
    } finally {
      adopting = undefined;
    }
  }

  /** Of the process, which may be renamed at any time; a running one does not learn of it. */
  get name(): string {
    return this.#isItself ? identityOfThread().name : this.#name;
  }

  /** @throws {TypeError} for what is no string */
  set name(name: string) {
    requireName(name);
    if (this.#isItself) identityOfThread().name = name;
    else this.#name = name;
  }

  /** Whether it ends with this thread rather than keep it alive. To be set before the start. */
  get daemon(): boolean {
    return this.#daemon;
  }

  /** @throws {ProcessError} once it was started */
  set daemon(daemon: boolean) {
    requireBoolean('daemon', daemon);
    if (this.#thread !== undefined || this.#isItself) throw new ProcessError('process has already started');
    this.#daemon = daemon;
  }

  /**
   * The operating system's number of its thread or process; null before its start, and where it ended before it came up.
   * A thread has it some 20 ms after its start: whoever asks before waits for that.
   */
  get pid(): number | null {
    this.#requireOpen();
    return this.#isItself ? identityOfThread().pid : (this.#thread?.pid ?? null);
  }

  /** Null before its end; then 0, n of `process.exit(n)`, 1 after an uncaught error, -15 once terminated, -9 killed. */
  get exitCode(): number | null {
    this.#requireOpen();
    return this.#ended?.exitCode ?? null;
  }

  /** The uncaught error that ended it, with its class as a pool's errors have it. */
  get error(): Error | undefined {
    this.#requireOpen();
    return this.#ended?.error;
  }

  /** Resolves when it has ended, and never rejects. Does not keep the program alive: `join` does. */
  get exited(): Promise<ExitInfo> {
    this.#exited ??= this.#thread?.exited ?? new Promise((resolve) => (this.#onStart = resolve));
    return this.#exited;
  }

  /** What the process does: to be overridden. Calls the target. */
  run(): unknown {
    return this.#target && callableOf(this.#target)(...this.#args);
  }

  /**
   * Starts it, once. Its target and arguments are copied here and then let go.
   * @throws {ProcessError} when it was started before, and in daemons, which may not have children
   * @throws {FunctionTransportError | SerializationError} for what cannot travel; it may be started again then
   */
  start(): this {
    this.#requireOpen();
    if (this.#thread !== undefined || this.#isItself) throw new ProcessError('cannot start a process twice');
    requireLoaded('started');
    const method = startMethodOf(this.constructor);
    const options = { ...this.#options, ...processOptionsOf(this.#options, method) };
    const caller: { readonly stack?: string } = {};
    Error.captureStackTrace(caller, this.start);
    const thread = launch({
      name: this.#name,
      daemon: this.#daemon,
      numbers: this.#numbers,
      target: this.#target,
      args: this.#args,
      type: Object.hasOwn(this.constructor, isOwnClass) ? undefined : (this.constructor as AnyFunction),
      fields: this,
      isThread: method === 'thread',
      options,
      caller,
    });
    this.#thread = thread;
    this.#target = undefined;
    this.#args = [];
    addChild(this, thread.exited);
    this.#onStart?.(thread.exited);
    return this;
  }

  /**
   * Waits until it has ended.
   * @returns whether it has; false when `timeout` passed first
   * @throws {ProcessError} before its start, and in itself
   * @throws `signal.reason` when it is aborted
   */
  async join(options: JoinOptions = {}): Promise<boolean> {
    return await join(this.#child('join'), options);
  }

  /** As {@link join}, blocking the thread; `signal` is looked at first. The process needs nothing of it to run and end. */
  joinSync(options: JoinOptions = {}): boolean {
    return joinSync(this.#child('join'), options);
  }

  /** Whether it was started and has not ended. */
  isAlive(): boolean {
    this.#requireOpen();
    return this.#isItself || (this.#thread !== undefined && this.#ended === undefined);
  }

  /** Ends it, whatever it is doing; its exit code is -15. It is not asked: exit listeners and `finally` do not run. */
  terminate(): void {
    this.#signal('terminate', 'SIGTERM');
  }

  /** As {@link terminate}, with exit code -9. */
  kill(): void {
    this.#signal('kill', 'SIGKILL');
  }

  /** Emits SIGINT on its `process`, if it listens to that; otherwise ends it with exit code -2. */
  interrupt(): void {
    this.#signal('interrupt', 'SIGINT');
  }

  #signal(what: string, signal: ProcessSignal): void {
    this.#child(what).signal(signal);
  }

  /**
   * Lets go of it. Afterwards nothing but another `close` is allowed.
   * @throws {ProcessError} while it is alive
   */
  close(): void {
    if (this.#closed) return;
    if (this.isAlive()) {
      throw new ProcessError('cannot close a process while it is still running: join() or terminate() it first');
    }
    this.#closed = true;
    forgetChild(this);
    void this.exited;
    this.#thread = undefined;
  }

  /** `await using`: waits until it has ended, then closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#closed && this.#thread !== undefined) await this.join();
    this.close();
  }

  /** `using`: the same, blocking the thread. */
  [Symbol.dispose](): void {
    if (!this.#closed && this.#thread !== undefined) this.joinSync();
    this.close();
  }

  get #ended(): ExitInfo | undefined {
    return this.#thread?.end;
  }

  #requireOpen(): void {
    if (this.#closed) throw new ProcessError('process object is closed');
  }

  #child(what: string): StartedProcess {
    this.#requireOpen();
    if (this.#isItself) throw new ProcessError(`cannot ${what} the current process from within it`);
    if (this.#thread === undefined) throw new ProcessError(`can only ${what} a started process`);
    return this.#thread;
  }

  get #state(): string {
    if (this.#closed) return 'closed';
    if (this.#isItself) return 'current';
    if (this.#thread === undefined) return 'initial';
    return this.#ended === undefined ? 'started' : `stopped with exit code ${this.#ended.exitCode}`;
  }

  [inspect.custom](): string {
    return `${this.constructor.name} { ${this.name}, ${this.#state}${this.#daemon ? ', daemon' : ''} }`;
  }
}

/** Runs the constructor of `Process` alone. Outside of the class, whose name would suffer from the reference. */
function construct(type: Function): Process {
  return Reflect.construct(Process, [], type) as Process;
}

refuseToSend(Process, 'a Process', 'start it in the worker, or pass what is to be known of it, as its pid');
