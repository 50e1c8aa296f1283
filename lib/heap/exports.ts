import { agent, join } from './program.js';

/**
 * References for names on their way to somebody who outlives this thread: in a result, to the owner of the worker. They
 * are this thread's until the result is published, and go with it should it be killed before.
 */
let exported = 0;

/** Adds a reference to an object whose name is being written. */
export function exportObject(object: number, kind: number): void {
  exported += join().exportObject(object, kind);
}

/** Comes right before the names become visible to who receives them. */
export function handOver(): void {
  if (exported > 0) end(1);
}

/** The names will not be sent. */
export function takeBack(): void {
  if (exported > 0) end(0);
}

function end(sent: number): void {
  exported = 0;
  agent.endExport(sent);
}
