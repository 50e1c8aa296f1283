export * from './common.js';
export type { WorkerCrash } from './base/errors.js';
export type { Entries } from './container/iterables.js';
export type { Compare } from './container/order.js';
export { getContext, type Context } from './context.js';
export type { HeapFigures } from './heap/program.js';
export { Manager } from './manager/manager.js';
export type { DType, DTypeOfCode, ElementLike, ElementOf, TypeCode, ViewOf } from './memory/dtype.js';
export type { LockOption } from './memory/numbers-lock.js';
export type { ShareableListOptions } from './memory/shareable-list.js';
export type { ShareableValue } from './memory/shareable-value.js';
export type { Operand, Operation, Step } from './vector/elementwise.js';
export type { Shape } from './vector/matmul.js';
export type { KernelStats } from './vector/host.js';
export type { KernelOptions } from './vector/plan.js';
export type { KernelCall } from './vector/user-kernel.js';
export type { Comparison } from './vector/select.js';
export type { NumbersOptions, NumberVector } from './memory/number-vector.js';
export type { VarianceOptions } from './vector/reducible-vector.js';
export type { IndexVector, VectorHistogram, VectorMapOptions } from './vector/shared-array.js';
export type { Digest, DigestType, HashAlgorithm, HashOptions, SeedOptions } from './vector/hash.js';
export type { HistogramOptions } from './vector/histogram.js';
export type { ExistingSharedMemory, NewSharedMemory } from './memory/shared-memory.js';
export type { BarrierOptions } from './sync/barrier.js';
export type { WaitOptions as SyncWaitOptions } from './sync/waiting.js';
export type { WaitOptions } from './pool/async-result.js';
export type {
  ApplyAsyncOptions,
  ApplyOptions,
  BroadcastOptions,
  ImapOptions,
  MapAsyncOptions,
  MapOptions,
  MapProgress,
  Outcome,
  PoolOptions,
  TaskOptions,
} from './pool/options.js';
export { Pool } from './pool/pool.js';
export type { ArgsAndOptions, ArgsShape, ItemTarget, Mapped, WorkerInfo } from './pool/pool-types.js';
export type { Histogram, HistogramBucket, PoolStats } from './pool/stats.js';
export type { CurrentProcess, ParentProcess } from './process/current-process.js';
export type { JoinOptions, ProcessArgs, ProcessOptions, ProcessSettings, TargetOptions } from './process/options.js';
export { Process } from './process/process.js';
export { getStartMethod, setStartMethod, type StartMethod } from './process/start-method.js';
export type { Bytes } from './queue/bytes.js';
export type { PipeOptions } from './queue/pipe.js';
export type { QueueOptions } from './queue/queue.js';
export type { CurrentTask } from './runtime/current-task.js';
export type { ExitInfo } from './runtime/started-process.js';
export type { ResourceLimits, Stdio, StdioOf } from './runtime/host/worker-host.js';
export type { AnyFunction, ArgumentsOf, Target } from './transport/function/protocol.js';
