import { fork } from 'node:child_process';
import { join } from 'node:path';
import { packageFolder } from '../base/package.js';
import type { Jobs } from './jobs.js';

/** Why a job gave nothing: by name `Late`, `Crash` or `NotStarted`, or else what it has thrown. */
export interface Failure {
  readonly message: string;
  readonly name?: string;
  readonly code?: string;
}

export type Outcome<T> = { readonly value: T } | { readonly failure: Failure };

const ENTRY = join(packageFolder, 'dist', 'cli', 'child.js');

/** Characters that are kept of what the child writes to stderr; stacks are not quoted. */
const KEPT = 4000;

/**
 * Runs a job in a process of its own, which may hang or crash without harm: it is killed after `timeout` ms. What it gives
 * counts only if the process then also ends by itself and with code 0.
 *
 * @param entry what the process runs
 */
export function runJob<K extends keyof Jobs>(
  name: K,
  input: Parameters<Jobs[K]>[0],
  timeout: number,
  entry: string = ENTRY,
): Promise<Outcome<Awaited<ReturnType<Jobs[K]>>>> {
  const { promise, resolve } = withResolvers<Outcome<Awaited<ReturnType<Jobs[K]>>>>();
  let answer: Outcome<Awaited<ReturnType<Jobs[K]>>> | undefined;
  let said = '';
  let late = false;
  const child = fork(entry, [name, JSON.stringify(input ?? null)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, timeout);
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-KEPT)));
  child.on('message', (message) => (answer = message as typeof answer));
  const ended = (why: string | undefined): void => {
    clearTimeout(timer);
    // A grandchild that lives on may hold the other end.
    child.stderr?.destroy();
    // Said once: Node 20 also throws what an import of CommonJS has thrown, though it was caught.
    if (answer !== undefined && 'failure' in answer) return resolve(answer);
    const last = said.replaceAll(/^ +at .*\n?|^Node\.js v.*\n?/gm, '').trim();
    const quoted = last === '' ? '' : `: ${last}`;
    const after = answer === undefined ? '' : ' after its work was done';
    if (late) resolve({ failure: { message: `was not over after ${timeout / 1000} s${after}`, name: 'Late' } });
    else if (why !== undefined) resolve({ failure: { message: `${why}${after}${quoted}`, name: 'Crash' } });
    else resolve(answer ?? { failure: { message: `ended without an answer${quoted}`, name: 'Crash' } });
  };
  child.on('error', ({ message, code }: NodeJS.ErrnoException) => {
    clearTimeout(timer);
    // Nothing of the job has run: this says nothing of what it tries.
    const failure = { message: `could not be started (${message})`, name: 'NotStarted' };
    resolve({ failure: { ...failure, ...(code === undefined ? {} : { code }) } });
  });
  child.on('exit', (code, signal) => {
    const failed = signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`;
    const why = code === 0 ? undefined : failed;
    // Its end may be told before its last message.
    if (child.connected) child.once('disconnect', () => ended(why));
    else ended(why);
  });
  return promise;
}

/** `Promise.withResolvers` of Node 22. */
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
