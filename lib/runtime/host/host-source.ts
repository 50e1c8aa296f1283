import { ProcessHost } from './process-host.js';
import { ThreadHost } from './thread-host.js';
import type { HostExit, HostListeners, HostOptions, Start, WorkerHost } from './worker-host.js';

type Host = ThreadHost | ProcessHost;

/** Starts a worker of either kind. @throws what the system throws for unusable options; nothing is left running then */
export function startHost(
  processes: boolean,
  start: Start,
  options: HostOptions,
  listeners: HostListeners,
): WorkerHost {
  if (!processes) return new ThreadHost(start, options, listeners);
  const host = new ProcessHost(options, listeners);
  host.start(start);
  return host;
}

/** A worker that was started before it is needed: it has come up and waits to be told what it is. */
class Standby {
  readonly host: Host;
  #listeners: HostListeners | undefined;

  constructor(processes: boolean, options: HostOptions, onUnused: (standby: Standby) => void) {
    const listeners = {
      onExit: (exit: HostExit, error: unknown): void => {
        if (this.#listeners === undefined) onUnused(this);
        else this.#listeners.onExit(exit, error);
      },
      onBell: (): void => this.#listeners?.onBell(),
    };
    this.host = processes ? new ProcessHost(options, listeners) : new ThreadHost(undefined, options, listeners);
  }

  begin(start: Start, listeners: HostListeners): Host {
    this.#listeners = listeners;
    this.host.start(start);
    return this.host;
  }
}

/** Where a pool's workers come from: some may stand by, so that a replacement need not come up first. */
export class HostSource {
  readonly #processes: boolean;
  readonly #options: HostOptions;
  readonly #wanted: number;
  readonly #onGone: () => void;
  readonly #waiting: Standby[] = [];
  /** Those that were never needed and have not ended yet. */
  #alive = 0;
  #closed = false;

  /** @param onGone after {@link close}: none stands by any more */
  constructor(processes: boolean, options: HostOptions, standby: number, onGone: () => void) {
    this.#processes = processes;
    this.#options = options;
    this.#wanted = standby;
    this.#onGone = onGone;
  }

  get gone(): boolean {
    return this.#alive === 0;
  }

  /** A worker; one that stands by, if there is one. @throws what the system throws for unusable options */
  start(start: Start, listeners: HostListeners): WorkerHost {
    const standby = this.#waiting.shift();
    if (standby === undefined) return startHost(this.#processes, start, this.#options, listeners);
    this.#alive--;
    return standby.begin(start, listeners);
  }

  /** Has as many stand by as are wanted. Called when those that are needed now have been started. */
  refill(): void {
    while (!this.#closed && this.#waiting.length < this.#wanted) {
      this.#waiting.push(new Standby(this.#processes, this.#options, (standby) => this.#ended(standby)));
      this.#alive++;
    }
  }

  /** Nobody is needed any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { host } of this.#waiting) host.terminate();
  }

  /** Looks who has ended, for when the event loop cannot run. */
  reap(): void {
    if (!this.#closed) return; // one that is dead is found so when it is needed
    for (const standby of Array.from(this.#waiting)) {
      // A thread that was ended without having begun never will; of its end nothing but its event may tell.
      if (standby.host.pid === undefined || standby.host.peek() !== undefined) this.#ended(standby);
    }
  }

  /** It is told by its event as well, if it was seen before. */
  #ended(standby: Standby): void {
    const at = this.#waiting.indexOf(standby);
    if (at < 0) return;
    this.#waiting.splice(at, 1);
    // Another one comes with the next worker: one that cannot even come up is not started over and over.
    if (--this.#alive === 0 && this.#closed) this.#onGone();
  }
}
