import assert from 'node:assert/strict';
import { BoundedSemaphore, Lock, RLock, Semaphore } from 'allcores';

function takesAndGivesTwo(semaphore: Semaphore | BoundedSemaphore): void {
  assert.equal(semaphore.value, 2);
  assert.equal(semaphore.acquireSync(), true);
  assert.equal(semaphore.value, 1);
  assert.equal(semaphore.acquireSync(), true);
  assert.equal(semaphore.value, 0);
  assert.equal(semaphore.acquireSync({ timeout: 0 }), false);
  assert.equal(semaphore.value, 0);
  assert.equal(semaphore.release(), undefined);
  assert.equal(semaphore.value, 1);
  assert.equal(semaphore.release(), undefined);
  assert.equal(semaphore.value, 2);
}

describe('as Python: locks and semaphores', () => {
  it('a lock is acquired once, and not released when it is free', () => {
    const lock = new Lock();
    assert.equal(lock.acquireSync(), true);
    assert.equal(lock.acquireSync({ timeout: 0 }), false);
    assert.equal(lock.release(), undefined);
    assert.throws(() => lock.release(), { name: 'ProcessError' });
  });

  it('an RLock is released as often as it was acquired, and not more often', () => {
    const lock = new RLock();
    for (let i = 0; i < 3; i++) assert.equal(lock.acquireSync(), true);
    for (let i = 0; i < 3; i++) assert.equal(lock.release(), undefined);
    assert.throws(() => lock.release(), { name: 'ProcessError' });
  });

  it('a lock is held within a scope', async () => {
    const lock = new Lock();
    {
      using _held = lock.holdSync();
      assert.equal(lock.acquireSync({ timeout: 0 }), false);
    }
    assert.equal(await lock.withLock(() => lock.acquireSync({ timeout: 0 })), false);
    assert.equal(lock.acquireSync({ timeout: 0 }), true);
  });

  it('a semaphore may be released beyond its first value', () => {
    const semaphore = new Semaphore(2);
    takesAndGivesTwo(semaphore);
    semaphore.release();
    assert.equal(semaphore.value, 3);
    semaphore.release();
    assert.equal(semaphore.value, 4);
  });

  it('a bounded semaphore may not', () => {
    const semaphore = new BoundedSemaphore(2);
    takesAndGivesTwo(semaphore);
    assert.throws(() => semaphore.release(), { name: 'ProcessError' });
    assert.equal(semaphore.value, 2);
  });

  it('an acquire with a timeout gives false, not before that has passed', async () => {
    const semaphore = new Semaphore(0);
    assert.equal(semaphore.acquireSync({ timeout: 0 }), false);
    for (const timeout of [20, 30]) {
      const start = performance.now();
      assert.equal(semaphore.acquireSync({ timeout }), false);
      const between = performance.now();
      assert.equal(await semaphore.acquire({ timeout }), false);
      const end = performance.now();
      // A timer of Node's may be a millisecond early.
      assert.ok(between - start >= timeout && end - between >= timeout - 1);
    }
  });
});
