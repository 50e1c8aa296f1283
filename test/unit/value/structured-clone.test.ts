import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { roundTrip } from './context.js';

/** Anything that structuredClone can copy, without sharing. */
const leaves = [
  fc.integer(),
  fc.double(),
  fc.constantFrom<unknown>(-0, NaN, undefined, null, true, false, 2 ** 31, -(2 ** 31) - 1, 2 ** 53),
  fc.bigInt(),
  fc.bigInt(-(2n ** 66n), 2n ** 66n),
  fc.string({ unit: 'binary' }),
  fc.string({ maxLength: 80 }),
  fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 50 }).map((units) => String.fromCharCode(...units)),
  fc.date({ noInvalidDate: true }),
  fc.constantFrom(/a+/gi, /[\u{1F600}]/u, new RegExp('')),
  fc.constantFrom<unknown>(Object(1), Object('boxed'), Object(true), Object(3n)),
  fc.oneof(fc.uint8Array(), fc.int16Array(), fc.float32Array(), fc.float64Array(), fc.bigInt64Array()),
  fc.uint8Array().map((bytes) => new DataView(bytes.buffer)),
  fc.uint8Array({ minLength: 4 }).map((bytes) => bytes.subarray(1, 3)),
  fc.nat(3).map((n) => new Uint8Array(65_535 + n).buffer),
];
const keys = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toJSON', 'length', '0', '7', '\ud800'));

const { tree, container } = fc.letrec<{ tree: unknown; container: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    { weight: 1, arbitrary: fc.oneof(...leaves.map((arbitrary) => arbitrary)) },
    { weight: 1, arbitrary: tie('container') },
  ),
  container: fc.oneof(
    fc.array(tie('tree'), { maxLength: 20 }),
    fc.array(fc.option(tie('tree'), { nil: undefined }), { maxLength: 8 }).map(withHoles),
    fc.dictionary(keys, tie('tree'), { maxKeys: 40 }),
    fc.record({ id: tie('tree'), name: tie('tree'), ['__proto__']: fc.nat() }, { noNullPrototype: true }),
    fc.array(fc.tuple(tie('tree'), tie('tree')), { maxLength: 5 }).map((entries) => new Map(entries)),
    fc.array(tie('tree'), { maxLength: 5 }).map((members) => new Set(members)),
  ),
}));

function withHoles(array: unknown[]): unknown[] {
  array.forEach((element, index) => element === undefined && delete array[index]);
  return array;
}

/** Ties objects of a tree to each other at random: shared references and cycles through every kind of container. */
function tangle(root: unknown, choices: readonly number[]): unknown {
  const containers: object[] = [];
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    containers.push(value);
    if (value instanceof Map) for (const entry of value) entry.forEach(collect);
    else if (value instanceof Set) value.forEach(collect);
    else Object.values(value).forEach(collect);
  };
  collect(root);
  for (let i = 0; i + 1 < choices.length && containers.length > 0; i += 2) {
    const from = containers[choices[i]! % containers.length]!;
    const to = containers[choices[i + 1]! % containers.length]!;
    if (from instanceof Map) from.set(to, from);
    else if (from instanceof Set) from.add(to);
    else if (Array.isArray(from)) from.push(to);
    else if (Object.getPrototypeOf(from) === Object.prototype) Reflect.set(from, `tie${i}`, to);
  }
  return root;
}

/** Two graphs are the same when walking both in step meets old acquaintances at the same places. */
function assertSameStructure(one: unknown, other: unknown): void {
  const partners = new Map<object, object>();
  const walk = (a: unknown, b: unknown): void => {
    if (typeof a !== 'object' || a === null) return assert.ok(Object.is(a, b));
    assert.ok(typeof b === 'object' && b !== null);
    assert.equal(Object.getPrototypeOf(a), Object.getPrototypeOf(b));
    const partner = partners.get(a);
    if (partner !== undefined) return assert.ok(partner === b, 'an object was duplicated or merged');
    partners.set(a, b);
    if (a instanceof Map) return walk([...a], [...(b as typeof a)]);
    if (a instanceof Set) return walk([...a], [...(b as typeof a)]);
    if (ArrayBuffer.isView(a)) walk(a.buffer, (b as typeof a).buffer);
    const names = Object.keys(a);
    assert.deepStrictEqual(Object.keys(b), names);
    if (Array.isArray(a)) assert.equal((b as unknown[]).length, a.length);
    for (const name of names) walk(Reflect.get(a, name), Reflect.get(b, name));
  };
  walk(one, other);
  assert.equal(new Set(partners.values()).size, partners.size, 'two objects were merged');
}

describe('value codec against structuredClone', () => {
  it('copies every tree alike', () => {
    fc.assert(
      fc.property(container, (value) => {
        const [expected, actual] = [structuredClone(value), roundTrip(value)];
        assert.deepStrictEqual(actual, expected);
        assertSameStructure(actual, expected);
      }),
      { numRuns: 300 },
    );
  });

  it('copies every graph alike', () => {
    fc.assert(
      fc.property(container, fc.array(fc.nat(), { maxLength: 12 }), (value, choices) => {
        const graph = tangle(value, choices);
        assertSameStructure(roundTrip(graph), structuredClone(graph));
      }),
      { numRuns: 300 },
    );
  });

  it('copies errors among other values alike', () => {
    const types = [Error, TypeError, RangeError, SyntaxError];
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.string(), tree, (type, message, cause) => {
        const error = new type(message, { cause });
        const [expected, actual] = [structuredClone({ error, cause }), roundTrip({ error, cause })] as [Tied, Tied];
        assert.deepStrictEqual(actual, expected);
        assert.equal(actual.error.stack, expected.error.stack);
        assert.ok(Object.is(actual.error.cause, actual.cause));
      }),
      { numRuns: 100 },
    );
  });
});

interface Tied {
  error: Error;
  cause: unknown;
}
