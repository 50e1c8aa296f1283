import { callableOf } from '../../transport/function/target.js';
import { setTaskSource } from '../current-task.js';
import { adopt, type AdoptingClass, type ProcessData } from '../host/process-data.js';
import type { OwnerLink } from './owner-link.js';
import { ProcessInbox } from './process-inbox.js';
import { ProcessReport } from './process-report.js';

/** Runs a process on this thread: it ends once its work is done and its event loop has nothing left to do. */
export function startProcess(data: ProcessData, link: OwnerLink): void {
  const report = new ProcessReport(data.notice, link.bell >= 0);
  if (!report.announce()) process.exit(1);
  const inbox = new ProcessInbox(link, data.known);
  report.watch((error) => inbox.encodeThrown(error));
  setTaskSource({
    currentTask: undefined,
    get loading() {
      return inbox.loading;
    },
  });
  // It keeps the event loop alive until the work is done, pending promises of it included.
  const read = (): void => {
    for (let message = link.receive(); message !== undefined; message = link.receive()) {
      if (message.type === 'interrupt') report.interrupt();
    }
  };
  link.listen(read);
  read(); // what came together with what this process is
  perform(data, inbox, report, link).then(
    () => link.hold(false),
    (error: unknown) => {
      // An exception like any other: listeners may handle it, or it ends this thread.
      process.nextTick(() => {
        throw error;
      });
      link.hold(false);
    },
  );
}

async function perform(
  { work }: ProcessData,
  inbox: ProcessInbox,
  report: ProcessReport,
  link: OwnerLink,
): Promise<void> {
  const decodeArgs = inbox.accept(work.args);
  const decodeFields = work.fields && inbox.accept(work.fields);
  const target = await inbox.functionFor(work.target);
  const type = await inbox.functionFor(work.type);
  const args = (await decodeArgs()) as unknown[];
  const fields = (await decodeFields?.()) as object | undefined;
  report.tellDecoded();
  link.ring(); // what the parent holds for the work it releases when it hears of that
  if (type === undefined) {
    if (target !== undefined) await callableOf(target)(...args);
    return;
  }
  const itself = (type as unknown as AdoptingClass)[adopt](target, args);
  for (const [key, value] of Object.entries(fields ?? {})) {
    // Not by assignment, which could meet a setter that the constructor did not call either.
    Object.defineProperty(itself, key, { value, writable: true, enumerable: true, configurable: true });
  }
  await itself.run();
}
