import type { Mailbox } from './mailbox.js';
import type { ProcessData } from './process-data.js';
import type { InboxMessage, WorkerData } from './worker-data.js';

/** How a worker is started. */
export interface HostOptions {
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly execArgv?: readonly string[] | undefined;
  readonly resourceLimits?: ResourceLimits | undefined;
  /** Of processes alone. */
  readonly cwd?: string | undefined;
  readonly stdio?: Stdio | undefined;
}

/** What a process does with stdin, stdout and stderr: `[in, out, err]`, or the same for all three. A number is a descriptor. */
export type Stdio = StdioOf | readonly [StdioOf, StdioOf, StdioOf];
/** What becomes of one stream: the caller's own, nothing, or a descriptor of this process. */
export type StdioOf = 'inherit' | 'ignore' | number;

/** Limits of a worker's own heap, in MiB, as `worker_threads` has them. */
export interface ResourceLimits {
  /** For what was made just now. */
  readonly maxYoungGenerationSizeMb?: number;
  /** For what has lived for a while: the main bound of a heap. */
  readonly maxOldGenerationSizeMb?: number;
  /** For generated code. */
  readonly codeRangeSizeMb?: number;
  /** For the stack. */
  readonly stackSizeMb?: number;
}

/** How a worker ended, as its system says. */
export interface HostExit {
  /** Null: by a signal. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface HostListeners {
  /** What becomes of a worker is told once. `error` is what ended it, where the host knows. */
  onExit(exit: HostExit, error: unknown): void;
  /** The worker rang: the event loop has something to look at. A pool's workers that are threads have other ways. */
  onBell(): void;
}

/** One started worker, whatever it runs in. */
export interface WorkerHost {
  /** For numbers that the worker meets: functions, shared buffers. */
  readonly mailbox: Mailbox;
  /** The end of a channel by which to ring for its event loop; -1: it is to be reached otherwise. */
  readonly bell: number;
  /** The operating system's number of its process; undefined for a thread, which tells its own. */
  readonly pid: number | undefined;
  /** Posts, and has the worker look soon even if it waits in its event loop. */
  post(message: InboxMessage): void;
  /** Ends it; a thread as soon as it runs JavaScript: it is to be nudged out of native waits. Safe to repeat. */
  terminate(signal?: 'SIGTERM' | 'SIGKILL'): void;
  /** While true, the worker keeps this thread's event loop alive. It does not at first. */
  hold(held: boolean): void;
  /**
   * How it ended, without the event loop: of a process whether it has, of a thread only that it is gone for certain. As with
   * `onExit`, what a process held has been recovered by then.
   */
  peek(): HostExit | undefined;
}

/** What a host needs beside its options. */
export type Start = Omit<WorkerData, OfHost> | Omit<ProcessData, OfHost>;

/** What the host adds itself. */
type OfHost = 'allcores' | 'addon';
