import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Condition, Lock, ProcessError, RLock } from 'allcores';

const notMine = (method: string): object => ({
  constructor: ProcessError,
  message: `${method}: the lock of this Condition must be held by this thread: acquire it first`,
});

describe('Condition', () => {
  it('is acquired and released as its lock is', async () => {
    const lock = new Lock();
    const condition = new Condition(lock);
    assert.equal(condition.lock, lock);
    assert.equal(await condition.acquire(), true);
    assert.equal(lock.locked, true);
    assert.equal(condition.acquireSync({ timeout: 0 }), false);
    condition.release();
    {
      using _held = condition.holdSync();
      assert.equal(lock.locked, true);
    }
    assert.equal(await condition.withLock(() => lock.locked), true);
    assert.deepEqual([lock.locked, condition.recovered], [false, false]);
    assert.throws(() => condition.release(), { message: 'release: this Lock is not held' });
  });

  it('has an RLock of its own unless it is given a lock', () => {
    const condition = new Condition();
    assert.ok(condition.lock instanceof RLock);
    assert.equal(inspect(condition), 'Condition(RLock(free))');
    assert.equal(inspect(new Condition(new Lock())), 'Condition(Lock(free))');
    assert.throws(() => new Condition({} as never), {
      name: 'TypeError',
      message: 'lock must be a Lock or an RLock, got {}',
    });
  });

  it('must be held to wait and to notify', async () => {
    const condition = new Condition();
    await assert.rejects(condition.wait(), notMine('wait'));
    assert.throws(() => condition.waitSync(), notMine('wait'));
    await assert.rejects(
      condition.waitFor(() => true),
      notMine('waitFor'),
    );
    assert.throws(() => condition.waitForSync(() => true), notMine('waitForSync'));
    assert.throws(() => condition.notify(), notMine('notify'));
    assert.throws(() => condition.notifyAll(), notMine('notifyAll'));
  });

  it('gives its lock back while one waits, and holds it again as often as before', async () => {
    const lock = new RLock();
    const condition = new Condition(lock);
    condition.acquireSync();
    condition.acquireSync();
    const waiting = condition.wait();
    assert.equal(lock.locked, false);
    condition.acquireSync();
    condition.notify();
    condition.release();
    assert.equal(await waiting, true);
    lock.release();
    lock.release();
    assert.equal(lock.locked, false);
    assert.throws(() => lock.release(), { message: 'release: this RLock is not held' });
  });

  it('of which the time passes, or the signal aborts, is held again', async () => {
    for (const lock of [new Lock(), new RLock()]) {
      const condition = new Condition(lock);
      await condition.acquire();
      assert.equal(await condition.wait({ timeout: 0 }), false);
      assert.equal(await condition.wait({ timeout: 3 }), false);
      assert.equal(condition.waitSync({ timeout: 0 }), false);
      assert.equal(condition.waitSync({ timeout: 3 }), false);
      const controller = new AbortController();
      const waiting = condition.wait({ signal: controller.signal });
      assert.equal(lock.locked, false);
      controller.abort(new Error('enough'));
      await assert.rejects(waiting, new Error('enough'));
      assert.equal(lock.locked, true);
      await assert.rejects(condition.wait({ signal: controller.signal }), new Error('enough'));
      assert.throws(() => condition.waitSync({ signal: controller.signal }), new Error('enough'));
      condition.release();
      assert.equal(lock.locked, false);
    }
  });

  it('notifies the first to come, as many as it is told', async () => {
    const condition = new Condition(new Lock());
    const woken: number[] = [];
    const waiters = [0, 1, 2, 3, 4].map((i) =>
      condition.withLock(async () => {
        await condition.wait();
        woken.push(i);
      }),
    );
    // Each of them waits by the time that the lock can be had after it.
    const notify = async (n?: number): Promise<number> => {
      await condition.withLock(() => condition.notify(n));
      for (let turns = 0; turns < 10; turns++) await new Promise(setImmediate);
      return woken.length;
    };
    assert.deepEqual(
      [await notify(0), await notify(), await notify(2), await notify(100), await notify(1)],
      [0, 1, 3, 5, 5],
    );
    await Promise.all(waiters);
    assert.deepEqual(woken, [0, 1, 2, 3, 4]);
    condition.acquireSync();
    assert.throws(() => condition.notify(-1), { name: 'RangeError', message: /^n must be/ });
  });

  it('notifies nobody who comes later', async () => {
    const condition = new Condition();
    condition.acquireSync();
    condition.notifyAll();
    assert.equal(await condition.wait({ timeout: 5 }), false);
  });

  it('waits for a predicate, and gives what that gave', async () => {
    const condition = new Condition(new Lock());
    let value = 0;
    const waiting = condition.withLock(() => condition.waitFor(() => value > 2 && `got ${value}`));
    for (let i = 0; i < 3; i++) {
      await condition.withLock(() => {
        value++;
        condition.notifyAll();
      });
    }
    assert.equal(await waiting, 'got 3');
    await condition.withLock(async () => {
      assert.equal(await condition.waitFor(() => false, { timeout: 5 }), false);
      assert.equal(await condition.waitFor(() => Promise.resolve(0), { timeout: 0 }), 0);
      assert.equal(await condition.waitFor(() => Promise.resolve(7)), 7);
      assert.equal(
        condition.waitForSync(() => false, { timeout: 5 }),
        false,
      );
      assert.equal(
        condition.waitForSync(() => 'at once'),
        'at once',
      );
      assert.throws(
        () =>
          condition.waitForSync(() => {
            throw new RangeError('mine');
          }),
        new RangeError('mine'),
      );
      assert.throws(() => condition.waitForSync(() => Promise.resolve(1)), {
        name: 'TypeError',
        message: 'predicate must not be asynchronous here: use waitFor',
      });
      await assert.rejects(condition.waitFor(1 as never), { message: 'predicate must be a function, got 1' });
    });
    assert.equal(condition.lock.locked, false);
  });

  it('with an RLock counts what several functions of one thread hold', async () => {
    const condition = new Condition();
    await condition.acquire();
    const waiting = condition.wait();
    await condition.acquire(); // in between
    condition.notify();
    assert.equal(await waiting, true); // the same thread: it holds the lock twice now
    condition.release();
    assert.equal(condition.lock.locked, true);
    condition.release();
    assert.equal(condition.lock.locked, false);
  });
});
