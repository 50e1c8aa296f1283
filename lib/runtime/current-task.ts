/** The task that this worker is running, as its function sees it. */
export interface CurrentTask {
  /** Number of the task within its pool; may be used again after the task has ended. */
  readonly id: number;
  /** 1 for the first run, 2 for the first retry … */
  readonly attempt: number;
  /** Turns true when the task was cancelled or ran out of time, also in the midst of a synchronous loop. */
  readonly aborted: boolean;
  /** The same as an event, for asynchronous functions. */
  readonly signal: AbortSignal;
  /** Sends a value to the `onProgress` of whoever submitted the task. */
  progress(value: unknown): void;
}

/** What runs tasks on this thread and can tell which one is current. */
export interface TaskSource {
  readonly currentTask: CurrentTask | undefined;
  /** A function's modules are being loaded right now. */
  readonly loading: boolean;
}

let source: TaskSource | undefined;

/** Called once by a worker's entry. */
export function setTaskSource(of: TaskSource): void {
  source = of;
}

/** The task that is being run on this thread; undefined outside a worker and between tasks. */
export function currentTask(): CurrentTask | undefined {
  return source?.currentTask;
}

/** Is this thread a worker that is loading the modules of a function? */
export function isLoading(): boolean {
  return source?.loading ?? false;
}
