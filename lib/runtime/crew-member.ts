import type { HostExit, WorkerHost } from './host/worker-host.js';

/** A worker as the owner knows it. */
export interface CrewMember {
  readonly id: number;
  readonly name: string;
  readonly slot: number;
  readonly host: WorkerHost;
  /** It has taken up work. */
  serving: boolean;
  /** The operating system's number of it: of a thread once it serves, of a process at once. */
  pid: number;
  /** It is leaving for a reason of its own or of ours, so its end is no crash. */
  leaving: boolean;
  /** It was told to end at once. */
  killed: boolean;
  /** An uncaught error that it reported. */
  crash: unknown;
  /** Once it has begun to exit: when it has to be gone, and what looks then. */
  exitBy: number;
  exitTimer: NodeJS.Timeout | undefined;
  /** Its end is being dealt with. */
  departed: boolean;
}

/** How a worker ended. */
export interface Departure extends HostExit {
  readonly member: CrewMember;
  readonly error: unknown;
}
