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
  SharedMemoryError,
  TaskTimeoutError,
  TimeoutError,
  WorkerCrashedError,
  type WorkerCrash,
} from './base/errors.js';
export type { Entries } from './container/iterables.js';
export { Namespace } from './container/namespace.js';
export type { Compare } from './container/order.js';
export { SharedDict } from './container/shared-dict.js';
export { SharedList } from './container/shared-list.js';
export { SharedSet } from './container/shared-set.js';
export { getContext, type Context } from './context.js';
export { heapFigures, type HeapFigures } from './heap/program.js';
export { Manager } from './manager/manager.js';
export type { DType, DTypeOfCode, ElementOf, TypeCode, ViewOf } from './memory/dtype.js';
export type { LockOption } from './memory/numbers-lock.js';
export { ShareableList, type ShareableListOptions } from './memory/shareable-list.js';
export type { ShareableValue } from './memory/shareable-value.js';
export type { Operand, Operation, Step } from './vector/elementwise.js';
export type { Shape } from './vector/matmul.js';
export type { KernelStats } from './vector/host.js';
export type { KernelOptions } from './vector/plan.js';
export { Kernel, loadKernel, type KernelCall } from './vector/user-kernel.js';
export type { Comparison } from './vector/select.js';
export type { NumbersOptions, NumberVector } from './memory/number-vector.js';
export type { VarianceOptions } from './vector/reducible-vector.js';
export { SharedArray, type IndexVector, type VectorHistogram, type VectorMapOptions } from './vector/shared-array.js';
export type { Digest, DigestType, HashAlgorithm, HashOptions, SeedOptions } from './vector/hash.js';
export type { HistogramOptions } from './vector/histogram.js';
export { SharedMemory, type ExistingSharedMemory, type NewSharedMemory } from './memory/shared-memory.js';
export { Value } from './memory/value.js';
export { Barrier, type BarrierOptions } from './sync/barrier.js';
export { Condition } from './sync/condition.js';
export { Event } from './sync/event.js';
export { Hold } from './sync/hold.js';
export { Lock, RLock } from './sync/lock.js';
export { BoundedSemaphore, Semaphore } from './sync/semaphore.js';
export type { WaitOptions as SyncWaitOptions } from './sync/waiting.js';
export { AsyncResult, type WaitOptions } from './pool/async-result.js';
export type {
  ApplyAsyncOptions,
  ApplyOptions,
  MapAsyncOptions,
  MapOptions,
  MapProgress,
  Outcome,
  PoolOptions,
  TaskOptions,
} from './pool/options.js';
export { Pool } from './pool/pool.js';
export type { ArgsAndOptions, Mapped, MapItem, WorkerInfo } from './pool/pool-types.js';
export type { Histogram, HistogramBucket, PoolStats } from './pool/stats.js';
export {
  cpuCount,
  currentProcess,
  parentProcess,
  type CurrentProcess,
  type ParentProcess,
} from './process/current-process.js';
export type { JoinOptions, ProcessArgs, ProcessOptions, ProcessSettings } from './process/options.js';
export { activeChildren, Process } from './process/process.js';
export { getAllStartMethods, getStartMethod, setStartMethod, type StartMethod } from './process/start-method.js';
export { Connection } from './queue/connection.js';
export type { Bytes } from './queue/bytes.js';
export { JoinableQueue } from './queue/joinable-queue.js';
export { Pipe, type PipeOptions } from './queue/pipe.js';
export { Queue, type QueueOptions } from './queue/queue.js';
export { SimpleQueue } from './queue/simple-queue.js';
export { wait } from './queue/wait.js';
export { currentTask, type CurrentTask } from './runtime/current-task.js';
export type { ExitInfo } from './runtime/started-process.js';
export type { ResourceLimits, Stdio, StdioOf } from './runtime/host/worker-host.js';
export { fromModule } from './transport/function/from-module.js';
export type { AnyFunction } from './transport/function/protocol.js';
export { task } from './transport/function/task.js';
