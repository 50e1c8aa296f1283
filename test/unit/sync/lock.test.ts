import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { Lock, ProcessError, RLock, TimeoutError } from 'allcores';

const notHeld = { constructor: ProcessError, code: 'ERR_ALLCORES_PROCESS', message: /is not held/ };

describe('Lock', () => {
  it('is held by one at a time', async () => {
    const lock = new Lock();
    assert.equal(lock.acquireSync(), true);
    assert.equal(lock.locked, true);
    assert.equal(lock.acquireSync({ timeout: 0 }), false);
    assert.equal(lock.acquireSync({ timeout: 5 }), false);
    assert.equal(await lock.acquire({ timeout: 0 }), false);
    assert.equal(await lock.acquire({ timeout: 5 }), false);
    lock.release();
    assert.equal(lock.locked, false);
    assert.equal(await lock.acquire({ timeout: 0 }), true);
    lock.release();
    assert.throws(() => lock.release(), notHeld);
    assert.equal(lock.recovered, false);
  });

  it('goes to those who wait in one event loop one after the other, first come, first served', async () => {
    const lock = new Lock();
    lock.acquireSync();
    const order: number[] = [];
    const waiters = [0, 1, 2, 3].map(async (i) => {
      await lock.acquire();
      order.push(i);
      lock.release();
    });
    assert.deepEqual(order, []);
    lock.release();
    await Promise.all(waiters);
    assert.deepEqual(order, [0, 1, 2, 3]);
  });

  it('keeps asynchronous functions of one thread out of each other', async () => {
    const lock = new Lock();
    let [inside, most] = [0, 0];
    const enter = (): Promise<void> =>
      lock.withLock(async () => {
        most = Math.max(most, ++inside);
        await new Promise(setImmediate);
        inside--;
      });
    await Promise.all(Array.from({ length: 20 }, enter));
    assert.deepEqual([inside, most, lock.locked], [0, 1, false]);
  });

  it('held for a scope is given back once, at its end or before', async () => {
    const lock = new Lock();
    {
      using held = lock.holdSync();
      assert.equal(lock.locked, true);
      held.release();
      assert.equal(lock.locked, false);
    }
    {
      using _held = await lock.hold();
      assert.equal(lock.locked, true);
    }
    {
      await using _held = await lock.hold();
      assert.equal(lock.locked, true);
    }
    assert.equal(lock.locked, false);
  });

  it('that is not to be had in time: hold and withLock throw a TimeoutError', async () => {
    const lock = new Lock();
    lock.acquireSync();
    const refused = { constructor: TimeoutError, message: 'The Lock was not acquired in time' };
    assert.throws(() => lock.holdSync({ timeout: 0 }), refused);
    await assert.rejects(lock.hold({ timeout: 1 }), refused);
    await assert.rejects(
      lock.withLock(() => assert.fail('not to be run'), { timeout: 1 }),
      refused,
    );
  });

  it('is given back by withLock whatever becomes of the function', async () => {
    const lock = new Lock();
    assert.equal(await lock.withLock(() => 'result'), 'result');
    await assert.rejects(
      lock.withLock(() => {
        throw new RangeError('thrown');
      }),
      new RangeError('thrown'),
    );
    await assert.rejects(
      lock.withLock(() => Promise.reject(new RangeError('rejected'))),
      new RangeError('rejected'),
    );
    await assert.rejects(lock.withLock(1 as never), { name: 'TypeError', message: 'fn must be a function, got 1' });
    assert.equal(lock.locked, false);
  });

  it('shows itself', () => {
    const lock = new Lock();
    assert.equal(inspect(lock), 'Lock(free)');
    lock.acquireSync();
    assert.equal(inspect(lock), 'Lock(held)');
  });
});

describe('RLock', () => {
  it('is to be given back as often as its thread has acquired it', async () => {
    const lock = new RLock();
    assert.equal(lock.acquireSync(), true);
    assert.equal(await lock.acquire(), true);
    assert.equal(lock.acquireSync({ timeout: 0 }), true);
    lock.release();
    lock.release();
    assert.equal(lock.locked, true);
    lock.release();
    assert.equal(lock.locked, false);
    assert.throws(() => lock.release(), notHeld);
  });
});

describe('whatever waits', () => {
  it('refuses bad options by name, also if it need not wait', async () => {
    const lock = new Lock();
    for (const [options, error] of [
      [{ timeout: '1' }, { name: 'TypeError', message: "timeout must be a number of milliseconds, got '1'" }],
      [{ timeout: NaN }, { name: 'TypeError', message: 'timeout must be a number of milliseconds, got NaN' }],
      [{ timeOut: 1 }, { message: "unknown option 'timeOut': did you mean timeout? There are timeout, signal" }],
      [{ signal: {} }, { name: 'TypeError', message: 'signal must be an AbortSignal, got {}' }],
      [5, { name: 'TypeError', message: 'options must be an object, got 5' }],
    ] as const) {
      assert.throws(() => lock.acquireSync(options as never), error);
      await assert.rejects(lock.acquire(options as never), error);
    }
    assert.equal(lock.locked, false);
  });

  it('ends with the reason of its signal', async () => {
    const lock = new Lock();
    const aborted = AbortSignal.abort(new RangeError('before'));
    assert.throws(() => lock.acquireSync({ signal: aborted }), new RangeError('before'));
    await assert.rejects(lock.acquire({ signal: aborted }), new RangeError('before'));
    assert.equal(lock.locked, false);

    lock.acquireSync();
    const controller = new AbortController();
    const waiting = lock.acquire({ signal: controller.signal, timeout: 60_000 });
    controller.abort('a reason');
    assert.equal(await waiting.catch((reason: unknown) => reason), 'a reason');
    lock.release();
    assert.equal(await lock.acquire({ timeout: 0 }), true); // nobody is in the queue any more
  });

  it('shares one listener with all others on the same signal, and leaves none behind', async () => {
    const lock = new Lock();
    lock.acquireSync();
    const { signal } = new AbortController();
    const listeners = (): number => getEventListeners(signal, 'abort').length;
    const waits = Array.from({ length: 20 }, () => lock.acquire({ signal, timeout: 5 }));
    assert.equal(listeners(), 1);
    assert.deepEqual(new Set(await Promise.all(waits)), new Set([false]));
    assert.equal(listeners(), 0);

    const controller = new AbortController();
    const aborted = Array.from({ length: 20 }, () => lock.acquire({ signal: controller.signal }).catch(String));
    controller.abort('a reason');
    assert.deepEqual(new Set(await Promise.all(aborted)), new Set(['a reason']));
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
  });

  it('that got what it waits for keeps it, though it is aborted right then', async () => {
    const lock = new Lock();
    lock.acquireSync();
    const controller = new AbortController();
    const waiting = lock.acquire({ signal: controller.signal });
    lock.release();
    controller.abort(new Error('too late or not'));
    const got = await waiting.catch(() => false);
    assert.equal(lock.locked, got);
  });
});
