// Compiled, never run: whatever gives a promise has a form that blocks, and what holds a resource ends by `using`.
import type * as allcores from 'allcores';
import type { Pool, Process } from 'allcores';
import { expectType, type Equal } from './equal.js';

/** They give what they are given, which the compiler takes for promises, too; and what makes a result awaitable. */
type Exempt = `${string}Sync` | 'task' | 'namespace' | 'then';
type GivesPromise<F> = F extends (...args: never[]) => Promise<unknown> ? true : false;

/** Names of the functions of `T` that give a promise. */
type Waiting<T> = {
  [K in keyof T & string]: K extends Exempt ? never : GivesPromise<T[K]> extends true ? K : never;
}[keyof T & string];
/** The blocking forms that `T` lacks. */
type Missing<T> = Exclude<`${Waiting<T>}Sync`, keyof T>;

type Module = typeof allcores;
type Classes = { [K in keyof Module]: Module[K] extends abstract new (...args: never[]) => infer T ? T : never };

export function everythingThatWaitsExistsTwice(): void {
  expectType<Equal<Missing<Module>, never>>();
  // Distributed over the classes: one name that is missing in any of them shows up.
  type Lacks = { [K in keyof Classes]: Missing<Classes[K]> }[keyof Classes];
  expectType<Equal<Lacks, never>>();
  // And the types above do find something.
  expectType<Equal<Waiting<Pool> & ('apply' | 'map' | 'join' | 'terminate'), 'apply' | 'map' | 'join' | 'terminate'>>();
  expectType<Equal<Missing<{ wait(): Promise<void>; get(): Promise<number>; getSync(): number }>, 'waitSync'>>();
}

type Ending = 'Pool' | 'Process' | 'Manager' | 'Queue' | 'JoinableQueue' | 'SimpleQueue' | 'Connection' | 'Hold';

export function usingEndsWhatHoldsAResource(): void {
  expectType<Equal<Classes[Ending] extends Disposable & AsyncDisposable ? true : false, true>>();
  // What is closed at once needs no other form: `await using` takes this one.
  expectType<Equal<Classes['SharedMemory' | 'ShareableList'] extends Disposable ? true : false, true>>();
}

export function limitsAreTheSame(pool: Pool, process: Process, signal: AbortSignal): void {
  const limits = { timeout: 1, signal };
  const ends: [Promise<void>, Promise<void>, void, void] = [
    pool.join(limits),
    pool.terminate(limits),
    pool.joinSync(limits),
    pool.terminateSync(limits),
  ];
  void ends;
  const joined = process.joinSync(limits);
  expectType<Equal<typeof joined, boolean>>();
  const everywhere = pool.broadcastSync((x: number) => [x], [1], { ...limits, grace: 0 });
  expectType<Equal<typeof everywhere, number[][]>>();
  // @ts-expect-error nobody takes the place of a worker that is gone
  void pool.broadcast((x: number) => x, [1], { retries: 1 });
}
