import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { getContext, Pool } from '#lib/index.js';

function increment(value: number): number {
  return value + 1;
}

function failing(): never {
  throw new Error('as asked');
}

/** Arrives with what others wait for, so that it ends only if they run beside it. */
function meet(met: Int32Array, parties: number, millis: number): boolean {
  Atomics.add(met, 0, 1);
  const deadline = performance.now() + millis;
  while (Atomics.load(met, 0) < parties) if (performance.now() > deadline) return false;
  return true;
}

/** Longer than any worker looks for work before it sleeps. */
const IDLE = 20;

describe('tasks that find every worker asleep', () => {
  it('are run, one or many in a tick', async () => {
    await using pool = new Pool(2);
    for (let round = 0; round < 30; round++) {
      await sleep(IDLE);
      const tasks = Array.from({ length: 1 + (round % 4) * 5 }, (_, i) => i);
      assert.deepEqual(
        await Promise.all(tasks.map((value) => pool.apply(increment, [value]))),
        tasks.map((value) => value + 1),
      );
    }
  });

  it('run beside each other when they are long', async () => {
    await using pool = new Pool(2);
    const met = new Int32Array(new SharedArrayBuffer(4));
    // Three rounds teach the pool that these tasks are worth waking a worker for.
    for (let round = 0; round < 6; round++) {
      met[0] = 0;
      await sleep(IDLE);
      const both = [pool.apply(meet, [met, 2, 10_000]), pool.apply(meet, [met, 2, 10_000])];
      assert.deepEqual(await Promise.all(both), [true, true]);
    }
  });

  it('tell who submitted them when they fail', async () => {
    await using pool = new Pool(1);
    await pool.apply(increment, [1]);
    await sleep(IDLE);
    const submitter = (): Promise<unknown> => pool.apply(failing);
    await assert.rejects(submitter(), (error: Error) => {
      assert.match(error.stack ?? '', /failing[^]*submitter/);
      return true;
    });
  });

  it('leave the event loop its turns, though each is waited for on the spot', async () => {
    await using pool = new Pool(1);
    let fired = false;
    setTimeout(() => (fired = true), 5);
    // Microtasks alone lead from one task to the next; the worker falls asleep in between.
    for (let value = 0; !fired; value++) {
      assert.equal(await pool.apply(increment, [value]), value + 1);
      const begin = performance.now();
      while (performance.now() - begin < 0.2);
      assert.ok(value < 10_000, 'two seconds without a turn');
    }
  });

  it('are run by processes as well', async () => {
    await using pool = new (getContext('process').Pool)(1);
    for (let value = 0; value < 10; value++) {
      await sleep(IDLE);
      assert.equal(await pool.apply(increment, [value]), value + 1);
    }
  });
});
