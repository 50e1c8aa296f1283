import assert from 'node:assert/strict';
import { Codec } from '#lib/transport/value/codec.js';
import { LocalContext, roundTrip } from './context.js';

function arrives(value: unknown): void {
  assert.deepStrictEqual(roundTrip(value), structuredClone(value));
}

describe('value codec', () => {
  it('carries primitives at the top', () => {
    const numbers = [0, -0, 1, 127, 128, -1, -128, -129, 32767, 32768, -32769, 2 ** 31, -(2 ** 31), 2 ** 53, 0.1, NaN];
    const others = [Infinity, -Infinity, 5e-324, true, false, null, undefined, '', 'a', 'é', '字', 'x\0y'];
    for (const value of [...numbers, ...others]) assert.ok(Object.is(roundTrip(value), value), String(value));
  });

  it('carries bigints of any size', () => {
    const edges = [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n, 2n ** 64n, -(2n ** 64n) - 1n, 3n ** 5000n];
    for (const value of edges) assert.equal(roundTrip(value), value);
  });

  it('carries strings of every length and alphabet', () => {
    for (const unit of ['a', 'ÿ', 'Ā', '字', '😀', '\ud800', '\udc00x']) {
      for (const count of [1, 15, 16, 17, 31, 32, 40, 41, 127, 128, 300, 70_000]) {
        const value = unit.repeat(count);
        assert.equal(roundTrip(value), value);
        assert.deepStrictEqual(roundTrip({ [value]: value }), { [value]: value });
      }
    }
  });

  it('carries objects of every width', () => {
    for (const width of [0, 1, 31, 32, 33, 200]) {
      arrives(Object.fromEntries(Array.from({ length: width }, (_, i) => [`key ${i}`, i])));
    }
  });

  it('keeps an own __proto__ an own property', () => {
    const value = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2, "toJSON": 3, "2": 4, "1": 5}') as object;
    for (let i = 0; i < 20; i++) {
      const result = roundTrip([value]) as [Record<string, unknown>];
      assert.deepStrictEqual(Object.entries(result[0]), Object.entries(value));
      assert.equal(Object.getPrototypeOf(result[0]), Object.prototype);
    }
    const wide = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, i]));
    Object.defineProperty(wide, '__proto__', { value: 7, enumerable: true });
    assert.deepStrictEqual(Object.entries(roundTrip(wide) as object), Object.entries(wide));
  });

  it('drops prototypes, symbol keys and hidden properties', () => {
    class Point {
      x = 1;
      #y = 2;
      get y(): number {
        return this.#y;
      }
    }
    const value = Object.assign(new Point(), { [Symbol('s')]: 1 });
    Object.defineProperty(value, 'hidden', { value: 1 });
    arrives(value);
    arrives(Object.assign(Object.create(null) as object, { a: 1 }));
  });

  it('reads each property once', () => {
    let reads = 0;
    const value = Object.defineProperty({ fn: roundTrip }, 'x', { get: () => ++reads, enumerable: true });
    assert.equal((roundTrip([value, value]) as [{ x: number }])[0].x, 1);
    assert.equal(reads, 1);
  });

  it('keeps holes, sparse arrays and named properties of arrays', () => {
    arrives([, 1, , 2, ,]); // eslint-disable-line no-sparse-arrays
    arrives(new Array(5));
    const sparse: unknown[] = [];
    sparse[4_000_000_000] = 'far';
    sparse[3] = undefined;
    const result = roundTrip(sparse) as unknown[];
    assert.equal(result.length, 4_000_000_001);
    assert.deepStrictEqual(Object.entries(result), [
      ['3', undefined],
      ['4000000000', 'far'],
    ]);
    for (const length of [0, 1, 3, 64, 65, 1000]) {
      const named = Array.from({ length }, (_, i) => i);
      arrives(named);
      arrives(Object.assign(named.slice(), { extra: [length], '4294967295': 1, '01': 2 }));
      if (length > 1) delete named[length - 1];
      arrives(named);
      arrives(Object.assign(named, { extra: 1 }));
    }
    arrives('abc'.match(/(?<first>b)/));
  });

  it('carries dates, regular expressions and boxed primitives', () => {
    arrives([new Date(0), new Date(-1), new Date(8.64e15), new Date(1.5e12 + 1)]);
    assert.ok(Number.isNaN((roundTrip(new Date(NaN)) as Date).getTime()));
    const sticky = /a\/(b)?[字]/giu;
    sticky.lastIndex = 3;
    arrives([sticky, /(?:)/, new RegExp('\n')]);
    arrives([Object(1), Object(-0), Object('s'), Object(false), Object(5n)]);
    assert.equal((roundTrip(new URL('https://a.b/c?d#e')) as URL).href, 'https://a.b/c?d#e');
  });

  it('carries Maps and Sets, whatever their keys', () => {
    const key = { k: 1 };
    const map = new Map<unknown, unknown>([
      [key, key],
      [NaN, 1],
      [-0, 2],
      ['1', 3],
      [1, 4],
      [undefined, null],
    ]);
    arrives(map);
    arrives(new Set([key, map, NaN, '1', 1, undefined]));
    class Registry extends Map<string, number> {}
    arrives(new Registry([['a', 1]]));
  });

  it('keeps identity and cycles', () => {
    const shared = { n: 1 };
    const map = new Map<unknown, unknown>();
    const set = new Set<unknown>([map]);
    const array: unknown[] = [shared, shared, map, set];
    array.push(array);
    map.set(map, set).set(array, shared);
    const result = roundTrip({ array, shared, self: [array] }) as { array: unknown[]; shared: object; self: unknown[] };
    const [one, other, arrived, members, self] = result.array as [
      object,
      object,
      Map<unknown, unknown>,
      Set<unknown>,
      unknown,
    ];
    assert.ok(one === other && one === result.shared);
    assert.ok(self === result.array && result.self[0] === self);
    assert.ok(arrived.get(arrived) === members && arrived.get(self) === one && members.has(arrived));
  });

  it('keeps identity among more objects than are looked through one by one', () => {
    const items = Array.from({ length: 100 }, (_, i) => ({ i }));
    const [first, second] = roundTrip([items, items.slice()]) as [object[], object[]];
    first.forEach((item, i) => assert.equal(item, second[i]));
  });

  it('reads Proxies through their traps', () => {
    const proxy = new Proxy({ a: 1 }, { get: (target, key) => (key === 'a' ? 2 : Reflect.get(target, key)) });
    assert.deepStrictEqual(roundTrip([proxy, new Proxy([1, 2], {})]), [{ a: 2 }, [1, 2]]);
  });

  it('lets messages be read in any order, and encoding nest', () => {
    const context = new LocalContext();
    const codec = new Codec(context);
    const messages = [1, 2, 3].map((a) => Uint8Array.from(codec.encode([{ a, b: { a } }], 'args').head));
    for (const i of [2, 0, 1, 2]) {
      assert.deepStrictEqual(new Codec(context).decode(messages[i]!, []), [{ a: i + 1, b: { a: i + 1 } }]);
    }
    const nesting = {
      before: 'x'.repeat(100),
      get inner(): unknown {
        return codec.decode(codec.encode({ z: 'y'.repeat(200) }, 'inner').head, []);
      },
      after: { z: 1 },
    };
    const { head, blobs } = codec.encode(nesting, 'args');
    assert.deepStrictEqual(codec.decode(head, blobs), { ...nesting });
  });

  it('encodes again after a failure as if nothing had happened', () => {
    const codec = new Codec(new LocalContext());
    assert.throws(() => codec.encode([{ a: 1 }, Symbol('s')], 'args'));
    assert.deepStrictEqual(codec.decode(codec.encode([{ a: 1 }], 'args').head, []), [{ a: 1 }]);
  });

  it('carries functions by number, and resolves them before anything else', () => {
    const context = new LocalContext();
    const f = (): number => 1;
    const g = (): number => 2;
    const value = { f, list: [g, f], m: new Map([['k', g]]) };
    assert.deepStrictEqual(roundTrip(value, context), value);
    assert.deepStrictEqual(context.paths, ['args.f', 'args.list[0]', 'args.list[1]', 'args.m.get("k")']);

    const { head } = new Codec(context).encode([{ f }, g], 'args');
    const missing = new Error('not loaded');
    let loaded = false;
    const functionOf = (id: number) => {
      if (!loaded) throw missing;
      return context.functionOf(id);
    };
    const codec = new Codec({
      ...context,
      functionOf,
      functionId: () => 0,
      shareBuffer: () => 0,
      sharedBufferOf: () => new SharedArrayBuffer(0),
    });
    assert.throws(() => codec.decode(head, []), missing);
    loaded = true;
    assert.deepStrictEqual(codec.decode(head, []), [{ f }, g]);
  });
});
