import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { freeReferences, parseText } from '#lib/transport/function/script.js';

/** The names that the first function of a text takes from elsewhere. */
function freeNames(text: string, type: 'module' | 'script' = 'module'): string[] {
  const parsed = parseText(text, type);
  assert.ok(parsed, `not a program: ${text}`);
  const site = parsed.functions.find(({ start }) => start === 1);
  assert.ok(site, 'no function at the beginning');
  return [...new Set(freeReferences(parsed, site.node.start, site.node.end).map(({ name }) => name))].sort();
}

describe('names that a function takes from elsewhere', () => {
  for (const [text, expected] of [
    ['x => x + y', 'y'],
    ['(x = y, { z = x } = w) => z', 'w y'],
    ['(a = b) => { var b; }', 'b'],
    ['function f() { return f() + arguments.length + new.target + this.x; }', ''],
    ['() => this.x + arguments.length', 'arguments this'],
    ['() => { x: for (;;) break x; }', ''],
    ['() => ({ a: b, [c]: d, e, f() { return super.g + h; }, get i() { return j; } })', 'b c d e h j'],
    ['() => { a; { let a; function b() {} } b; }', 'a b'],
    ['() => { a; { var a; } }', ''],
    ['() => { for (const i of j) k(i); i; }', 'i j k'],
    ['() => { for (i of j); for (k.l in m); for (let [n = o] = p;;); }', 'i j k m o p'],
    ['() => { try { a; } catch ({ b = c }) { b; } b; }', 'a b c'],
    ['() => { class A extends B { static #c = D; [e] = this.#c; static { f(A); } #g() {} } }', 'B D e f'],
    ['() => x.#y', '#y x'],
    ['function () { return () => super.x; }', 'super'],
    ['() => [a.b.c, a?.d, `${e}`, f`${g}`, typeof h, delete i.j, void k]', 'a e f g h i k'],
    ['() => { [a, b.c, ...d] = e; ({ f, g: h = i, ...j } = k); l++; m ||= n; }', 'a b d e f h i j k l m n'],
    ['async () => { for await (const a of b) await c; }', 'b c'],
    ['function* () { yield* a; }', 'a'],
    ['() => import(a)', 'a import()'],
    ['() => import.meta.url', 'import.meta'],
    ['() => { switch (a) { case b: let c; default: c; } c; }', 'a b c'],
    ['() => { const f = () => g; function g() { return f; } }', ''],
    ['(Map, undefined) => Map(undefined)', ''],
  ] as const) {
    it(text, () => assert.equal(freeNames(`(${text})`).join(' '), expected));
  }

  it('hoists functions out of blocks in sloppy code only', () => {
    const text = '(() => { if (a) { function b() {} } b; })';
    assert.deepEqual([freeNames(text, 'script'), freeNames(text, 'module')], [['a'], ['a', 'b']]);
  });

  it('are those of a program made of known parts', () => {
    const names = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    fc.assert(
      fc.property(block(names, 3), ({ code, free }) => {
        assert.deepEqual(freeNames(`(() => {${code}})`), [...free].sort());
      }),
      { numRuns: 500 },
    );
  });
});

interface Part {
  code: string;
  /** Names used, and neither declared in the part nor hoisted out of it. */
  free: Set<string>;
  /** Names that the part declares in the block which it stands in. */
  lexical: Set<string>;
  /** Names that it declares in the function which it stands in. */
  hoisted: Set<string>;
}

const none = new Set<string>();
const union = (...sets: Iterable<string>[]): Set<string> => new Set(sets.flatMap((set) => [...set]));
const without = (set: Set<string>, ...others: Set<string>[]): Set<string> =>
  new Set([...set].filter((name) => !others.some((other) => other.has(name))));

/** Statements that do not declare a name twice, and all that can be known of them by construction. */
function block(names: fc.Arbitrary<string>, depth: number): fc.Arbitrary<{ code: string; free: Set<string> }> {
  return statements(names, depth).map(({ code, free, lexical, hoisted }) => ({
    code,
    free: without(free, lexical, hoisted),
  }));
}

function statements(names: fc.Arbitrary<string>, depth: number): fc.Arbitrary<Part> {
  return fc.array(statement(names, depth), { maxLength: 4 }).map((parts) => {
    const kept: Part[] = [];
    for (const part of parts) {
      const taken = union(...kept.map(({ lexical, hoisted }) => union(lexical, hoisted)));
      if (![...part.lexical, ...part.hoisted].some((name) => taken.has(name))) kept.push(part);
    }
    return {
      code: kept.map(({ code }) => code).join(' '),
      free: union(...kept.map(({ free }) => free)),
      lexical: union(...kept.map(({ lexical }) => lexical)),
      hoisted: union(...kept.map(({ hoisted }) => hoisted)),
    };
  });
}

function statement(names: fc.Arbitrary<string>, depth: number): fc.Arbitrary<Part> {
  const use = names.map((n) => ({ code: `${n};`, free: new Set([n]), lexical: none, hoisted: none }));
  const declare = fc.tuple(fc.constantFrom('let', 'const', 'var'), names, names).map(([kind, n, value]) => ({
    code: `${kind} { x: [${n} = 1] } = ${value};`,
    free: new Set([value]),
    lexical: kind === 'var' ? none : new Set([n]),
    hoisted: kind === 'var' ? new Set([n]) : none,
  }));
  if (depth === 0) return fc.oneof(use, declare);
  const inner = fc.tuple(names, names, names, statements(names, depth - 1));
  const nested = inner.map(([, , , body]) => ({
    code: `{ ${body.code} }`,
    free: without(body.free, body.lexical),
    lexical: none,
    hoisted: body.hoisted,
  }));
  const fn = inner.map(([name, parameter, value, body]) => ({
    code: `function ${name}(${parameter} = ${value}) { { ${body.code} } }`,
    free: union(
      without(new Set([value]), new Set([parameter])),
      without(body.free, body.lexical, body.hoisted, new Set([parameter])),
    ),
    lexical: new Set([name]),
    hoisted: none,
  }));
  const klass = inner.map(([name, parent, value, body]) => ({
    code: `class ${name} extends ${parent} { ${value} = ${value}; #p; static { ${body.code} } m() { this.#p; } }`,
    free: without(union([parent, value], without(body.free, body.lexical, body.hoisted)), new Set([name])),
    lexical: new Set([name]),
    hoisted: none,
  }));
  const loop = inner.map(([name, value, , body]) => ({
    code: `for (const ${name} of ${value}) { ${body.code} }`,
    // The loop's own variable covers the expression that it runs over, too
    free: without(union([value], without(body.free, body.lexical)), new Set([name])),
    lexical: none,
    hoisted: without(body.hoisted, new Set([name])),
  }));
  const safeLoop = loop.filter(({ code }) => parseText(`(() => { ${code} })`, 'module') !== undefined);
  return fc
    .oneof(use, declare, nested, fn, klass, safeLoop)
    .filter(({ code }) => parseText(`(() => { ${code} })`, 'module') !== undefined);
}
