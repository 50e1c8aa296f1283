import { WorkerCrashedError } from '../base/errors.js';
import type { CrewMember } from './crew-member.js';
import type { HostExit } from './host/worker-host.js';

/** With this code Node exits whose options it does not know. */
const BAD_OPTIONS = 9;

/** What a task sees of the death of the worker that ran it. `cause`: an uncaught error, where one is known. */
export function crashError(member: CrewMember, exit: HostExit, cause: unknown): WorkerCrashedError {
  return errorOf(member, exit, `${member.name} ${howOf(exit)} during the task`, cause);
}

/** What a pool fails with whose workers end before they take up work. */
export function startError(member: CrewMember, exit: HostExit, cause: unknown): WorkerCrashedError {
  const options = member.host.pid !== undefined && exit.code === BAD_OPTIONS;
  const hint = options ? ': Node refuses its options (execArgv, or NODE_OPTIONS in env)' : '';
  return errorOf(
    member,
    exit,
    `No worker could be started: ${member.name} ${howOf(exit)} before it served${hint}`,
    cause,
  );
}

function howOf({ code, signal }: HostExit): string {
  return signal !== null ? `was ended by ${signal}` : code === null ? 'ended' : `exited with code ${code}`;
}

function errorOf({ id }: CrewMember, { code, signal }: HostExit, what: string, cause: unknown): WorkerCrashedError {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  const crash = { exitCode: code, signal, workerId: id };
  return new WorkerCrashedError(`${what}${why}`, crash, cause === undefined ? undefined : { cause });
}
