import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { currentTask, Pool, ProcessError, SharedArray, TaskTimeoutError } from 'allcores';

function nap(ms: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return ms;
}

type Flags = SharedArray<'int32'>;

/** Says in `flags[0]` that it began and in `flags[1]` that it noticed. */
function notice(flags: Flags): void {
  const task = currentTask()!;
  Atomics.store(flags.view, 0, 1);
  while (!task.aborted);
  Atomics.store(flags.view, 1, 1);
}

async function noticeEvent(flags: Flags): Promise<void> {
  const { signal } = currentTask()!;
  Atomics.store(flags.view, 0, 1);
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  Atomics.store(flags.view, 1, 1);
}

function spin(flags: Flags): void {
  Atomics.store(flags.view, 0, 1);
  for (;;);
}

function newFlags(): Flags {
  return new SharedArray('int32', 2);
}

async function raised(flags: Flags, index: number): Promise<void> {
  const deadline = Date.now() + 5000;
  while (Atomics.load(flags.view, index) === 0 && Date.now() < deadline) await sleep(1);
  assert.equal(Atomics.load(flags.view, index), 1);
}

function names(pool: Pool): string[] {
  return pool.workers.filter(({ state }) => state !== 'leaving').map(({ name }) => name);
}

describe('cancelling', () => {
  let pool: Pool;
  beforeEach(async () => {
    pool = new Pool(1);
    await pool.apply(nap, [0]);
  });
  afterEach(() => pool.terminate());

  it('AsyncResult.cancel rejects with an AbortError, or with the reason', async () => {
    const busy = pool.apply(nap, [50]);
    const [plain, given] = [pool.applyAsync(nap, [0]), pool.applyAsync(nap, [0])];
    assert.equal(plain.cancel(), true);
    assert.equal(given.cancel('because'), true);
    await assert.rejects(plain.get(), { name: 'AbortError' });
    assert.equal(await given.get().catch((error: unknown) => error), 'because');
    assert.equal(await busy, 50);
  });

  it('AsyncResult.cancel after the end changes nothing', async () => {
    const result = pool.applyAsync(nap, [0]);
    await result;
    assert.equal(result.cancel(), false);
    assert.equal(await result, 0);
  });

  it('a task that waits is never begun', async () => {
    const flags = newFlags();
    const busy = pool.apply(nap, [50]);
    const result = pool.applyAsync(spin, [flags]);
    result.cancel();
    await busy;
    await pool.apply(nap, [1]);
    assert.equal(flags.at(0), 0);
    assert.deepEqual(names(pool), ['PoolWorker-1']);
  });

  it('aborted turns true within a synchronous loop; the worker stays', async () => {
    const flags = newFlags();
    const result = pool.applyAsync(notice, [flags]);
    await raised(flags, 0);
    result.cancel();
    assert.equal(result.ready(), true);
    await raised(flags, 1);
    await pool.apply(nap, [0]);
    assert.deepEqual(names(pool), ['PoolWorker-1']);
  });

  it('the signal of currentTask fires for asynchronous functions; the worker stays', async () => {
    const flags = newFlags();
    const result = pool.applyAsync(noticeEvent, [flags]);
    await raised(flags, 0);
    result.cancel();
    await raised(flags, 1);
    await pool.apply(nap, [0]);
    assert.deepEqual(names(pool), ['PoolWorker-1']);
  });

  it('a task that never asked for currentTask costs the worker, at once', async () => {
    const flags = newFlags();
    const result = pool.applyAsync(spin, [flags]);
    await raised(flags, 0);
    result.cancel();
    assert.equal(await pool.apply(nap, [1]), 1);
    assert.deepEqual(names(pool), ['PoolWorker-2']);
    assert.equal(pool.stats().crashed, 0);
  });

  it('grace is how long a task may take to end of its own accord', async () => {
    const flags = newFlags();
    const stubborn = (there: Flags): void => {
      Atomics.store(there.view, 0, 1);
      nap(150);
      Atomics.store(there.view, 1, 1);
    };
    const patient = pool.applyAsync(stubborn, [flags], { grace: 5000 });
    await raised(flags, 0);
    patient.cancel();
    await raised(flags, 1);
    await pool.apply(nap, [0]);
    assert.deepEqual(names(pool), ['PoolWorker-1']);
    const other = newFlags();
    const hasty = pool.applyAsync(spin, [other], { grace: 50 });
    await raised(other, 0);
    hasty.cancel();
    assert.equal(await pool.apply(nap, [1]), 1);
    assert.deepEqual(names(pool), ['PoolWorker-2']);
  });

  it('option signal rejects with its reason, before and after the start', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const flags = newFlags();
    const running = pool.apply(notice, [flags], { signal: controller.signal });
    const waiting = pool.apply(nap, [0], { signal: controller.signal });
    await raised(flags, 0);
    controller.abort(reason);
    await assert.rejects(running, reason);
    await assert.rejects(waiting, reason);
    await assert.rejects(pool.apply(nap, [0], { signal: controller.signal }), reason);
    await assert.rejects(pool.map(nap, [0, 1], { signal: controller.signal }), reason);
    assert.equal(await pool.apply(nap, [0]), 0);
  });

  it('timeout rejects with TaskTimeoutError and counts from the start of the task', async () => {
    const busy = pool.apply(nap, [200]);
    const waited = pool.apply(nap, [20], { timeout: 150 });
    await Promise.all([busy, waited]);
    const begin = performance.now();
    await assert.rejects(pool.apply(nap, [5000], { timeout: 60 }), (error: unknown) => {
      assert.ok(error instanceof TaskTimeoutError && error instanceof ProcessError);
      assert.equal(error.code, 'ERR_ALLCORES_TASK_TIMEOUT');
      assert.match(error.message, /60 ms/);
      return true;
    });
    const elapsed = performance.now() - begin;
    assert.ok(elapsed >= 55 && elapsed < 1500, `${elapsed} ms`);
    assert.equal(await pool.apply(nap, [1]), 1);
  });

  it('timeout of a map holds for each item', async () => {
    assert.deepEqual(await pool.map(nap, [60, 60, 60, 60], { timeout: 200 }), [60, 60, 60, 60]);
    await assert.rejects(pool.map(nap, [1, 3000, 1], { timeout: 60 }), { code: 'ERR_ALLCORES_TASK_TIMEOUT' });
    assert.equal(await pool.apply(nap, [1]), 1);
  });

  it('failFast rejects a map at the first error and begins no more items', async () => {
    const ran = new SharedArray('int32', 1);
    const items = Array.from({ length: 200 }, (_, i) => ({ i, ran }));
    const job = pool.map(
      (item: { i: number; ran: Flags }) => {
        Atomics.add(item.ran.view, 0, 1);
        if (item.i === 2) throw new RangeError('item 2');
      },
      items,
      { chunksize: 1, failFast: true },
    );
    await assert.rejects(job, { message: 'item 2' });
    await pool.apply(nap, [0]);
    assert.ok(ran.at(0)! < 20, `${ran.at(0)} items ran`);
  });
});
