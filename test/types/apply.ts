// Compiled, never run: what apply, applyAsync, broadcast and their blocking forms infer from the function.
import type { AsyncResult, Pool } from 'allcores';
import { expectType, type Equal } from './equal.js';
import { add, fails, label, lengthOf, logs, origin, type Point } from './functions.js';

export function resultFollowsFromTheFunction(pool: Pool): void {
  const sum = pool.apply(add, [1, 2]);
  expectType<Equal<typeof sum, Promise<number>>>();

  const point = pool.apply(origin);
  expectType<Equal<typeof point, Promise<Point>>>();

  const nothing = pool.apply(logs, ['hello']);
  expectType<Equal<typeof nothing, Promise<void>>>();

  const never = pool.apply(fails);
  expectType<Equal<typeof never, Promise<never>>>();
}

export function asynchronousFunctionsAreAwaited(pool: Pool): void {
  const length = pool.apply(lengthOf, ['four']);
  expectType<Equal<typeof length, Promise<number>>>();

  const lengthSync = pool.applySync(lengthOf, ['four']);
  expectType<Equal<typeof lengthSync, number>>();

  const lengthAsync = pool.applyAsync(lengthOf, ['four']);
  expectType<Equal<typeof lengthAsync, AsyncResult<number>>>();

  const everywhere = pool.broadcast(lengthOf, ['four']);
  expectType<Equal<typeof everywhere, Promise<number[]>>>();
}

export function optionalAndRestParametersAreKept(pool: Pool): void {
  const short = pool.apply(label, [1]);
  const long = pool.apply(label, [1, 'one', true, false]);
  expectType<Equal<typeof short, Promise<string>>>();
  expectType<Equal<typeof long, Promise<string>>>();
}

export function callbacksKnowTheResult(pool: Pool): void {
  pool.applyAsync(add, [1, 2], {
    callback: (value) => expectType<Equal<typeof value, number>>(),
    timeout: 1000,
    signal: AbortSignal.timeout(1000),
    retries: 2,
  });
}

export function inlineFunctionsInferFromTheirParameters(pool: Pool): void {
  const both = pool.apply((n: number, text: string) => ({ n, text }), [1, 'a']);
  expectType<Equal<typeof both, Promise<{ n: number; text: string }>>>();
}

export function wrongArgumentsDoNotCompile(pool: Pool): void {
  // @ts-expect-error the second argument is missing
  void pool.apply(add, [1]);
  // @ts-expect-error a string is no number
  void pool.apply(add, [1, '2']);
  // @ts-expect-error there are two parameters
  void pool.apply(add, [1, 2, 3]);
  // @ts-expect-error arguments come as a list
  void pool.apply(add, 1, 2);
  // @ts-expect-error a rest parameter has its type, too
  void pool.applyAsync(label, [1, 'one', 3]);
  // @ts-expect-error a name is no function
  void pool.apply('add', [1, 2]);
  // @ts-expect-error times are numbers of milliseconds
  void pool.apply(add, [1, 2], { timeout: '1s' });
  // @ts-expect-error there is no such option
  void pool.apply(add, [1, 2], { timeOut: 1000 });
}
