/**
 * Every error that the library itself throws or rejects with.
 *
 * All derive from {@link ProcessError} and carry a `code` that starts with `ERR_ALLCORES_`, so that callers can tell
 * them from the errors of their own tasks without `instanceof` across realms; but for {@link SharedMemoryError}, which
 * has the codes of the system.
 */
export class ProcessError extends Error {
  /** Stable, machine-readable name of the failure. */
  readonly code: string;

  constructor(message: string, options?: ErrorOptions, code = 'ERR_ALLCORES_PROCESS') {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, 'name', { value: new.target.name, configurable: true, writable: true });
  }
}

/** A wait of the caller's own (`get({ timeout })`, `join({ timeout })` …) ran out. The work itself goes on. */
export class TimeoutError extends ProcessError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options, 'ERR_ALLCORES_TIMEOUT');
  }
}

/** A task ran longer than its `timeout`, counted from the moment a worker began it. */
export class TaskTimeoutError extends ProcessError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options, 'ERR_ALLCORES_TASK_TIMEOUT');
  }
}

/** What is known about the death of a worker. */
export interface WorkerCrash {
  /** Exit code of the worker, or null when it was ended by a signal or could not be learnt. */
  readonly exitCode: number | null;
  /** Name of the signal that ended it, or null. */
  readonly signal: string | null;
  /** The pool's number of that worker; never used twice within one pool. */
  readonly workerId: number;
}

/** The worker that ran the task is gone: it exited, was killed, ran out of memory or had an uncaught error. */
export class WorkerCrashedError extends ProcessError implements WorkerCrash {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly workerId: number;

  constructor(message: string, crash: WorkerCrash, options?: ErrorOptions) {
    super(message, options, 'ERR_ALLCORES_WORKER_CRASHED');
    this.exitCode = crash.exitCode;
    this.signal = crash.signal;
    this.workerId = crash.workerId;
  }
}

/** Work was given to a pool that no longer takes any, or was still queued when the pool was terminated. */
export class PoolClosedError extends ProcessError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options, 'ERR_ALLCORES_POOL_CLOSED');
  }
}

/** A value cannot be copied to, or back from, a worker. */
export class SerializationError extends ProcessError {
  /** Where the value stands, as an access path: `args[0].items[3]`; `items[7].a` and `result[7].a` of a map's item 7. */
  readonly path: string;

  constructor(message: string, path: string, options?: ErrorOptions) {
    super(message, options, 'ERR_ALLCORES_SERIALIZATION');
    this.path = path;
  }
}

/** A function cannot travel to a worker. The message names what it captures, where it stands and how to mend it. */
export class FunctionTransportError extends ProcessError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options, 'ERR_ALLCORES_FUNCTION_TRANSPORT');
  }
}

/** A pool or process was made while a worker was still loading the module that makes it. */
export class BootstrapError extends ProcessError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options, 'ERR_ALLCORES_BOOTSTRAP');
  }
}

/**
 * No memory is left: the shared heap has reached its limit (`ALLCORES_HEAP_LIMIT`), or the system gives this process no
 * more. The message says for what. Nothing was stored or made.
 */
export class HeapFullError extends ProcessError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options, 'ERR_ALLCORES_HEAP_FULL');
  }
}

/**
 * Shared memory could not be created, attached to or unlinked. Its `code` is the system's: `EEXIST` for a name that is
 * taken, `ENOENT` for one that does not exist, `EACCES`, `ENAMETOOLONG`, `EINVAL`, `ENOSPC` and the like.
 */
export class SharedMemoryError extends ProcessError {
  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options, code);
  }
}

/** `putNowait`, or a `put` whose time ran out, on a queue that is full. */
export class QueueFullError extends ProcessError {
  constructor(message = 'The queue is full', options?: ErrorOptions) {
    super(message, options, 'ERR_ALLCORES_QUEUE_FULL');
  }
}

/** `getNowait`, or a `get` whose time ran out, on a queue that is empty. */
export class QueueEmptyError extends ProcessError {
  constructor(message = 'The queue is empty', options?: ErrorOptions) {
    super(message, options, 'ERR_ALLCORES_QUEUE_EMPTY');
  }
}

/** A queue or connection that was closed: a put into it, or a get once it has been drained. */
export class QueueClosedError extends ProcessError {
  constructor(message = 'The queue is closed', options?: ErrorOptions) {
    super(message, options, 'ERR_ALLCORES_QUEUE_CLOSED');
  }
}

/** A barrier was aborted or reset, somebody left it, or its action failed, while others waited. */
export class BrokenBarrierError extends ProcessError {
  constructor(message = 'The barrier is broken', options?: ErrorOptions) {
    super(message, options, 'ERR_ALLCORES_BROKEN_BARRIER');
  }
}

/**
 * Nothing of the library throws it, since nothing of it listens to others: as in `multiprocessing`, for programs that
 * authenticate whom they talk to themselves, and for those that were ported and catch it.
 */
export class AuthenticationError extends ProcessError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options, 'ERR_ALLCORES_AUTHENTICATION');
  }
}

/** An object of a manager that was shut down. */
export class ManagerClosedError extends ProcessError {
  constructor(message = 'The manager of this object was shut down', options?: ErrorOptions) {
    super(message, options, 'ERR_ALLCORES_MANAGER_CLOSED');
  }
}
