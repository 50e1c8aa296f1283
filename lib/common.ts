// The part of the library that is the same for every kind of worker: the package exports it, and every context has it.
export {
  AuthenticationError,
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
} from './base/errors.js';
export { Namespace } from './container/namespace.js';
export { SharedDict } from './container/shared-dict.js';
export { SharedList } from './container/shared-list.js';
export { SharedSet } from './container/shared-set.js';
export { heapFigures } from './heap/program.js';
export { ShareableList } from './memory/shareable-list.js';
export { Kernel, loadKernel, loadKernelSync } from './vector/user-kernel.js';
export { SharedArray } from './vector/shared-array.js';
export { SharedMemory } from './memory/shared-memory.js';
export { Value } from './memory/value.js';
export { Barrier } from './sync/barrier.js';
export { Condition } from './sync/condition.js';
export { Event } from './sync/event.js';
export { Hold } from './sync/hold.js';
export { Lock, RLock } from './sync/lock.js';
export { BoundedSemaphore, Semaphore } from './sync/semaphore.js';
export { AsyncResult } from './pool/async-result.js';
export { cpuCount, currentProcess, parentProcess } from './process/current-process.js';
export { activeChildren } from './process/process.js';
export { Connection } from './queue/connection.js';
export { JoinableQueue } from './queue/joinable-queue.js';
export { Pipe } from './queue/pipe.js';
export { Queue } from './queue/queue.js';
export { SimpleQueue } from './queue/simple-queue.js';
export { wait } from './queue/wait.js';
export { waitSync } from './queue/wait-sync.js';
export { currentTask } from './runtime/current-task.js';
export { fromModule } from './transport/function/from-module.js';
export { task } from './transport/function/task.js';
export { getAllStartMethods } from './process/start-method.js';
