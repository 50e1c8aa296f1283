import type { Writable } from 'node:stream';
import { writeAll } from '../process-output.js';

/**
 * Has what this worker prints written at once. A thread's would go through the event loop of its parent, which may be
 * blocked, and be lost on the way when the program ends; a process's would wait for room in a full pipe, and be lost when the
 * process is ended.
 */
export function writeAtOnce(isThread: boolean): void {
  if (isThread) {
    redirect(process.stdout, 1);
    redirect(process.stderr, 2);
  } else {
    redirectWhenUsed('stdout', 1);
    redirectWhenUsed('stderr', 2);
  }
}

/** It takes a process several milliseconds to load what its streams are made of, so that waits until it prints. */
function redirectWhenUsed(name: 'stdout' | 'stderr', descriptor: number): void {
  const own = Object.getOwnPropertyDescriptor(process, name);
  if (own?.get === undefined) return; // a module that `execArgv` names has put its own there
  Object.defineProperty(process, name, {
    ...own,
    get: () => {
      Object.defineProperty(process, name, own);
      const stream = process[name];
      if (stream.fd === descriptor) redirect(stream, descriptor);
      return stream;
    },
  });
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
