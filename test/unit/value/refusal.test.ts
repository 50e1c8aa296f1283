import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import { FunctionTransportError, SerializationError } from '#lib/base/errors.js';
import { Codec } from '#lib/transport/value/codec.js';
import { MAX_DEPTH } from '#lib/transport/value/writer.js';
import { LocalContext, roundTrip } from './context.js';

/** What encoding fails with. */
function refusal(value: unknown): SerializationError {
  try {
    roundTrip(value);
  } catch (error) {
    assert.ok(error instanceof SerializationError, `${String(error)} is no SerializationError`);
    return error;
  }
  throw new assert.AssertionError({ message: 'encoding did not fail' });
}

describe('values that cannot be copied', () => {
  it('says what they are', () => {
    const detached = new ArrayBuffer(8);
    const view = new Uint8Array(detached);
    structuredClone(detached, { transfer: [detached] });
    const cases: [unknown, RegExp][] = [
      [Symbol('s'), /a symbol/],
      [Object(Symbol('s')), /a symbol/],
      [Promise.resolve(), /a Promise; await it/],
      [new WeakMap(), /a WeakMap/],
      [new WeakSet(), /a WeakSet/],
      [new WeakRef({}), /a WeakRef/],
      [new FinalizationRegistry(() => undefined), /a FinalizationRegistry/],
      [(function* () {})(), /an iterator; collect/],
      [(async function* () {})(), /an iterator/],
      [[].values(), /an iterator/],
      [new Map().entries(), /an iterator/],
      [detached, /detached ArrayBuffer/],
      [view, /detached ArrayBuffer/],
      [new Blob([]), /a Blob/],
      [new AbortController(), /an AbortController/],
      [new AbortController().signal, /an AbortSignal/],
      [new (class Mine extends EventTarget {})(), /an EventTarget/],
      [new (class Mine extends Promise<void> {})(() => undefined), /a Promise/],
      [new MessageChannel().port1, /a MessagePort/],
      [new Intl.NumberFormat(), /a NumberFormat/],
      [new TextDecoder(), /a TextDecoder/],
      [new Headers(), /a Headers/],
      [Object.create(Map.prototype), /a Map/],
      [runInNewContext('Promise.resolve()'), /a Promise/],
    ];
    for (const [value, message] of cases) {
      assert.match(refusal([value]).message, message);
      assert.equal(refusal({ deep: [1, value] }).path, 'args.deep[1]');
    }
  });

  it('gives the path in the way one would write it', () => {
    const bad = Symbol('s');
    const key = {};
    const paths: [unknown, string][] = [
      [bad, 'args'],
      [[{ items: [0, 1, 2, { fn: bad }] }], 'args[0].items[3].fn'],
      [{ 'odd key': { été: bad } }, 'args["odd key"].été'],
      [{ '0': bad }, 'args["0"]'],
      [new Map([['k', bad]]), 'args.get("k")'],
      [new Map([[5, { x: bad }]]), 'args.get(5).x'],
      [new Map([[key, bad]]), 'args.values()[0]'],
      [new Map([[1, 1] as unknown, [{ y: bad }, 2]] as [unknown, unknown][]), 'args.keys()[1].y'],
      [new Set([1, bad]), 'args.values()[1]'],
      [[, , bad], 'args[2]'], // eslint-disable-line no-sparse-arrays
      [Object.assign([1], { extra: bad }), 'args.extra'],
      [[[[]], { a: [[1]], b: bad }], 'args[1].b'],
      [Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, i === 40 ? [bad] : i])), 'args.k40[0]'],
    ];
    for (const [value, path] of paths) {
      assert.equal(refusal(value).path, path);
      assert.ok(refusal(value).message.startsWith(`${path} cannot be copied`));
    }
  });

  it('tells of getters and traps that throw, with the cause', () => {
    const cause = new Error('no luck');
    const fail = (): never => {
      throw cause;
    };
    const getter = refusal([Object.defineProperty({}, 'x', { get: fail, enumerable: true })]);
    assert.deepStrictEqual([getter.path, getter.cause], ['args[0].x', cause]);
    assert.match(getter.message, /no luck/);
    const trap = refusal({ p: new Proxy({ a: 1 }, { ownKeys: fail }) });
    assert.deepStrictEqual([trap.path, trap.cause], ['args.p', cause]);
    assert.equal(refusal({ p: revoked() }).path, 'args.p');
  });

  it('refuses what is nested too deeply rather than overflow', () => {
    const nest = (depth: number, wrap: (value: unknown) => unknown): unknown => {
      let value: unknown = {};
      for (let i = 0; i < depth; i++) value = wrap(value);
      return value;
    };
    const wraps = [(value: unknown) => [value], (next: unknown) => ({ next }), (v: unknown) => new Map([[1, v]])];
    for (const wrap of wraps) {
      roundTrip(nest(MAX_DEPTH, wrap));
      const { message, path } = refusal(nest(MAX_DEPTH + 1, wrap));
      assert.match(message, /nested more than 1000 levels/);
      assert.ok(path.length < 80);
      assert.match(refusal(nest(100_000, wrap)).message, /nested more than/);
    }
    const error = nest(5000, (cause) => new Error('link', { cause }));
    let links = 0;
    for (let link = roundTrip(error) as Error; link.cause instanceof Error; link = link.cause) links++;
    assert.ok(links > MAX_DEPTH - 5, 'what is too deep is left out of an error');
  });

  it('lets the errors of functions through, with their path', () => {
    const context = new LocalContext();
    const codec = new Codec({
      functionId: (_, path) => {
        throw new FunctionTransportError(`at ${path}`);
      },
      functionOf: (id) => context.functionOf(id),
      shareBuffer: (buffer) => context.shareBuffer(buffer),
      sharedBufferOf: (id) => context.sharedBufferOf(id),
    });
    const expected = { name: 'FunctionTransportError', message: 'at args[1].f' };
    assert.throws(() => codec.encode([0, { f: () => 1 }], 'args'), expected);
  });

  it('takes the cross-realm kin of what it knows', () => {
    const value: unknown = runInNewContext(
      '({ m: new Map([[1, new Date(5)]]), a: [1], r: /x/g, b: new Uint8Array([1]) })',
    );
    assert.deepStrictEqual(roundTrip(value), {
      m: new Map([[1, new Date(5)]]),
      a: [1],
      r: /x/g,
      b: Uint8Array.of(1),
    });
  });
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
