import type { ProcessData } from './process-data.js';
import type { InboxMessage, WorkerData } from './worker-data.js';
import type { MessagePort } from 'node:worker_threads';

/** How a worker is started. */
export interface HostOptions {
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly execArgv?: readonly string[] | undefined;
  readonly resourceLimits?: ResourceLimits | undefined;
}

/** Limits of a worker's own heap, in MiB, as `worker_threads` has them. */
export interface ResourceLimits {
  readonly maxYoungGenerationSizeMb?: number;
  readonly maxOldGenerationSizeMb?: number;
  readonly codeRangeSizeMb?: number;
  readonly stackSizeMb?: number;
}

/** What becomes of a worker is told once. `error` is what ended it, where the host knows. */
export type ExitListener = (code: number, error: unknown) => void;

/** One started worker, whatever it runs in. */
export interface WorkerHost {
  /** For numbers that the worker meets: functions, shared buffers. */
  post(message: InboxMessage): void;
  readonly port: MessagePort;
  /** Ends it as soon as it runs JavaScript; it is to be nudged out of native waits. Safe to repeat. */
  terminate(): void;
  /** While true, the worker keeps this thread's event loop alive. It does not at first. */
  hold(held: boolean): void;
  /** Tells without the event loop whether the worker is gone, unless that came before it ran any JavaScript. */
  isGone(): boolean;
}

/** What a host needs beside its options. */
export type Start = Omit<WorkerData, OfHost> | Omit<ProcessData, OfHost>;

/** What the host adds itself. */
type OfHost = 'inbox' | 'allcores' | 'addon';
