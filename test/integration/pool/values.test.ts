import assert from 'node:assert/strict';
import { Pool } from 'allcores';

function identity<T>(value: T): T {
  return value;
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function addTen(value: number): number {
  return value + 10;
}

function applyAll(tools: { list: ((x: number) => number)[] }, value: number): number[] {
  return tools.list.map((tool) => tool(value));
}

class Meter {
  readonly factor: number;
  constructor(factor: number) {
    this.factor = factor;
  }
  measure(x: number): number {
    return x * this.factor;
  }
}

function construct(Type: typeof Meter): number {
  return new Type(3).measure(5);
}

const VALUES: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  Number.NaN,
  -1.5e300,
  '',
  'short',
  'ünïcödé 😀',
  'long '.repeat(5000),
  '\ud800',
  0n,
  -(2n ** 200n),
  new Date(1e12),
  /a+b/giu,
  [],
  [1, [2, [3, ['four']]]],
  { a: 1, b: { c: [null, undefined] } },
  new Map<unknown, unknown>([['k', new Map([[1, 2]])], [{ o: 1 }, 's']]), // prettier-ignore
  new Set<unknown>(['a', 2, { three: 3 }]),
  new Uint8Array([1, 2, 3]),
  new Float64Array([0.1, Number.NaN, -0]),
  new BigUint64Array([1n, 2n ** 63n]),
  new DataView(new ArrayBuffer(8)),
  new ArrayBuffer(5),
  Buffer.from('bytes'),
  Object('boxed'),
  new URL('https://example.org/a?b#c'),
];

describe('values', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  for (const value of VALUES) {
    const title = `${tagOf(value)} ${String(value).slice(0, 20)}`.trim();
    it(`of every kind travel there and back: ${title}`, async () => {
      assert.deepEqual(await pool.apply(identity, [value]), value);
      assert.equal(await pool.apply(tagOf, [value]), tagOf(value));
      assert.deepEqual(await pool.map(identity, [value, value]), [value, value]);
    });
  }

  it('keep an invalid date one', async () => {
    const date = await pool.apply(identity, [new Date(Number.NaN)]);
    assert.ok(date instanceof Date && Number.isNaN(date.getTime()));
  });

  it('keep cycles and shared references', async () => {
    const shared = { n: 1 };
    const cyclic: Record<string, unknown> = { a: shared, b: shared };
    cyclic['self'] = cyclic;
    const back = (await pool.apply(identity, [cyclic])) as typeof cyclic;
    assert.equal(back['self'], back);
    assert.equal(back['a'], back['b']);
    assert.notEqual(back, cyclic);
  });

  it('keep holes in arrays', async () => {
    const back = await pool.apply(identity as (list: unknown[]) => unknown[], [[1, , 3]]); // oxlint-disable-line no-sparse-arrays -- what is tested
    assert.deepEqual([back.length, 1 in back], [3, false]);
  });

  it('may be 1 MB in one array, there and back', async () => {
    const bytes = new Uint8Array(1 << 20).map((_, i) => i);
    const numbers = new Float64Array(1 << 17).map((_, i) => i / 7);
    assert.deepEqual(await pool.apply(identity, [bytes]), bytes);
    assert.deepEqual(await pool.apply(identity, [{ numbers, bytes }]), { numbers, bytes });
    const list = Array.from({ length: 100_000 }, (_, i) => i);
    assert.deepEqual(await pool.apply(identity, [list]), list);
  });

  it('may be functions and classes within arguments', async () => {
    const tools = { list: [addTen, (x: number): number => x * 2] };
    assert.deepEqual(await pool.apply(applyAll, [tools, 5]), [15, 10]);
    assert.equal(await pool.apply(construct, [Meter]), 15);
    assert.deepEqual(await pool.starmap(applyAll, [[tools, 1], [tools, 2]]), [[11, 2], [12, 4]]); // prettier-ignore
  });

  it('of classes arrive as plain objects of their own properties', async () => {
    const back = await pool.apply(identity as (meter: Meter) => Meter, [new Meter(4)]);
    assert.deepEqual(Object.getPrototypeOf(back), Object.prototype);
    assert.deepEqual({ ...back }, { factor: 4 });
  });

  it('are copies: what a worker changes is not seen here', async () => {
    const list = [1, 2];
    const length = await pool.apply((there: number[]) => there.push(3), [list]);
    assert.equal(length, 3);
    assert.deepEqual(list, [1, 2]);
  });

  it('are taken at the call: changing an argument afterwards does not reach the task', async () => {
    const busy = pool.mapAsync(identity, Array.from({ length: 10_000 }, (_, i) => i), { chunksize: 1 }); // prettier-ignore
    const object = { list: [1], bytes: new Uint8Array(200_000).fill(1), text: 'a' };
    const args: [typeof object, number] = [object, 1];
    const numbers: [number] = [5];
    const results = [
      pool.apply((o: typeof object, n: number) => [o.list.length, o.bytes[199_999], o.text, n], args),
      pool.apply(identity, numbers),
    ];
    object.list.push(2);
    object.bytes.fill(9);
    object.text = 'b';
    args[1] = 2;
    numbers[0] = 6;
    assert.deepEqual(await Promise.all(results), [[1, 1, 'a', 1], 5]);
    await busy;
  });

  it('numbers among the arguments are taken at the call even when thousands of tasks wait', async () => {
    const args: [number] = [0];
    const results: Promise<number>[] = [];
    for (let i = 0; i < 20_000; i++) {
      args[0] = i;
      results.push(pool.apply((x: number) => x, args));
    }
    assert.deepEqual(
      await Promise.all(results),
      Array.from({ length: 20_000 }, (_, i) => i),
    );
  });
});
