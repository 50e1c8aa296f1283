export {
  BootstrapError,
  FunctionTransportError,
  PoolClosedError,
  ProcessError,
  SerializationError,
  TaskTimeoutError,
  TimeoutError,
  WorkerCrashedError,
  type WorkerCrash,
} from './base/errors.js';
export type { DType, TypeCode } from './memory/dtype.js';
export { SharedArray } from './memory/shared-array.js';
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
export { cpuCount, currentProcess, type CurrentProcess } from './process/current-process.js';
export { currentTask, type CurrentTask } from './runtime/current-task.js';
export type { ResourceLimits } from './runtime/worker-host.js';
export { fromModule } from './transport/function/from-module.js';
export { task } from './transport/function/task.js';
