// Compiled, never run: what the mapping methods infer from the function and accept as items.
import { SharedArray, type AsyncResult, type Pool } from 'allcores';
import { expectType, type Equal } from './equal.js';
import { add, lengthOf, norm, type Point } from './functions.js';

declare const points: Iterable<Point>;
declare const words: AsyncIterable<string>;

export function mapGivesAnArrayOfAwaitedResults(pool: Pool): void {
  const norms = pool.map(norm, points);
  expectType<Equal<typeof norms, Promise<number[]>>>();

  const lengths = pool.map(lengthOf, new Set(['a', 'b']));
  expectType<Equal<typeof lengths, Promise<number[]>>>();

  const pending = pool.mapAsync(lengthOf, ['a', 'b']);
  expectType<Equal<typeof pending, AsyncResult<number[]>>>();

  const blocking = pool.mapSync(lengthOf, ['a', 'b'], { chunksize: 1 });
  expectType<Equal<typeof blocking, number[]>>();
}

export function typedArraysAreItems(pool: Pool): void {
  const roots = pool.map(Math.sqrt, new Float64Array(4));
  expectType<Equal<typeof roots, Promise<number[]>>>();
}

export function starmapTakesArgumentLists(pool: Pool): void {
  const pairs: [number, number][] = [
    [1, 2],
    [3, 4],
  ];
  const sums = pool.starmap(add, pairs);
  expectType<Equal<typeof sums, Promise<number[]>>>();

  const literal = pool.starmapAsync(add, [
    [1, 2],
    [3, 4],
  ]);
  expectType<Equal<typeof literal, AsyncResult<number[]>>>();

  const blocking = pool.starmapSync(add, new Map([[1, 2]]));
  expectType<Equal<typeof blocking, number[]>>();
}

export async function imapIteratesOverAwaitedResults(pool: Pool): Promise<void> {
  const ordered = pool.imap(norm, points, { buffersize: 16 });
  expectType<Equal<typeof ordered, AsyncIterableIterator<number>>>();

  const unordered = pool.imapUnordered(lengthOf, words);
  expectType<Equal<typeof unordered, AsyncIterableIterator<number>>>();

  for await (const length of pool.imap(lengthOf, words)) expectType<Equal<typeof length, number>>();
  for (const length of pool.imapSync(lengthOf, ['a'])) expectType<Equal<typeof length, number>>();
  const blocking = pool.imapUnorderedSync(norm, points, { buffersize: 16 });
  expectType<Equal<typeof blocking, IterableIterator<number>>>();
  // @ts-expect-error an asynchronous source cannot be read on a thread that blocks
  void pool.imapSync(lengthOf, words);
}

export function progressIsReported(pool: Pool): void {
  void pool.map(norm, points, {
    onProgress: ({ done, total }) => {
      expectType<Equal<typeof done, number>>();
      expectType<Equal<typeof total, number | undefined>>();
    },
  });
}

export function wrongItemsDoNotCompile(pool: Pool): void {
  // @ts-expect-error the items are strings, the parameter is a point
  void pool.map(norm, ['a', 'b']);
  // @ts-expect-error a number is not iterable
  void pool.map(norm, 3);
  // @ts-expect-error map knows the number of its items only when they are all there
  void pool.map(lengthOf, words);
  // @ts-expect-error the second argument of each list is missing
  void pool.starmap(add, [[1], [2]]);
  // @ts-expect-error starmap wants lists, not single values
  void pool.starmap(add, [1, 2]);
  // @ts-expect-error the items of an iterator are checked as well
  void pool.imap(norm, words);
  // @ts-expect-error results are given one by one
  void pool.imap(norm, points, { out: new SharedArray('float64', 1) });
  // @ts-expect-error items are read one by one
  void pool.imapUnorderedSync(norm, points, { transfer: [] });
  // @ts-expect-error nor does a stream have a vector of results
  void pool.transform(norm, { out: new SharedArray('float64', 1) });
  void pool.transform(norm, { buffersize: 2, timeout: 1, priority: 1, retries: 1, grace: 1, onProgress: () => {} });
  // @ts-expect-error a size of chunks is a number
  void pool.map(norm, points, { chunksize: 'auto' });
}
