import assert from 'node:assert/strict';
import { FunctionTransportError } from '#lib/base/errors.js';
import { describeFunction } from '#lib/transport/function/describe.js';
import { describePlace } from '#lib/transport/function/place.js';
import type { AnyFunction } from '#lib/transport/function/protocol.js';
import { task } from '#lib/transport/function/task.js';
import { load, openCrossing } from './support.js';

const { functions, sameText, closedTwins } = await load<{
  functions: Record<string, AnyFunction>;
  sameText: Record<string, AnyFunction>[];
  closedTwins: AnyFunction[];
}>('refused.mjs');

const refusals: [name: string, message: RegExp][] = [
  [
    'direct',
    /^function fn "direct" \(.*refused\.mjs:4:18\) cannot travel to a worker: it captures the local variable "k"; write task\(fn, { k }\), or move it to the top level/,
  ],
  ['two', /captures the local variables "k", "changing"; write task\(fn, { k, changing }\), or move them/],
  ['inParameter', /captures the local variable "k"/],
  ['method', /captures the local variable "k"/],
  ['class', /captures the local variable "k"/],
  ['staticMethod', /captures the local variable "k"/],
  ['brand', /uses the private name #p of a class around it/],
  ['super', /uses "super" of a class or object around it/],
  ['field', /uses "this" of the function around it and it uses the private name #p/],
  ['loop', /captures the local variable "i"/],
  ['arguments', /uses "arguments" of the function around it/],
  ['this', /uses "this" of the function around it; move it to the top level/],
  ['newTarget', /uses "new\.target" of the function around it/],
  ['caught', /captures the local variable "problem"/],
  ['block', /captures the local variable "blocked"/],
  ['risen', /captures the local variable "risen"/],
  ['eval', /calls eval directly, so that the variables it uses cannot be known; call \(0, eval\)/],
];

describe('a function that cannot travel is refused', () => {
  for (const [name, message] of refusals) {
    it(name, () => {
      assert.throws(
        () => describeFunction(functions[name] as AnyFunction, 'fn'),
        (error: Error) => {
          assert.ok(error instanceof FunctionTransportError);
          assert.equal(error.code, 'ERR_ALLCORES_FUNCTION_TRANSPORT');
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  for (const [name, fn, message] of [
    [
      'native',
      Math.sqrt,
      /function "sqrt" cannot travel to a worker: it is native code, which has no source; wrap the call/,
    ],
    ['native class', Map, /"Map" .* native code/],
    ['bound', Math.max.bind(null, 1), /it is a bound function/],
    ['proxy', new Proxy((x: number) => x, {}), /native code/],
  ] as const) {
    it(name, () => assert.throws(() => describeFunction(fn as AnyFunction), message));
  }

  it('again and again', () => {
    for (let at = 0; at < 2; at++) assert.throws(() => describeFunction(functions['direct'] as AnyFunction), /"k"/);
  });

  it('with every text that is the same, whatever was given to another one', () => {
    const [one, two] = sameText;
    assert.equal(describeFunction(task(one?.['direct'] as AnyFunction, { k: 1 })).kind, 'source');
    assert.throws(() => describeFunction(two?.['direct'] as AnyFunction), /"k"/);
  });

  it('when task gave it less than it needs', () => {
    assert.throws(
      () => describeFunction(task(functions['two'] as AnyFunction, { k: 1 })),
      /local variable "changing"; write task/,
    );
  });

  it('unless the only local name is its own', async () => {
    const crossing = await openCrossing();
    assert.deepEqual((await crossing.call(functions['selfOnly'] as AnyFunction, [5])).value, 120);
    await crossing.close();
  });

  it('when a local variable stands in for a global', () => {
    const [closed, shadowed] = closedTwins as [AnyFunction, AnyFunction];
    assert.equal(describeFunction(closed).kind, 'source');
    assert.throws(() => describeFunction(shadowed), /local variable "Set"/);
  });
});

describe('describePlace', () => {
  it('tells where a function was written', () => {
    assert.match(describePlace(functions['direct'] as AnyFunction) ?? '', /refused\.mjs:4:18$/);
    assert.match(describePlace(task(functions['direct'] as AnyFunction, { k: 1 })) ?? '', /refused\.mjs:4:18$/);
  });

  it('follows source maps', () => {
    assert.match(describePlace(() => 1) ?? '', /test\/unit\/function\/refusals\.test\.ts:\d+:\d+$/);
  });

  it('knows nothing of native code', () => assert.equal(describePlace(Math.sqrt), undefined));
});
