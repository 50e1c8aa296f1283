import { WorkerCrashedError } from '../base/errors.js';
import type { CrewMember } from './crew.js';

/** What a task sees of the death of the worker that ran it. `cause`: an uncaught error, where one is known. */
export function crashError({ name, id }: CrewMember, exitCode: number | null, cause: unknown): WorkerCrashedError {
  const how = exitCode === null ? 'ended' : `exited with code ${exitCode}`;
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  const crash = { exitCode, signal: null, workerId: id };
  return new WorkerCrashedError(
    `${name} ${how} during the task${why}`,
    crash,
    cause === undefined ? undefined : { cause },
  );
}
