import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { BoundedSemaphore, ProcessError, Semaphore } from 'allcores';

describe('Semaphore', () => {
  it('has 1 permit unless told otherwise', () => {
    assert.equal(new Semaphore().value, 1);
    assert.equal(new BoundedSemaphore().value, 1);
    assert.equal(new Semaphore(0).value, 0);
  });

  it('gives its permits, and then none', async () => {
    const semaphore = new Semaphore(2);
    assert.equal(semaphore.acquireSync(), true);
    assert.equal(await semaphore.acquire(), true);
    assert.equal(semaphore.value, 0);
    assert.equal(semaphore.acquireSync({ timeout: 0 }), false);
    assert.equal(await semaphore.acquire({ timeout: 2 }), false);
    semaphore.release(2);
    assert.equal(semaphore.value, 2);
    assert.equal(semaphore.recovered, false);
  });

  it('may have more permits than at first, given by any thread', async () => {
    const semaphore = new Semaphore(0);
    const waiters = [semaphore.acquire(), semaphore.acquire(), semaphore.acquire()];
    semaphore.release(3);
    assert.deepEqual(await Promise.all(waiters), [true, true, true]);
    semaphore.release(5);
    assert.equal(semaphore.value, 5);
  });

  it('lets as many in as it has permits', async () => {
    const semaphore = new Semaphore(3);
    let [inside, most] = [0, 0];
    await Promise.all(
      Array.from({ length: 20 }, () =>
        semaphore.withLock(async () => {
          most = Math.max(most, ++inside);
          await new Promise(setImmediate);
          inside--;
        }),
      ),
    );
    assert.deepEqual([inside, most, semaphore.value], [0, 3, 3]);
  });

  it('is held for a scope', async () => {
    const semaphore = new Semaphore(2);
    {
      using _first = semaphore.holdSync();
      using _second = await semaphore.hold();
      assert.equal(semaphore.value, 0);
      await assert.rejects(semaphore.hold({ timeout: 0 }), { name: 'TimeoutError' });
    }
    assert.equal(semaphore.value, 2);
    assert.equal(inspect(semaphore), 'Semaphore(2)');
  });

  it('refuses numbers of permits that are none', () => {
    for (const type of [Semaphore, BoundedSemaphore]) {
      assert.throws(() => new type(-1), { name: 'RangeError', message: /^n must be an integer from 0 .* got -1$/ });
      assert.throws(() => new type(1.5), { name: 'RangeError', message: /got 1.5$/ });
      assert.throws(() => new type('1' as never), { name: 'TypeError', message: "n must be an integer, got '1'" });
      const semaphore = new type(1);
      assert.throws(() => semaphore.release(0), { name: 'RangeError', message: /^n must be an integer from 1/ });
      assert.equal(semaphore.value, 1);
    }
  });

  it('does not count beyond 2^31 - 1', () => {
    const semaphore = new Semaphore(2 ** 31 - 1);
    assert.throws(() => semaphore.release(), { message: 'release: this Semaphore was released too many times' });
    assert.equal(semaphore.value, 2 ** 31 - 1);
  });
});

describe('BoundedSemaphore', () => {
  it('refuses to have more permits than at first, and changes nothing then', () => {
    const semaphore = new BoundedSemaphore(2);
    const refused = {
      constructor: ProcessError,
      message: 'release: this BoundedSemaphore was released too many times',
    };
    assert.throws(() => semaphore.release(), refused);
    semaphore.acquireSync();
    assert.throws(() => semaphore.release(2), refused);
    assert.equal(semaphore.value, 1);
    semaphore.release();
    assert.equal(semaphore.value, 2);
  });
});
