import { workerData } from 'node:worker_threads';
import '../handles.js';
import { native } from '../../binding/native.js';
import { setTaskSource } from '../current-task.js';
import { PoolMemory, WORKER_EXIT_CODE } from '../pool-memory.js';
import type { ProcessData } from '../process-data.js';
import type { WorkerData } from '../worker-data.js';
import { Inbox } from './inbox.js';
import { startProcess } from './process-entry.js';
import { ResultWriter } from './result-writer.js';
import { Runner } from './runner.js';
import { TaskRunner } from './task-runner.js';
import { WorkerMeter } from './worker-meter.js';

/** What the entry of a thread of ours calls. */
export function startWorker(): void {
  const data = workerData as WorkerData | ProcessData;
  if ('work' in data) startProcess(data);
  else startPoolWorker(data);
}

/** Runs a worker of a pool on this thread. */
function startPoolWorker(data: WorkerData): void {
  if (data.cpu >= 0) native.bindThread(data.cpu);

  const end = new native.PoolWorker(data.poolId, data.slot, () => runner.wake(), data.size, -1);
  const memory = new PoolMemory(end.buffer(), data.size);
  const inbox = new Inbox(data.inbox, data.known);
  const results = new ResultWriter(memory, data.slot, end);
  const meter = new WorkerMeter(memory, data.slot);
  const tasks = new TaskRunner(memory, data.slot, inbox, results, meter);
  // A task may replace `process.exit`; the worker's own way out stays.
  const runner = new Runner(memory, data, end, inbox, results, meter, tasks, process.exit.bind(process));
  setTaskSource(tasks);

  // The owner may be blocked and unable to receive the events of this thread: what it needs to know is in shared memory.
  process.on('exit', (code) => {
    Atomics.store(memory.words, memory.workerWords(data.slot) + WORKER_EXIT_CODE, code + 1);
    tasks.reportExit();
  });
  process.on('uncaughtExceptionMonitor', (error) => tasks.reportCrash(error));

  runner.start();
}
