import assert from 'node:assert/strict';
import { describeFunction } from '#lib/transport/function/describe.js';
import { loadFunction } from '#lib/transport/function/load.js';
import type {
  AnyFunction,
  FunctionDescriptor,
  ModuleDescriptor,
  SyntheticDescriptor,
} from '#lib/transport/function/protocol.js';
import { task } from '#lib/transport/function/task.js';
import { load, openCrossing, settle, type Crossing } from './support.js';

type Functions = Record<string, AnyFunction>;
const exported = await load<Functions>('exported.mjs');
const { default: legacy } = await load<{ default: Functions }>('shapes.cjs');
const { default: single } = await load<{ default: AnyFunction }>('single.cjs');
const { default: anonymous } = await load<{ default: AnyFunction }>('anonymous.mjs');
const spaced = await load<{ shapes: AnyFunction[]; whoAmI: AnyFunction }>('späce dir/mödule.mjs');
const { functions: nested } = await load<{ functions: Functions }>('nested.mjs');
const references = await load<Functions>('references.mjs');
const { viaDeep } = await load<{ viaDeep: { fn: AnyFunction } }>('stacks.mjs');

describe('how a function travels', () => {
  let crossing: Crossing;
  before(async () => {
    crossing = await openCrossing();
  });
  after(() => crossing.close());

  async function assertCrosses(fn: AnyFunction, args: unknown[]): Promise<void> {
    const { value, error, failed } = await crossing.call(fn, args);
    assert.equal(failed, undefined);
    assert.deepEqual({ value, error }, { value: undefined, error: undefined, ...(await settle(fn, args)) });
  }

  for (const [fn, exportName] of [
    [exported['named'], 'named'],
    [exported['arrow'], 'arrow'],
    [exported['other'], 'other'],
    [exported['default'], 'default'],
    [anonymous, 'default'],
    [legacy['exported'], 'exported'],
    [single, 'module.exports'],
  ] as [AnyFunction, string][]) {
    it(`an export is imported: ${exportName} ${fn.name}`, async () => {
      const descriptor = describeFunction(fn) as ModuleDescriptor;
      assert.equal(descriptor.kind, 'module');
      assert.equal(descriptor.exportName, exportName);
      if (!String(fn).startsWith('class')) await assertCrosses(fn, [2]);
    });
  }

  it('a binding that was given another value is not taken for the export', async () => {
    for (const fn of exported['both'] as unknown as AnyFunction[]) {
      assert.equal(describeFunction(fn).kind, 'synthetic');
      await assertCrosses(fn, [2]);
    }
  });

  it('paths with spaces and other letters', async () => {
    for (const fn of [...spaced.shapes, spaced.whoAmI]) await assertCrosses(fn, [2]);
  });

  it('only what is used comes along', () => {
    const { imports, declarations } = describeFunction(spaced.shapes[2] as AnyFunction) as SyntheticDescriptor;
    assert.deepEqual([imports.length, declarations.map(({ code }) => code)], [0, ['const offset = 5']]);
  });

  it('state is shared by the functions of a module', async () => {
    const { shapes } = await load<{ shapes: [string, AnyFunction, unknown[]][] }>('shapes.mjs');
    const find = (name: string): AnyFunction => shapes.find(([title]) => title === name)?.[1] as AnyFunction;
    const fresh = await openCrossing();
    await fresh.call(find('top-level let that changes'), [32]);
    assert.equal((await fresh.call(find('top-level let'), [0])).value, 42);
    await fresh.close();
  });

  it('descriptors are kept: by function, and by text where it is closed', () => {
    const make = (): AnyFunction => (x: number) => Math.abs(x) + 1;
    assert.equal(describeFunction(make()), describeFunction(make()));
    const [, , third] = spaced.shapes;
    assert.equal(describeFunction(third as AnyFunction), describeFunction(third as AnyFunction));
  });

  it('a closed arrow made anew costs microseconds', () => {
    const make = (): AnyFunction => (x: number) => Math.abs(x) + 2;
    describeFunction(make());
    const start = performance.now();
    for (let at = 0; at < 10_000; at++) describeFunction(make());
    const each = ((performance.now() - start) * 1000) / 10_000;
    assert.ok(each < 50, `${each.toFixed(2)} µs each`);
  });

  it('a closed function is loaded at once, without a promise', () => {
    const loaded = loadFunction(describeFunction((x: number) => x + 1)) as (x: number) => number;
    assert.equal(loaded(1), 2);
  });

  it('a loaded function is described as it came', () => {
    const descriptor = describeFunction((x: number) => x + 3);
    assert.equal(describeFunction(loadFunction(descriptor) as AnyFunction), descriptor);
  });

  for (const [name, args, expected] of [
    ['inner', [], 113],
    ['captured', [2], 226],
    ['target', [], 113],
    ['closed', [], 6],
  ] as const) {
    it(`from worker to worker: ${name}`, async () => {
      const { value, error, failed } = await crossing.call(nested[name] as AnyFunction, [...args]);
      assert.equal(failed ?? error, undefined);
      const next = await openCrossing();
      const answer = await next.send(value as FunctionDescriptor, [3]);
      await next.close();
      assert.equal(answer.failed, undefined);
      assert.equal(answer.value, expected);
    });
  }

  it('from worker to worker: what cannot travel is refused there, too', async () => {
    const { error } = await crossing.call(nested['missing'] as AnyFunction, [1]);
    assert.match(error ?? '', /FunctionTransportError: .*nested\.mjs:\d+:\d+\) .*captures the local variable "k"/);
  });

  it('captured values are given by name, functions included', async () => {
    const make =
      (a: number, b: { c: number }): AnyFunction =>
      (x: number) =>
        x + a + b.c;
    const fn = task(make(1, { c: 2 }), { a: 1, b: { c: 2 }, unused: () => {} });
    assert.deepEqual(Object.keys((describeFunction(fn) as SyntheticDescriptor).captured ?? {}), ['a', 'b']);
    await assertCrosses(fn, [1]);
    assert.equal((fn as unknown as (x: number) => number)(1), 4);
  });

  it('stacks name the line and column of the user', async () => {
    const { value } = await crossing.call(nested['closed'] as AnyFunction);
    assert.ok(value);
    const descriptor = describeFunction(viaDeep.fn);
    const loaded = (await loadFunction(descriptor)) as (x: number) => unknown;
    assert.throws(
      () => loaded(1),
      (error: Error) => {
        assert.match(error.stack ?? '', /at deep \(.*stacks\.mjs:6:16\)\n.*stacks\.mjs:10:42/);
        return true;
      },
    );
  });
});

describe('fromModule', () => {
  let crossing: Crossing;
  before(async () => {
    crossing = await openCrossing();
  });
  after(() => crossing.close());

  it('imports there, by relative path, URL or package', async () => {
    assert.equal((await crossing.call(references['relative'] as AnyFunction, [1])).value, 11);
    assert.equal((await crossing.call(references['absolute'] as AnyFunction, [1])).value, 11);
    assert.equal((await crossing.call(references['bare'] as AnyFunction, [10])).value, true);
  });

  it('may be called here', async () =>
    assert.equal(await (references['relative'] as unknown as (x: number) => unknown)(1), 11));

  it('tells of an export that is not there', async () => {
    const { failed } = await crossing.call(references['missing'] as AnyFunction);
    assert.match(failed ?? '', /module file:.*exported\.mjs does not export "nothing"/);
  });

  it('passes on the error of a module that fails', async () => {
    const { failed, stack } = await crossing.call(references['broken'] as AnyFunction);
    assert.equal(failed, 'broken on purpose');
    assert.match(stack ?? '', /broken\.mjs:2:7/);
    assert.match(
      (await crossing.call(references['noModule'] as AnyFunction)).failed ?? '',
      /Cannot find module.*nowhere\.mjs/,
    );
  });
});
