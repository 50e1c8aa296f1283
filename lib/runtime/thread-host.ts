import { join } from 'node:path';
import { MessageChannel, SHARE_ENV, Worker, type MessagePort } from 'node:worker_threads';
import { addonPath, packageRoot } from '../binding/native.js';
import type { InboxMessage, WorkerData } from './worker-data.js';
import type { ExitListener, HostOptions, Start, WorkerHost } from './worker-host.js';

/** Calls `startWorker` of `entry/worker.ts`. */
const ENTRY = join(packageRoot, 'dist', 'worker.cjs');

/** A worker on an OS thread of this process. */
export class ThreadHost implements WorkerHost {
  readonly port: MessagePort;
  readonly #worker: Worker;

  /** @throws what `worker_threads` throws for unusable options */
  constructor(start: Start, options: HostOptions, onExit: ExitListener) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    port1.unref();
    const data: WorkerData = { ...start, allcores: true, addon: addonPath, inbox: port2 };
    this.#worker = new Worker(ENTRY, {
      name: start.name,
      workerData: data,
      transferList: [port2],
      env: options.env ?? SHARE_ENV,
      ...(options.execArgv === undefined ? {} : { execArgv: [...options.execArgv] }),
      ...(options.resourceLimits === undefined ? {} : { resourceLimits: options.resourceLimits }),
    });
    let failure: unknown;
    this.#worker.on('error', (error) => (failure ??= error));
    this.#worker.on('exit', (code) => {
      onExit(code, failure); // reads its last results, and the buffers that they name from the port
      port1.close();
    });
    // Unfinished tasks keep the process alive; workers as such do not.
    this.#worker.unref();
  }

  post(message: InboxMessage): void {
    this.port.postMessage(message);
  }

  terminate(): void {
    void this.#worker.terminate();
  }
}
