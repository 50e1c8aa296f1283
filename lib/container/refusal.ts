import { HeapFullError, ManagerClosedError, ProcessError } from '../base/errors.js';
import { Outcome } from '../heap/outcome.js';

/** The error for an operation that could not be done. @param what the kind of object */
export function refusal(outcome: number, what: string): Error {
  if (outcome === Outcome.closed) return new ManagerClosedError(`The manager of this ${what} was shut down`);
  if (outcome === Outcome.noMemory) return new HeapFullError(`No shared memory left; the ${what} is unchanged`);
  return new ProcessError(`An operation on a ${what} had the unexpected outcome ${outcome}`);
}

/** @throws {ManagerClosedError | HeapFullError} unless the operation was done */
export function requireDone(outcome: number, what: string): void {
  if (outcome !== Outcome.done) throw refusal(outcome, what);
}
