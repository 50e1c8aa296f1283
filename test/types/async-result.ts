// Compiled, never run: AsyncResult is a promise-like thing with Python's methods.
import type { AsyncResult } from 'allcores';
import { expectType, type Equal } from './equal.js';
import type { Point } from './functions.js';

export async function canBeAwaited(result: AsyncResult<Point>): Promise<void> {
  const point = await result;
  expectType<Equal<typeof point, Point>>();

  const [first, second] = await Promise.all([result, Promise.resolve('x')]);
  expectType<Equal<typeof first, Point>>();
  expectType<Equal<typeof second, string>>();

  const next = result.then(({ x }) => x);
  expectType<Equal<Awaited<typeof next>, number>>();
}

export function hasPythonsMethods(result: AsyncResult<Point>): void {
  const promise: PromiseLike<Point> = result;
  void promise;

  const got = result.get({ timeout: 10 });
  expectType<Equal<typeof got, Promise<Point>>>();
  const gotSync = result.getSync();
  expectType<Equal<typeof gotSync, Point>>();
  const waited = result.wait({ timeout: 10 });
  expectType<Equal<typeof waited, Promise<boolean>>>();
  const flags = [result.waitSync(), result.ready(), result.successful(), result.cancel()];
  expectType<Equal<typeof flags, boolean[]>>();
}

export function isNotMistakenForItsValue(result: AsyncResult<Point>): void {
  // @ts-expect-error the value is not there before it has been fetched
  void result.x;
  // @ts-expect-error a point is no string
  const text: AsyncResult<string> = result;
  void text;
}
