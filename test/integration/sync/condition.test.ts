import assert from 'node:assert/strict';
import { Condition, Lock, Pool, Process, RLock, Value } from 'allcores';

/** Takes a number of items that another thread announces, one at a time. */
async function consume(changed: Condition, items: Value<'int32'>, count: number): Promise<number> {
  let taken = 0;
  for (; taken < count; taken++) {
    const held = await changed.hold();
    await changed.waitFor(() => items.value > 0);
    items.value -= 1;
    held.release();
  }
  return taken;
}

function consumeSync(changed: Condition, items: Value<'int32'>, count: number): number {
  let taken = 0;
  for (; taken < count; taken++) {
    const held = changed.holdSync();
    changed.waitForSync(() => items.value > 0);
    items.value -= 1;
    held.release();
  }
  return taken;
}

function nestedWait(changed: Condition, lock: RLock, waiting: Value<'int32'>): boolean {
  lock.acquireSync();
  lock.acquireSync();
  lock.acquireSync();
  waiting.value = 1;
  const woken = changed.waitSync();
  lock.release();
  lock.release();
  const held = lock.locked;
  lock.release();
  return woken && held;
}

describe('a condition between threads', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  for (const [name, make] of [
    ['RLock', () => new RLock()],
    ['Lock', () => new Lock()],
  ] as const) {
    it(`with a ${name} loses no item, whether its consumers block or not`, async () => {
      const [changed, items] = [new Condition(make()), new Value('int32', 0, { lock: false })];
      const consumers = [pool.apply(consume, [changed, items, 200]), pool.apply(consumeSync, [changed, items, 200])];
      for (let i = 0; i < 400; i++) {
        const held = i % 2 === 0 ? changed.holdSync() : await changed.hold();
        items.value += 1;
        changed.notify();
        held.release();
      }
      assert.deepEqual(await Promise.all(consumers), [200, 200]);
      assert.equal(items.value, 0);
      assert.equal(changed.lock.locked, false);
    });
  }

  it('gives back an RLock that is held several times, and holds it as often again', async () => {
    const lock = new RLock();
    const [changed, waiting] = [new Condition(lock), new Value('int32')];
    const work = pool.apply(nestedWait, [changed, lock, waiting]);
    while (waiting.value === 0) await new Promise(setImmediate);
    changed.acquireSync(); // not before it waits
    changed.notify();
    changed.release();
    assert.equal(await work, true);
    assert.equal(lock.locked, false);
  });

  it('held by another thread can neither be waited for nor be notified', async () => {
    for (const lock of [new Lock(), new RLock()]) {
      const changed = new Condition(lock);
      changed.acquireSync();
      const refused = { name: 'ProcessError', message: /must be held by this thread/ };
      await assert.rejects(
        pool.apply((c: Condition) => c.notify(), [changed]),
        refused,
      );
      await assert.rejects(
        pool.apply((c: Condition) => c.waitSync({ timeout: 0 }), [changed]),
        refused,
      );
      assert.equal(lock.locked, true);
    }
  });

  it('passes a notification on when the one who got it dies', async () => {
    const [changed, waiting] = [new Condition(), new Value('int32')];
    const dies = (c: Condition, w: Value<'int32'>): void => {
      c.acquireSync();
      w.add(1);
      c.waitSync();
    };
    const process = new Process({ target: dies, args: [changed, waiting] }).start();
    while (waiting.value === 0) await new Promise(setImmediate);
    const survivor = changed.withLock(() => changed.wait());
    await changed.acquire();
    process.terminate(); // may have been notified, or not: either way nobody else is left to be
    changed.notify();
    changed.release();
    await process.join();
    await changed.withLock(() => changed.notify());
    assert.equal(await survivor, true);
  });
});
