// Compiled, never run: classes as targets take what their constructors do and give their instances.
import { fromModule, Pool, Process, task, type AsyncResult, type SharedArray } from 'allcores';
import { expectType, type Equal } from './equal.js';

declare class Money {
  readonly amount: number;
  constructor(amount: number, currency?: string);
}
declare class Nothing {
  readonly empty: true;
}
declare abstract class Shape {
  abstract area(): number;
}
interface Classes {
  readonly Money: typeof Money;
}

export function instancesAreTheResults(pool: Pool): void {
  const one = pool.apply(Money, [1, 'EUR']);
  expectType<Equal<typeof one, Promise<Money>>>();
  const none = pool.apply(Nothing);
  expectType<Equal<typeof none, Promise<Nothing>>>();
  const handle = pool.applyAsync(Money, [1], { callback: ({ amount }) => expectType<Equal<typeof amount, number>>() });
  expectType<Equal<typeof handle, AsyncResult<Money>>>();
  const everywhere = pool.broadcast(Money, [1]);
  expectType<Equal<typeof everywhere, Promise<Money[]>>>();
}

export function itemsAreTheArguments(pool: Pool, out: SharedArray<'int32'>): void {
  const all = pool.map(Money, [1, 2]);
  expectType<Equal<typeof all, Promise<Money[]>>>();
  const into = pool.map(Money, [1, 2], { out });
  expectType<Equal<typeof into, Promise<SharedArray<'int32'>>>>();
  const lists = pool.starmapSync(Money, [[1, 'EUR'], [2]]);
  expectType<Equal<typeof lists, Money[]>>();
  const lazy = pool.imap(Money, new Set([1]));
  expectType<Equal<typeof lazy, AsyncIterableIterator<Money>>>();
  pool.transform(Money);
}

export function classesAreTargetsElsewhere(): void {
  new Pool(1, { initializer: Money, initargs: [1] }).close();
  new Process({ target: Money, args: [1, 'EUR'] }).start();
  // @ts-expect-error an amount is a number
  new Process({ target: Money, args: ['EUR'] }).start();
}

export function referencesKeepTheType(pool: Pool): void {
  const taken = pool.map(task(Money, {}), [1]);
  expectType<Equal<typeof taken, Promise<Money[]>>>();
  const named = pool.map(fromModule<Classes, 'Money'>('./money.js', 'Money'), [1]);
  expectType<Equal<typeof named, Promise<Money[]>>>();
}

export function wrongArgumentsDoNotCompile(pool: Pool): void {
  // @ts-expect-error an amount is a number
  void pool.apply(Money, ['1']);
  // @ts-expect-error the amount is missing
  void pool.apply(Money, []);
  // @ts-expect-error items are amounts
  void pool.map(Money, ['1']);
  // @ts-expect-error an abstract class cannot be constructed
  void pool.apply(Shape, []);
}
