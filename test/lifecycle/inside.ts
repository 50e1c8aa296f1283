import { readdirSync, readFileSync, writeSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, type ProcessError } from 'allcores';

/** What programs of the tests use inside of their child process. */

/** Tells the test something, synchronously: also from a worker, and right before an exit. */
export function report(value: unknown): void {
  writeSync(1, `${JSON.stringify({ report: value })}\n`);
}

/** What a promise came to, as plain data. */
export type Seen = { readonly value: unknown } | { readonly error: unknown };

/** Fields of an error that tests look at; undefined ones are left out. */
export function described(error: unknown): unknown {
  if (!(error instanceof Error)) return { thrown: error === undefined ? 'undefined' : error };
  const { name, code, message } = error as ProcessError;
  const { exitCode, workerId, path } = error as unknown as Record<string, unknown>;
  const cause = error.cause === undefined ? undefined : described(error.cause);
  return { name, code, message, exitCode, workerId, path, cause };
}

export async function seen(promise: PromiseLike<unknown> | (() => unknown)): Promise<Seen> {
  try {
    return { value: await (typeof promise === 'function' ? promise() : promise) };
  } catch (error) {
    return { error: described(error) };
  }
}

/** Threads of this process. */
export function threadCount(): number {
  return readdirSync('/proc/self/task').length;
}

/** Threads of this process before it had a pool: those that libuv starts on first use included. */
export async function base(): Promise<number> {
  await access('/proc/self');
  return threadCount();
}

/** Waits until no thread is left but `count`, 5 s at most; gives the surplus: 0 when all is well. */
export async function workersGone(count: number): Promise<number> {
  const until = performance.now() + 5000;
  while (threadCount() > count && performance.now() < until) await sleep(10);
  return Math.max(0, threadCount() - count);
}

/** Closes a pool, and tells whether it let go of everything: the surplus of threads, and the workers that it still lists. */
export async function letGo(pool: Pool, count: number): Promise<{ threads: number; workers: number }> {
  pool.close();
  await pool.join();
  return { threads: await workersGone(count), workers: pool.workers.length };
}

/** Keeps the thread busy. */
export function spinFor(millis: number): void {
  const until = performance.now() + millis;
  while (performance.now() < until);
}

/** How often each thread of this process gave up its processor of its own accord, by thread number. */
export function voluntarySwitches(): Map<number, number> {
  const counts = new Map<number, number>();
  for (const thread of readdirSync('/proc/self/task')) {
    const [, count] =
      /^voluntary_ctxt_switches:\s*(\d+)/m.exec(readFileSync(`/proc/self/task/${thread}/status`, 'utf8')) ?? [];
    counts.set(Number(thread), Number(count));
  }
  return counts;
}

/** `await using` of a pool with work under way: what became of that. (Compiled here, as not every Node knows the syntax.) */
export async function drainsAtTheEndOfScope(): Promise<unknown[]> {
  let work: Promise<unknown>[];
  {
    await using pool = new Pool(2);
    work = [
      pool.apply(() => new Promise((resolve) => setTimeout(() => resolve('slow'), 100))),
      pool.map((x: number) => x, Array(1000).keys()).then((values) => values.reduce((sum, value) => sum + value, 0)),
    ];
  }
  return Promise.all(work);
}
