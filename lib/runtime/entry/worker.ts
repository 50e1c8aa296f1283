import { workerData } from 'node:worker_threads';
import '../handles.js';
import { tell } from '../../base/told.js';
import { addonPath, native } from '../../binding/native.js';
import { setTaskSource } from '../current-task.js';
import { PoolMemory, WORKER_EXIT_CODE, WORKER_STATUS } from '../pool-memory.js';
import { printError } from '../process-output.js';
import { STATUS_SERVING, STATUS_STARTING } from '../protocol.js';
import type { ProcessData } from '../host/process-data.js';
import type { InThread, WorkerData } from '../host/worker-data.js';
import type { Start } from '../host/worker-host.js';
import { Inbox } from './inbox.js';
import { PortLink, type OwnerLink } from './owner-link.js';
import { startProcess } from './process-entry.js';
import { isHandled } from './process-report.js';
import { writeAtOnce } from './process-streams.js';
import { ResultWriter } from './result-writer.js';
import { Runner } from './runner.js';
import { TaskRunner } from './task-runner.js';
import { WorkerMeter } from './worker-meter.js';

/** What the entry of a thread of ours calls. */
export function startWorker(): void {
  const data = workerData as Partial<WorkerData | ProcessData> & InThread;
  const link = new PortLink(data.inbox);
  if (data.name === undefined) startWhenTold(link);
  else startWork(data as WorkerData | ProcessData, link);
}

/** Waits to be told what this worker is: it may have been started before it was needed. */
export function startWhenTold(link: OwnerLink): void {
  const begin = (): void => {
    const message = link.receive();
    if (message?.type !== 'start') return;
    const data = { ...(message.start as Start), allcores: true as const, addon: addonPath };
    tell(data);
    process.argv.splice(2, Infinity, ...message.argv);
    startWork(data, link);
  };
  link.listen(begin);
  begin();
}

/** Does what this thread or process was started for. */
export function startWork(data: WorkerData | ProcessData, link: OwnerLink): void {
  writeAtOnce(link.bell < 0);
  if ('work' in data) startProcess(data, link);
  else startPoolWorker(data, link);
}

/** Runs a worker of a pool on this thread. */
function startPoolWorker(data: WorkerData, link: OwnerLink): void {
  if (data.cpu >= 0) native.bindThread(data.cpu);

  const isProcess = link.bell >= 0;
  const end = new native.PoolWorker(data.poolId, data.slot, () => runner.wake(), data.size, link.bell);
  const memory = new PoolMemory(end.buffer(), data.size, isProcess);
  // Its owner takes one that it has ended before this for gone.
  const status = memory.workerWords(data.slot) + WORKER_STATUS;
  if (Atomics.compareExchange(memory.words, status, STATUS_STARTING, STATUS_SERVING) !== STATUS_STARTING) return;
  const inbox = new Inbox(link, data.known);
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
  process.on('uncaughtExceptionMonitor', (error) => {
    if (isHandled()) return;
    if (!tasks.isAwaited) printError(data.name, error); // no promise could tell of it
    tasks.reportCrash(error);
    if (isProcess) process.exit(1); // it has been told: the runtime need not print it
  });

  if (isProcess) {
    link.listen(() => runner.wake());
    link.hold(false);
  }
  runner.start();
}
