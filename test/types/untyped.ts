// Compiled, never run: parameters that are not annotated have the types of the items or arguments beside the function.
import { Process, type AsyncResult, type MapOptions, type Pool, type SharedArray } from 'allcores';
import { expectType, type Equal } from './equal.js';
import { norm } from './functions.js';

declare const out: SharedArray<'float64'>;
declare const options: MapOptions;
declare const words: AsyncIterable<string>;

export function itemsTypeTheParameterOfAMap(pool: Pool): void {
  const doubled = pool.map((x) => x * 2, [1, 2]);
  expectType<Equal<typeof doubled, Promise<number[]>>>();
  const blocking = pool.mapSync((text) => text.length, new Set(['a']), { chunksize: 1 });
  expectType<Equal<typeof blocking, number[]>>();
  const pending = pool.mapAsync(async ({ x }) => `${x}`, [{ x: 1 }], {
    callback: (results) => expectType<Equal<typeof results, string[]>>(),
  });
  expectType<Equal<typeof pending, AsyncResult<string[]>>>();
  const mixed = pool.map((one) => one, [1, 'a']);
  expectType<Equal<typeof mixed, Promise<(number | string)[]>>>();
  const roots = pool.map((x) => Math.sqrt(x), new Float64Array(4));
  expectType<Equal<typeof roots, Promise<number[]>>>();
}

export function theResultIsTheVectorThatIsPassed(pool: Pool): void {
  const written = pool.map((x) => x * 2, [1, 2], {
    out,
    onProgress: ({ done }) => expectType<Equal<typeof done, number>>(),
  });
  expectType<Equal<typeof written, Promise<SharedArray<'float64'>>>>();
  const blocking = pool.starmapSync((x, y) => x * y, [[1, 2]], { out });
  expectType<Equal<typeof blocking, SharedArray<'float64'>>>();
  const pending = pool.mapAsync((x) => x * 2, [1, 2], {
    out,
    callback: (result) => expectType<Equal<typeof result, SharedArray<'float64'>>>(),
  });
  expectType<Equal<typeof pending, AsyncResult<SharedArray<'float64'>>>>();
  const starred = pool.starmapAsync((x, y) => x * y, [[1, 2]], { out, chunksize: 1 });
  expectType<Equal<typeof starred, AsyncResult<SharedArray<'float64'>>>>();
  const called = pool.starmapAsync((x, y) => `${x * y}`, [[1, 2]], {
    errorCallback: (error) => expectType<Equal<typeof error, unknown>>(),
    callback: (results) => expectType<Equal<typeof results, string[]>>(),
    onProgress: ({ done }) => expectType<Equal<typeof done, number>>(),
  });
  expectType<Equal<typeof called, AsyncResult<string[]>>>();
  const maybe = pool.mapAsync((x) => x * 2, [1, 2], options);
  expectType<Equal<typeof maybe, AsyncResult<number[]>>>();
  // @ts-expect-error what the callback gets is the vector
  void pool.mapAsync((x) => x * 2, [1, 2], { out, callback: (results: number[]) => void results });
}

export function argumentListsTypeTheParametersOfAStarmap(pool: Pool): void {
  const texts = pool.starmap((text, n) => text.repeat(n), new Map([['a', 2]]));
  expectType<Equal<typeof texts, Promise<string[]>>>();
  const sums = pool.starmapAsync(
    (a, b) => a + b.length,
    [
      [1, 'a'],
      [2, 'b'],
    ],
  );
  expectType<Equal<typeof sums, AsyncResult<number[]>>>();
}

export function sourcesTypeTheParameterOfAnImap(pool: Pool): void {
  const lengths = pool.imap((word) => word.length, words);
  expectType<Equal<typeof lengths, AsyncIterableIterator<number>>>();
  const unordered = pool.imapUnordered(async (n) => n + 1, [1], { buffersize: 2 });
  expectType<Equal<typeof unordered, AsyncIterableIterator<number>>>();
}

export function argumentsTypeTheParametersOfATask(pool: Pool): void {
  const sum = pool.apply((a, b) => a + b, [1, 2]);
  expectType<Equal<typeof sum, Promise<number>>>();
  const text = pool.applySync((s, n) => s.repeat(n), ['a', 2], { timeout: 1 });
  expectType<Equal<typeof text, string>>();
  pool.applyAsync((s) => s.length, ['a'], { callback: (length) => expectType<Equal<typeof length, number>>() });
  const everywhere = pool.broadcast(async (n) => `${n}`, [1]);
  expectType<Equal<typeof everywhere, Promise<string[]>>>();
}

export function argumentsTypeTheParametersOfATarget(): Process[] {
  return [
    new Process({ target: (text) => console.log(text.length), args: ['a'] }).start(),
    new Process({ name: 'sum', target: async (a, b) => console.log(a * b), args: [1, 2] }),
  ];
}

/** Functions that pass targets on: their own types are kept. */
export function genericFunctionsKeepTheirTypes(pool: Pool): void {
  const all = <T, R>(fn: (item: T) => R, items: readonly T[]): Promise<Awaited<R>[]> => pool.map(fn, items);
  const numbers = <F extends (n: number) => unknown>(fn: F): Promise<Awaited<ReturnType<F>>[]> => pool.map(fn, [1]);
  const lists = <F extends (...args: never[]) => unknown>(
    fn: F,
    items: readonly Parameters<F>[],
  ): Promise<Awaited<ReturnType<F>>[]> => pool.starmap(fn, items);
  const one = <F extends (...args: never[]) => unknown>(fn: F, args: Parameters<F>): Promise<Awaited<ReturnType<F>>> =>
    pool.apply(fn, args);
  const one2 = <P extends unknown[], R>(fn: (...args: P) => R, args: P): Promise<Awaited<R>> => pool.apply(fn, args);
  void [all, numbers, lists, one, one2];
}

export function contextOfTheParameterIsKept(pool: Pool): void {
  const modes = pool.map((mode: 'r' | 'w') => mode, ['r', 'w']);
  expectType<Equal<typeof modes, Promise<('r' | 'w')[]>>>();
  const pairs = pool.map(([a, b]: readonly [number, string]) => `${a}${b}`, [[1, 'a']]);
  expectType<Equal<typeof pairs, Promise<string[]>>>();
  const none = pool.map(norm, []);
  expectType<Equal<typeof none, Promise<number[]>>>();
  const wrapped = pool.map(<T>(item: T) => [item], [1]);
  expectType<Equal<typeof wrapped, Promise<unknown[][]>>>();
}

export function functionsOfTheLanguageAreTargets(pool: Pool): void {
  const numbers = pool.map(parseInt, ['1']);
  expectType<Equal<typeof numbers, Promise<number[]>>>();
  const greatest = pool.starmap(Math.max, [[1, 2], [3]]);
  expectType<Equal<typeof greatest, Promise<number[]>>>();
  const texts = pool.map(String, [1, 2]);
  expectType<Equal<typeof texts, Promise<string[]>>>();
}

export function wrongUsesDoNotCompile(pool: Pool): void {
  // @ts-expect-error the items are numbers, which have no length
  void pool.map((x) => x.length, [1, 2]);
  // @ts-expect-error the second one is a text
  void pool.starmap((a, b) => a * b, [[1, 'a']]);
  // @ts-expect-error so is it here
  void pool.apply((a, b) => a * b, [1, 'a']);
  // @ts-expect-error there is no argument for it
  void pool.apply((text) => text.length);
  // @ts-expect-error an item is one argument
  void pool.map((a, b) => a + b.length, ['a']);
  // @ts-expect-error there is no such option
  void pool.map(norm, [], { chunkSize: 1 });
  // @ts-expect-error nor here
  void pool.mapAsync(norm, [], { chunkSize: 1 });
  // @ts-expect-error an argument of a process is a number
  new Process({ target: (n) => n.length, args: [1] }).start();
  // @ts-expect-error the second argument is missing
  new Process({ target: (a: number, b: number) => a + b, args: [1] }).start();
}
