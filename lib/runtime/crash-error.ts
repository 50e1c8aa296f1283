import { WorkerCrashedError } from '../base/errors.js';
import type { CrewMember } from './crew.js';
import type { HostExit } from './host/worker-host.js';

/** What a task sees of the death of the worker that ran it. `cause`: an uncaught error, where one is known. */
export function crashError({ name, id }: CrewMember, { code, signal }: HostExit, cause: unknown): WorkerCrashedError {
  const how = signal !== null ? `was ended by ${signal}` : code === null ? 'ended' : `exited with code ${code}`;
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  const crash = { exitCode: code, signal, workerId: id };
  return new WorkerCrashedError(
    `${name} ${how} during the task${why}`,
    crash,
    cause === undefined ? undefined : { cause },
  );
}
