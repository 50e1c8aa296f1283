export {
  BootstrapError,
  BrokenBarrierError,
  FunctionTransportError,
  HeapFullError,
  ManagerClosedError,
  PoolClosedError,
  ProcessError,
  QueueClosedError,
  QueueEmptyError,
  QueueFullError,
  SerializationError,
  TaskTimeoutError,
  TimeoutError,
  WorkerCrashedError,
  type WorkerCrash,
} from './base/errors.js';
export { getContext, type Context } from './context.js';
export { heapFigures, type HeapFigures } from './heap/program.js';
export type { DType, TypeCode } from './memory/dtype.js';
export type { LockOption } from './memory/numbers-lock.js';
export { SharedArray, type NumbersOptions } from './memory/shared-array.js';
export { Value } from './memory/value.js';
export { Hold } from './sync/hold.js';
export { Lock, RLock } from './sync/lock.js';
export type { WaitOptions as SyncWaitOptions } from './sync/waiting.js';
export { AsyncResult, type WaitOptions } from './pool/async-result.js';
export type {
  ApplyAsyncOptions,
  ApplyOptions,
  MapAsyncOptions,
  MapOptions,
  MapProgress,
  PoolOptions,
  TaskOptions,
} from './pool/options.js';
export { Pool } from './pool/pool.js';
export type { WorkerInfo } from './pool/pool-types.js';
export type { Histogram, PoolStats } from './pool/stats.js';
export {
  cpuCount,
  currentProcess,
  parentProcess,
  type CurrentProcess,
  type ParentProcess,
} from './process/current-process.js';
export type { JoinOptions, ProcessOptions } from './process/options.js';
export { activeChildren, Process } from './process/process.js';
export { getAllStartMethods, getStartMethod, setStartMethod, type StartMethod } from './process/start-method.js';
export { currentTask, type CurrentTask } from './runtime/current-task.js';
export type { ExitInfo } from './runtime/process-thread.js';
export type { ResourceLimits } from './runtime/worker-host.js';
export { fromModule } from './transport/function/from-module.js';
export { task } from './transport/function/task.js';
