import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { MessageChannel, SHARE_ENV, Worker, type MessagePort } from 'node:worker_threads';
import { addonPath, packageRoot } from '../../binding/native.js';
import { interruptWaits } from '../../heap/program.js';
import { coreCode } from './core-code.js';
import { PortMailbox } from './mailbox.js';
import { programArguments } from './node-options.js';
import type { ProcessData } from './process-data.js';
import type { InboxMessage, InThread, WorkerData } from './worker-data.js';
import type { HostExit, HostListeners, HostOptions, Start, WorkerHost } from './worker-host.js';

/** Calls `startWorker` of `entry/worker.ts`. */
const ENTRY = join(packageRoot, 'dist', 'worker.cjs');

function pass(from: Readable, to: Writable): void {
  const left: unknown = from.read();
  if (left !== null) to.write(left);
}

let prober: MessagePort | undefined;

/** A worker on an OS thread of this process. */
export class ThreadHost implements WorkerHost {
  readonly mailbox: PortMailbox;
  readonly bell = -1;
  readonly pid = undefined;
  readonly #worker: Worker;

  /**
   * @param start undefined: it comes up, and waits to be told what it is
   * @throws what `worker_threads` throws for unusable options
   */
  constructor(start: Start | undefined, options: HostOptions, { onExit, onBell }: HostListeners) {
    const isWork = start !== undefined && 'work' in start;
    const { port1, port2 } = new MessageChannel();
    this.mailbox = new PortMailbox(port1);
    port1.unref();
    const data: Partial<WorkerData | ProcessData> & InThread = {
      ...start,
      allcores: true,
      addon: addonPath,
      inbox: port2,
      code: coreCode(),
    };
    this.#worker = new Worker(ENTRY, {
      ...(start === undefined ? {} : { name: start.name }),
      argv: programArguments(),
      workerData: data,
      transferList: [port2],
      // A process writes to the descriptors itself, and may do to its streams what it likes: nothing asks them for data.
      stdout: isWork,
      stderr: isWork,
      env: options.env ?? SHARE_ENV,
      ...(options.execArgv === undefined ? {} : { execArgv: [...options.execArgv] }),
      ...(options.resourceLimits === undefined ? {} : { resourceLimits: options.resourceLimits }),
    });
    let failure: unknown;
    this.#worker.on('error', (error) => (failure ??= error));
    if (isWork) this.#worker.on('message', onBell);
    this.#worker.on('exit', (code) => {
      onExit({ code, signal: null }, failure); // reads its last results, and the buffers that they name from the port
      port1.close();
      if (!isWork) return;
      // What was printed before the entry had its turn, by modules that `execArgv` names.
      pass(this.#worker.stdout, process.stdout);
      pass(this.#worker.stderr, process.stderr);
    });
    // Unfinished tasks keep the process alive; workers as such do not.
    this.#worker.unref();
  }

  /** Tells it what it is, if it was not told at once. */
  start(start: Start): void {
    this.post({ type: 'start', start, argv: programArguments() });
  }

  post(message: InboxMessage): void {
    this.mailbox.post(message);
  }

  /** The one way in which threads are ended from outside, whatever the signal. */
  terminate(): void {
    const { threadId } = this.#worker;
    void this.#worker.terminate();
    // A thread in a native wait hears of it when it returns to JavaScript.
    interruptWaits(threadId);
  }

  hold(held: boolean): void {
    if (held) this.#worker.ref();
    else this.#worker.unref();
  }

  /**
   * The other end of the port closes with the thread's environment. Closed ports do not say so; but they cannot be
   * transferred, and what is refused for being named twice as well is not.
   */
  peek(): HostExit | undefined {
    const { port } = this.mailbox;
    this.mailbox.readAhead();
    if (prober === undefined) {
      prober = new MessageChannel().port1;
      prober.unref();
    }
    try {
      prober.postMessage(null, [port, port]);
    } catch (error) {
      const gone = error instanceof DOMException && error.message.includes('detached');
      if (gone) return { code: 1, signal: null };
    }
    return undefined;
  }
}
