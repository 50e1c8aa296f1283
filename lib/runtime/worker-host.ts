import type { InboxMessage, WorkerData } from './worker-data.js';
import type { MessagePort } from 'node:worker_threads';

/** How the workers of a pool are started. */
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
}

/** What a host needs beside its options. */
export type Start = Omit<WorkerData, 'inbox' | 'allcores' | 'addon'>;
