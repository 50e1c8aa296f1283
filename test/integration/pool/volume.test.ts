import assert from 'node:assert/strict';
import { Pool } from 'allcores';

function square(x: number): number {
  return x * x;
}

function bytes(size: number, fill: number): Uint8Array {
  return new Uint8Array(size).fill(fill);
}

function text(size: number): string {
  return 'é'.repeat(size);
}

function sum(view: Uint8Array): number {
  let total = 0;
  for (const byte of view) total += byte;
  return total;
}

function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('volume', function () {
  this.timeout(60_000);
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  it('50,000 single tasks at once', async () => {
    const results = await Promise.all(Array.from({ length: 50_000 }, (_, i) => pool.apply(square, [i])));
    assert.ok(results.every((value, i) => value === i * i));
  });

  it('10,000 tasks with encoded arguments and results at once', async () => {
    const echo = (value: { i: number; list: string[] }): typeof value => value;
    const items = Array.from({ length: 10_000 }, (_, i) => ({ i, list: [`item ${i}`, 'x'.repeat(i % 300)] }));
    const results = await Promise.all(items.map((item) => pool.apply(echo, [item])));
    assert.deepEqual(results, items);
  });

  it('arguments count as they were at the call, however many tasks wait', async () => {
    const starting = new Pool(1);
    const numbers = [0];
    const mixed: [number, boolean | null | undefined] = [0, null];
    const texts = [''];
    const objects = [{ i: 0 }];
    const results: Promise<unknown>[] = [];
    const expected: unknown[] = [];
    // More than there are records, so that many wait without one; in a pool that has not come up, too.
    for (const own of [starting, pool]) {
      for (let i = 0; i < 100_000; i++) {
        numbers[0] = i;
        results.push(own.apply(square, numbers as unknown as [number]));
        expected.push(i * i);
        if (i % 10 > 0) continue;
        [mixed[0], mixed[1], texts[0], objects[0]!.i] = [i, i % 20 === 0, `${i}`, i];
        results.push(own.apply((x, flag) => (flag === true ? x : -x), mixed));
        results.push(own.apply((word) => word, texts as [string]));
        results.push(own.apply((object) => object.i, objects as [{ i: number }]));
        expected.push(i % 20 === 0 ? i : -i, `${i}`, i);
      }
    }
    numbers[0] = mixed[0] = -1;
    texts[0] = 'changed';
    const settled = await Promise.all(results);
    assert.ok(settled.length === expected.length && settled.every((value, i) => value === expected[i]));
    await starting.terminate();
  });

  it('a task after the other, 5,000 times', async () => {
    for (let i = 0; i < 5000; i++) assert.equal(await pool.apply(square, [i]), i * i);
  });

  it('results larger than the result ring of 512 KiB', async () => {
    for (const size of [(1 << 19) - 16, 1 << 19, (1 << 19) + 1, 5 << 20]) {
      const result = await pool.apply(bytes, [size, 7]);
      assert.deepEqual([result.length, result[0], result.at(-1)], [size, 7, 7]);
      assert.equal((await pool.apply(text, [size])).length, size);
    }
  });

  it('many large results while this thread is busy', async () => {
    const sizes = Array.from({ length: 60 }, (_, i) => 50_000 + i * 10_000);
    const results = sizes.map((size, i) => pool.apply(bytes, [size, i]));
    const texts = sizes.map((size) => pool.apply(text, [size / 2]));
    block(500);
    for (const [i, result] of (await Promise.all(results)).entries()) {
      assert.deepEqual([result.length, result[0]], [sizes[i], i]);
    }
    for (const [i, result] of (await Promise.all(texts)).entries()) assert.equal(result.length, sizes[i]! / 2);
  });

  it('thousands of small results while this thread is busy', async () => {
    const results = Array.from({ length: 6000 }, (_, i) => pool.apply((x: number) => `${x} `.repeat(40), [i]));
    await Promise.resolve();
    block(300);
    assert.ok((await Promise.all(results)).every((value, i) => value.startsWith(`${i} ${i} `)));
  });

  it('arguments larger than the arena of 16 MiB', async () => {
    const large = new Uint8Array(20 << 20).fill(1);
    assert.equal(await pool.apply(sum, [large]), 20 << 20);
    const list = new Array<string>(300_000).fill('some text that is not short enough to be a number');
    assert.equal(await pool.apply((texts: string[]) => texts.length, [list]), 300_000);
  });

  it('more arguments at once than the arena holds', async () => {
    const count = 600;
    const texts = Array.from({ length: count }, (_, i) => `${i}:`.padEnd(60_000, '.'));
    const heads = await Promise.all(
      texts.map((one) => pool.apply((value: string) => [value.length, parseInt(value, 10)], [one])),
    );
    assert.deepEqual(
      heads,
      Array.from({ length: count }, (_, i) => [60_000, i]),
    );
  });

  it('gives the memory of large values back', async () => {
    for (let i = 0; i < 60; i++) assert.equal((await pool.apply(bytes, [8 << 20, 1])).length, 8 << 20);
    const large = new Uint8Array(8 << 20);
    for (let i = 0; i < 60; i++) await pool.apply(sum, [large.subarray(0, 10)]);
  });
});
