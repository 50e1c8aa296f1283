// Compiled, never run: task() and fromModule() give functions of the type that they stand for.
import { fromModule, task, type Pool } from 'allcores';
import { expectType, type Equal } from './equal.js';

interface Geometry {
  hypot(a: number, b: number): Promise<number>;
}

export function taskKeepsTheType(pool: Pool): void {
  const factor = 3;
  const scale = task((n: number) => n * factor, { factor });
  expectType<Equal<typeof scale, (n: number) => number>>();

  const scaled = pool.map(scale, [1, 2]);
  expectType<Equal<typeof scaled, Promise<number[]>>>();

  // @ts-expect-error the parameter is still a number
  void pool.apply(scale, ['1']);
  // @ts-expect-error only functions can be tasks
  task(3);
}

export function fromModuleIsTypedByTheModule(pool: Pool): void {
  const hypot = fromModule<Geometry>(new URL('./geometry.js', import.meta.url), 'hypot');
  const length = pool.apply(hypot, [3, 4]);
  expectType<Equal<typeof length, Promise<number>>>();

  // @ts-expect-error the module exports no such function
  fromModule<Geometry>('./geometry.js', 'norm');
  // @ts-expect-error the function wants numbers
  void pool.apply(hypot, ['3', '4']);
}

export function fromModuleWithoutATypeTakesAnything(pool: Pool): void {
  const basename = fromModule('node:path', 'basename');
  const one = pool.apply(basename, ['/a/b', '.js']);
  expectType<Equal<typeof one, Promise<unknown>>>();
  const all = pool.map(basename, ['/a/b', '/c']);
  expectType<Equal<typeof all, Promise<unknown[]>>>();
}
