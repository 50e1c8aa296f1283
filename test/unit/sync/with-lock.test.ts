import assert from 'node:assert/strict';
import { Condition, Lock, RLock, Semaphore, TimeoutError } from 'allcores';

describe('withLockSync', () => {
  it('gives what the function does, and holds the lock while it runs', () => {
    const lock = new Lock();
    assert.equal(
      lock.withLockSync(() => lock.locked),
      true,
    );
    assert.equal(lock.locked, false);
    for (const each of [new RLock(), new Semaphore(1), new Condition()]) {
      assert.equal(
        each.withLockSync(() => 7),
        7,
      );
    }
  });

  it('gives the lock back when the function throws', () => {
    const lock = new Lock();
    const fail = (): never => {
      throw new RangeError('on purpose');
    };
    assert.throws(() => lock.withLockSync(fail), { message: 'on purpose' });
    assert.equal(lock.locked, false);
  });

  it('refuses what is no function, asynchronous ones, and locks that are not to be had', () => {
    const lock = new Lock();
    assert.throws(() => lock.withLockSync(1 as never), { name: 'TypeError', message: /^fn must be a function/ });
    assert.throws(() => lock.withLockSync(async () => Promise.reject(new Error('unheard'))), {
      name: 'TypeError',
      message: /^fn must not be asynchronous/,
    });
    assert.equal(lock.locked, false);
    const reason = new Error('enough');
    assert.throws(() => lock.withLockSync(() => 1, { signal: AbortSignal.abort(reason) }), reason);
    using _ = lock.holdSync();
    assert.throws(() => lock.withLockSync(() => 1, { timeout: 5 }), TimeoutError);
  });
});
