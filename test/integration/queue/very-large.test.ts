import assert from 'node:assert/strict';
import { Lock, Manager, Pool, Queue } from 'allcores';

describe('values with very large buffers', () => {
  const numbers = new Float64Array(400_000).fill(7);
  const value = { numbers, again: numbers, short: new Uint8Array(70_000).fill(3), text: 'x'.repeat(100_000) };

  it('go through a queue, beside shared objects and shorter buffers', () => {
    const queue = new Queue<typeof value & { lock: Lock }>();
    queue.putSync({ ...value, lock: new Lock() });
    const { lock, ...rest } = queue.getSync();
    assert.deepEqual(rest, value);
    assert.equal(rest.again, rest.numbers);
    assert.equal(lock.acquireSync(), true);
    lock.release();
  });

  it('go through a queue to a worker', async () => {
    const queue = new Queue<typeof value>();
    const pool = new Pool(1);
    queue.putSync(value);
    const seen = await pool.apply(
      (from: Queue<typeof value>) => {
        const { numbers: got } = from.getSync();
        return [got.length, got[399_999]];
      },
      [queue],
    );
    pool.close();
    await pool.join();
    assert.deepEqual(seen, [400_000, 7]);
  });

  it('are copied out of a dict', () => {
    const manager = new Manager();
    const dict = manager.dict<string, typeof value>();
    dict.set('key', value);
    dict.get('key')!.numbers[0] = 1;
    assert.deepEqual(dict.get('key'), value);
    manager.shutdown();
  });
});
