import type { Parent } from '../../base/told.js';
import type { AnyFunction } from '../../transport/function/protocol.js';
import type { InboxMessage } from './worker-data.js';

/** What the thread of a process is told at its start. */
export interface ProcessData {
  readonly allcores: true;
  /** Path of the native addon. */
  readonly addon: string;
  /** The functions and shared buffers that its work names. */
  readonly known: readonly InboxMessage[];
  readonly name: string;
  readonly daemon: boolean;
  /** `[1, 2]` of the process that was named `Process-1:2`. */
  readonly numbers: readonly number[];
  readonly parent: Parent;
  /** Segment of the words below. */
  readonly notice: number;
  readonly work: ProcessWork;
}

/** What a process is to do: functions by number, 0 where there is none. */
export interface ProcessWork {
  readonly target: number;
  readonly args: Parcel;
  /** The class whose `run` is called instead of the target. */
  readonly type: number;
  /** Own enumerable fields of the object that was started. */
  readonly fields: Parcel | undefined;
}

/** An encoded value in a segment, which the sender holds until it has been decoded. */
export interface Parcel {
  readonly segment: number;
  readonly bytes: number;
}

/** Calls a class of processes has for its object within the thread: see `Process`. */
export const adopt: unique symbol = Symbol('allcores.adopt');

/** A class of processes, as the thread that is to be one of them sees it. */
export interface AdoptingClass {
  [adopt](target: AnyFunction | undefined, args: readonly unknown[]): { run(): unknown };
}

/**
 * The words that a process and its parent share, for what must be known while the parent is blocked. Each is written by
 * one side only, except FATE.
 */
export const Word = {
  /** See native/addon/exit_notice.h. */
  status: 0,
  /** What ends the process, settled once by whoever is first: `Fate.exit` or the number of a signal. */
  fate: 1,
  exitCode: 2,
  /** The operating system's number of the thread; 0 while it starts. */
  pid: 3,
  /** How many listeners for SIGINT the process has. */
  listeners: 4,
  /** Set by the process once its work has arrived, with holders of its own for all that it names. */
  decoded: 5,
  /** An uncaught error, encoded; 0: none. */
  errorSegment: 6,
  errorBytes: 7,
  /** The process has written its error to stderr. */
  printed: 8,
} as const;

export const NOTICE_BYTES = 64;

export const Status = { starting: 0, running: 1, ended: 2 } as const;

/** Other fates are numbers of signals. */
export const Fate = { open: 0, exit: 1 << 16 } as const;
