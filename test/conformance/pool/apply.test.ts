import assert from 'node:assert/strict';
import { Pool, TimeoutError } from 'allcores';

function square(x: number, wait = 0): number {
  if (wait > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, wait);
  return x * x;
}

describe('as Python: apply', () => {
  let pool: Pool;
  before(() => (pool = new Pool(4)));
  after(() => pool.terminate());

  it('apply gives what the function gives', async () => {
    assert.equal(await pool.apply(square, [5]), square(5));
    assert.equal(pool.applySync(square, [3]), square(3));
  });

  it('get of applyAsync waits as long as the task takes', async () => {
    await pool.broadcast(square, [0]);
    const begin = performance.now();
    assert.equal(await pool.applyAsync(square, [7, 200]).get(), 49);
    const elapsed = performance.now() - begin;
    assert.ok(elapsed >= 195 && elapsed < 600, `${elapsed} ms`);
  });

  it('get gives up with TimeoutError when its time has passed', async () => {
    const other = new Pool(3);
    const result = other.applyAsync(square, [6, 60_000]);
    const begin = performance.now();
    await assert.rejects(result.get({ timeout: 150 }), TimeoutError);
    const elapsed = performance.now() - begin;
    assert.ok(elapsed >= 145 && elapsed < 600, `${elapsed} ms`);
    await other.terminate();
  });

  it('Pool of -1 or 0 workers is refused; one of 3 has 3', async () => {
    assert.throws(() => new Pool(-1), RangeError);
    assert.throws(() => new Pool(0), RangeError);
    await using three = new Pool(3);
    assert.equal(three.workers.length, 3);
  });
});
