import assert from 'node:assert/strict';
import { Lock, Pool, RLock, Semaphore } from 'allcores';

describe('held by one thread, released by another', () => {
  let pool: Pool;
  before(() => (pool = new Pool(1)));
  after(() => pool.terminate());

  const release = (held: { release(): void }): void => held.release();

  it('a Lock and a Semaphore are released by any thread', async () => {
    const [lock, semaphore] = [new Lock(), new Semaphore(1)];
    for (const held of [lock, semaphore]) {
      held.acquireSync();
      const waiting = held.acquire();
      await pool.apply(release, [held]);
      assert.equal(await waiting, true);
      assert.equal(held.recovered, false);
      await pool.apply(release, [held]);
      assert.equal(held.acquireSync({ timeout: 0 }), true);
    }
  });

  it('an RLock is not, and stays held', async () => {
    const lock = new RLock();
    lock.acquireSync();
    const refused = { name: 'ProcessError', message: 'release: this RLock is held by another thread' };
    await assert.rejects(pool.apply(release, [lock]), refused);
    assert.equal(lock.locked, true);
    lock.release();
    await assert.rejects(pool.apply(release, [lock]), { message: 'release: this RLock is not held' });
  });
});
