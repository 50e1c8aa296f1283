import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { withoutOwnFrames } from './own-frames.js';

/** Writes all of it to a file descriptor before it returns. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      // A pipe that somebody made non-blocking and that is full: its reader needs some time.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Writes an uncaught error to stderr, at once. */
export function printError(process: string, error: unknown): void {
  try {
    writeAll(2, Buffer.from(`Process ${process}:\n${shown(error)}\n`));
  } catch {
    // Nobody can read it: stderr is closed.
  }
}

function shown(error: unknown): string {
  try {
    const text = inspect(error);
    return error instanceof Error ? withoutOwnFrames(text) : `Uncaught ${text}`;
  } catch {
    return 'Uncaught error that cannot be shown';
  }
}
