import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Condition, Pool, Process, Semaphore, Value } from 'allcores';

function sleepSync(changed: Condition, sleeping: Semaphore, woken: Semaphore, timeout?: number): void {
  changed.acquireSync();
  sleeping.release();
  changed.waitSync({ timeout });
  woken.release();
  changed.release();
}

async function sleepInLoop(changed: Condition, sleeping: Semaphore, woken: Semaphore, timeout?: number): Promise<void> {
  await changed.acquire();
  sleeping.release();
  await changed.wait({ timeout });
  woken.release();
  changed.release();
}

function counts(changed: Condition, state: Value<'i'>): boolean {
  const held = changed.holdSync();
  state.value = 0;
  changed.notify();
  const result = changed.waitForSync(() => state.value === 4);
  held.release();
  return result && state.value === 4;
}

function countsInVain(changed: Condition, state: Value<'i'>, ready: Semaphore): [result: boolean, millis: number] {
  ready.release();
  const held = changed.holdSync();
  const start = performance.now();
  const result = changed.waitForSync(() => state.value === 4, { timeout: 100 });
  const millis = performance.now() - start;
  held.release();
  return [result, millis];
}

async function notify(changed: Condition, n?: number): Promise<void> {
  await changed.withLock(() => changed.notify(n));
}

describe('as Python: Condition', () => {
  let pool: Pool;
  before(() => (pool = new Pool(6)));
  after(() => pool.terminate());

  /** Six who wait: by the time that each has been counted, and the lock is to be had, all of them do. */
  async function six(changed: Condition, woken: Semaphore, timeout?: number): Promise<Promise<void>[]> {
    const sleeping = new Semaphore(0);
    const sleepers = [sleepSync, sleepInLoop, sleepSync, sleepInLoop, sleepSync, sleepInLoop].map((sleeper) =>
      pool.apply(sleeper as typeof sleepInLoop, [changed, sleeping, woken, timeout]),
    );
    for (let i = 0; i < 6; i++) await sleeping.acquire();
    return sleepers;
  }

  async function acquireAll(semaphore: Semaphore, count: number): Promise<void> {
    for (let i = 0; i < count; i++) assert.equal(await semaphore.acquire(), true);
    await sleep(20);
    assert.equal(semaphore.value, 0);
  }

  it('notify lets one go at a time', async () => {
    const [changed, woken] = [new Condition(), new Semaphore(0)];
    const sleepers = await six(changed, woken);
    await acquireAll(woken, 0);
    for (let i = 0; i < 6; i++) {
      await notify(changed);
      await acquireAll(woken, 1);
    }
    await Promise.all(sleepers);
  });

  it('notifyAll lets all go, those apart whose time has passed', async () => {
    const [changed, woken] = [new Condition(), new Semaphore(0)];
    const early = await six(changed, woken, 10);
    await acquireAll(woken, 6);
    await Promise.all(early);
    const sleepers = await six(changed, woken);
    await acquireAll(woken, 0);
    await changed.withLock(() => changed.notifyAll());
    await acquireAll(woken, 6);
    await Promise.all(sleepers);
  });

  it('notify lets as many go as it is told, and does nothing when nobody waits', async () => {
    const [changed, woken] = [new Condition(), new Semaphore(0)];
    const sleepers = await six(changed, woken);
    await notify(changed, 2);
    await acquireAll(woken, 2);
    await notify(changed, 4);
    await acquireAll(woken, 4);
    await notify(changed, 3);
    await acquireAll(woken, 0);
    await Promise.all(sleepers);
    assert.equal(changed.lock.locked, false);
  });

  it('wait gives false when its time has passed, and not before', () => {
    const changed = new Condition();
    changed.acquireSync();
    const start = performance.now();
    assert.equal(changed.waitSync({ timeout: 30 }), false);
    assert.ok(performance.now() - start >= 30);
    changed.release();
  });

  it('waitFor waits until the predicate holds', async () => {
    const [changed, state] = [new Condition(), new Value('i', -1)];
    const work = pool.apply(counts, [changed, state]);
    await changed.withLock(() => changed.waitFor(() => state.value === 0));
    assert.equal(state.value, 0);
    for (let i = 0; i < 4; i++) {
      await changed.withLock(() => {
        state.value += 1;
        changed.notify();
      });
    }
    assert.equal(await work, true);
  });

  it('waitFor gives what the predicate does when its time has passed', async () => {
    const [changed, state, ready] = [new Condition(), new Value('i', 0), new Semaphore(0)];
    const work = pool.apply(countsInVain, [changed, state, ready]);
    await ready.acquire();
    for (let i = 0; i < 3; i++) {
      await changed.withLock(() => {
        state.value += 1;
        changed.notify();
      });
    }
    const [result, millis] = await work;
    assert.equal(result, false);
    assert.ok(millis >= 100);
  });

  it('wait tells whether it was notified', async () => {
    const changed = new Condition();
    await changed.acquire();
    assert.equal(changed.waitSync({ timeout: 0 }), false);
    assert.equal(await changed.wait({ timeout: 10 }), false);
    const target = (c: Condition): void => {
      const held = c.holdSync();
      c.notify();
      held.release();
    };
    const process = new Process({ target, args: [changed] }).start();
    assert.equal(changed.waitSync({ timeout: 15_000 }), true);
    changed.release();
    await process.join();
  });
});
