import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Barrier, BrokenBarrierError } from 'allcores';

const broken = { constructor: BrokenBarrierError, code: 'ERR_ALLCORES_BROKEN_BARRIER' };
const state = (barrier: Barrier): unknown[] => [barrier.parties, barrier.nWaiting, barrier.broken];

/** Outcomes of waits: the index, or the name of the error. */
const outcomes = (waits: readonly Promise<number>[]): Promise<unknown[]> =>
  Promise.all(waits.map((wait) => wait.catch((error: unknown) => (error as Error).name)));

describe('Barrier', () => {
  it('lets nobody on before all have come, each with an index of its own, again and again', async () => {
    const barrier = new Barrier(3);
    for (let round = 0; round < 5; round++) {
      const waits = [barrier.wait(), barrier.wait()];
      assert.deepEqual(state(barrier), [3, 2, false]);
      assert.equal(inspect(barrier), 'Barrier(2 of 3)');
      waits.push(barrier.wait());
      assert.deepEqual(await Promise.all(waits), [0, 1, 2]);
      assert.deepEqual(state(barrier), [3, 0, false]);
    }
  });

  it('of one party never waits', async () => {
    const barrier = new Barrier(1);
    assert.deepEqual([await barrier.wait(), barrier.waitSync(), barrier.waitSync({ timeout: 0 })], [0, 0, 0]);
  });

  it('runs its action once, before anybody goes on', async () => {
    const seen: unknown[] = [];
    const barrier: Barrier = new Barrier(2, {
      action: async () => {
        await new Promise(setImmediate);
        seen.push('action');
      },
    });
    const wait = async (): Promise<void> => void seen.push(await barrier.wait());
    await Promise.all([wait(), wait()]);
    await Promise.all([wait(), wait()]);
    assert.deepEqual([seen[0], seen[3]], ['action', 'action']);
    assert.deepEqual(seen.slice(1, 3).toSorted(), [0, 1]);
  });

  it('breaks when its action throws: the last to come gets that error', async () => {
    for (const action of [
      () => assert.fail('action'),
      () => Promise.reject(new assert.AssertionError({ message: 'action' })),
    ]) {
      const barrier = new Barrier(2, { action });
      assert.deepEqual(await outcomes([barrier.wait(), barrier.wait()]), ['BrokenBarrierError', 'AssertionError']);
      assert.equal(barrier.broken, true);
    }
    const barrier = new Barrier(2, { action: () => assert.fail('action') });
    const other = outcomes([barrier.wait()]);
    assert.throws(() => barrier.waitSync(), { name: 'AssertionError' });
    assert.deepEqual(await other, ['BrokenBarrierError']);
  });

  it('breaks when its action is asynchronous for waitSync', () => {
    const barrier = new Barrier(1, { action: () => Promise.reject(new Error('not an unhandled rejection')) });
    assert.throws(() => barrier.waitSync(), { name: 'TypeError', message: /use wait$/ });
    assert.equal(barrier.broken, true);
  });

  it('breaks when the time of a wait passes', async () => {
    for (const timeout of [0, 3]) {
      const barrier = new Barrier(3);
      const first = outcomes([barrier.wait()]);
      await assert.rejects(barrier.wait({ timeout }), broken);
      assert.deepEqual(await first, ['BrokenBarrierError']);
      assert.deepEqual(state(barrier), [3, 0, true]);
      assert.equal(inspect(barrier), 'Barrier(broken)');
      await assert.rejects(barrier.wait(), { ...broken, message: 'The barrier is broken' });
      assert.throws(() => barrier.waitSync(), broken);
      const again = new Barrier(3);
      assert.throws(() => again.waitSync({ timeout }), broken);
      assert.equal(again.broken, true);
    }
  });

  it('has a time of its own for waits that give none', async () => {
    const barrier = new Barrier(2, { timeout: 3 });
    await assert.rejects(barrier.wait(), broken);
    barrier.reset();
    assert.throws(() => barrier.waitSync({}), broken);
    barrier.reset();
    const patient = barrier.wait({ timeout: Infinity });
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(barrier.nWaiting, 1);
    assert.equal(barrier.waitSync(), 1);
    assert.equal(await patient, 0);
    await assert.rejects(new Barrier(2, { timeout: 0 }).wait(), broken);
  });

  it('breaks when a wait is aborted', async () => {
    const barrier = new Barrier(3);
    const controller = new AbortController();
    const first = outcomes([barrier.wait()]);
    const aborted = barrier.wait({ signal: controller.signal });
    controller.abort(new RangeError('enough'));
    await assert.rejects(aborted, new RangeError('enough'));
    assert.deepEqual(await first, ['BrokenBarrierError']);
    barrier.reset();
    await assert.rejects(barrier.wait({ signal: controller.signal }), new RangeError('enough'));
    assert.deepEqual(state(barrier), [3, 0, false]); // that one had not come
  });

  it('breaks by abort, until it is reset', async () => {
    const barrier = new Barrier(2);
    const waits = outcomes([barrier.wait()]);
    barrier.abort();
    assert.deepEqual(await waits, ['BrokenBarrierError']);
    await assert.rejects(barrier.wait(), broken);
    barrier.reset();
    assert.deepEqual(await outcomes([barrier.wait(), barrier.wait()]), [0, 1]);
  });

  it('breaks by reset for those who wait only', async () => {
    const barrier = new Barrier(2);
    const waits = outcomes([barrier.wait()]);
    barrier.reset();
    assert.deepEqual(await waits, ['BrokenBarrierError']);
    assert.equal(barrier.broken, false);
    assert.deepEqual(await outcomes([barrier.wait(), barrier.wait()]), [0, 1]);
  });

  it('that is aborted while its action runs is broken for all of them', async () => {
    const barrier: Barrier = new Barrier(2, { action: () => barrier.abort() });
    assert.deepEqual(await outcomes([barrier.wait(), barrier.wait()]), ['BrokenBarrierError', 'BrokenBarrierError']);
  });

  it('refuses bad arguments by name', () => {
    for (const [make, error] of [
      [() => new Barrier(0), { name: 'RangeError', message: /^parties must be an integer from 1/ }],
      [() => new Barrier('2' as never), { name: 'TypeError', message: "parties must be an integer, got '2'" }],
      [() => new Barrier(2, { action: 1 as never }), { message: 'action must be a function, got 1' }],
      [() => new Barrier(2, { timeout: NaN }), { name: 'TypeError', message: /^timeout must be a number of mill/ }],
      [() => new Barrier(2, 5 as never), { name: 'TypeError', message: 'options must be an object, got 5' }],
    ] as const) {
      assert.throws(make, error);
    }
  });
});
