import type { Writable } from 'node:stream';
import { writeAll } from '../process-output.js';

/**
 * Has what this thread prints written at once. Otherwise it would go through the event loop of its parent, which may be
 * blocked, and be lost on the way when the program ends.
 */
export function writeAtOnce(): void {
  redirect(process.stdout, 1);
  redirect(process.stderr, 2);
}

/** The stream itself stays: the console has it, and the runtime calls methods of its own on it. */
function redirect(stream: Writable, descriptor: number): void {
  stream._write = (chunk: Uint8Array | string, encoding, done): void => {
    try {
      writeAll(descriptor, typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  };
  // What waited while the stream was corked is written piece by piece.
  Reflect.set(stream, '_writev', null);
}
