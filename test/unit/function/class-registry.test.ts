import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import { classOfKey, keyOfClass } from '#lib/transport/function/class-registry.js';
import { describeFunction } from '#lib/transport/function/describe.js';
import type { AnyFunction } from '#lib/transport/function/protocol.js';
import { fixtures, load } from './support.js';

const classes = await load<{
  exported: AnyFunction;
  own: { synthetic: AnyFunction; Hidden: Function };
  Refused: Function;
  Unnamed: Function;
}>('classes.mjs');
const { ParseError } = await load<{ ParseError: Function }>('state.mjs');
const { DeepError } = await load<{ DeepError: Function }>('classes-deep.cjs');

describe('classes of errors', () => {
  let worker: Worker;
  before(() => {
    worker = new Worker(new URL('class-worker.mjs', fixtures));
  });
  after(() => worker.terminate());

  async function thrown(fn: AnyFunction, arg: string): Promise<{ key?: string; name: string }> {
    const answer = new Promise((resolve) => worker.once('message', resolve));
    worker.postMessage({ descriptor: describeFunction(fn), args: [arg] });
    return (await answer) as { key?: string; name: string };
  }

  for (const [way, fn, arg, expected] of [
    ['an imported module, exported', classes.exported, '', classes.Refused],
    ['an imported module, by another function of it', classes.exported, 'hidden', classes.own.Hidden],
    ['an imported module, by a namespace', classes.exported, 'namespace', ParseError],
    ['a synthetic module', classes.own.synthetic, '', classes.Refused],
    ['a synthetic module, by another function of it', classes.own.synthetic, 'hidden', classes.own.Hidden],
    ['a synthetic module, imported', classes.own.synthetic, 'imported', ParseError],
    ['a synthetic module, by a namespace', classes.own.synthetic, 'namespace', ParseError],
    ['an imported module, deep within what it imports', classes.exported, 'deep', DeepError],
    ['a synthetic module, deep within what it imports', classes.own.synthetic, 'deep', DeepError],
  ] as const) {
    it(`are the same on both sides: ${way}`, async () => {
      const { key, name } = await thrown(fn, arg);
      assert.ok(key, 'the worker knows no key');
      assert.equal(classOfKey(key, name), expected);
    });
  }

  it('have a key here that means the same class here', () => {
    const key = keyOfClass(classes.Refused);
    assert.equal(classOfKey(key ?? '', 'Refused'), classes.Refused);
    assert.equal(classOfKey(key ?? '', 'Other'), undefined);
  });

  it('are unknown where no function leads to them', () => {
    const key = keyOfClass(classes.Unnamed);
    assert.match(key ?? '', /classes\.mjs#Unnamed$/);
    assert.equal(keyOfClass(class extends Error {}), undefined);
    assert.equal(classOfKey('file:///nowhere.mjs#Nothing', 'Nothing'), undefined);
  });
});
