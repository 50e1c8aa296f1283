import assert from 'node:assert/strict';
import {
  getContext,
  getStartMethod,
  Pool,
  PoolClosedError,
  Process,
  Queue,
  TimeoutError,
  type StartMethod,
} from 'allcores';
import { areProcesses, itWith } from '../../support/kinds.js';

/** A wait that should not come to its end fails by this, rather than hang. */
const LONG = 30_000;

function nap(ms: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return ms;
}

function forever(): void {
  for (;;);
}

/** Of the process that this code runs in; of a thread there is none of its own. */
function die(): void {
  process.kill(process.pid, 'SIGKILL');
  nap(60_000);
}

function leave(): never {
  process.exit(3);
}

const isGone = (pool: Pool): void => assert.deepEqual(pool.workers, []);

describe('Pool.joinSync', () => {
  it('blocks until what is there is done and the workers are gone, any number of times', async () => {
    const pool = new Pool(2);
    const results = Array.from({ length: 40 }, (_, i) => pool.applyAsync(nap, [i % 3]));
    const map = pool.mapAsync(nap, new Array<number>(30).fill(1));
    pool.close();
    pool.joinSync({ timeout: LONG });
    assert.ok([...results, map].every((result) => result.ready() && result.successful()));
    isGone(pool);
    pool.joinSync();
    await pool.join();
    pool.joinSync();
  });

  it('works for pools that never had anything to do, whose workers have not come up or stand by', async () => {
    for (const options of [{}, { minWorkers: 0 }, { standby: 1 }]) {
      const pool = new Pool(2, options);
      pool.close();
      pool.joinSync({ timeout: LONG });
      isGone(pool);
      await pool.join();
    }
  });

  it('settles promises, which go on once the thread is free', async () => {
    const pool = new Pool(1);
    const promise = pool.apply(nap, [20]);
    pool.close();
    pool.joinSync({ timeout: LONG });
    assert.equal(await promise, 20);
  });

  it('is refused while the pool is running', async () => {
    const pool = new Pool(1);
    assert.throws(() => pool.joinSync(), { code: 'ERR_ALLCORES_PROCESS', message: 'Pool is still running' });
    await pool.terminate();
  });

  it('throws a TimeoutError when its time passes first; the pool goes on', async () => {
    const pool = new Pool(1);
    const release = new Queue<number>();
    const result = pool.applyAsync((queue: Queue<number>) => queue.getSync(), [release]);
    pool.close();
    for (const timeout of [0, 20]) {
      assert.throws(
        () => pool.joinSync({ timeout }),
        (error: unknown) =>
          error instanceof TimeoutError && error.message === `The pool was not gone within ${timeout} ms`,
      );
    }
    release.putSync(7);
    pool.joinSync({ timeout: LONG });
    assert.equal(await result, 7);
  });

  it('throws the reason of a signal that was aborted before, and refuses bad options by name', async () => {
    const pool = new Pool(1);
    pool.close();
    const reason = new Error('enough');
    assert.throws(() => pool.joinSync({ signal: AbortSignal.abort(reason) }), reason);
    assert.throws(() => pool.joinSync({ timeout: NaN }), { name: 'TypeError', message: /^timeout must be a number/ });
    assert.throws(() => pool.joinSync({ timeout: '1' as unknown as number }), { message: /^timeout must be a number/ });
    assert.throws(() => pool.joinSync({ signal: 1 as unknown as AbortSignal }), {
      message: /^signal must be an Abort/,
    });
    pool.joinSync({ timeout: LONG, signal: new AbortController().signal });
    await pool.join();
  });

  it('does not wait for whoever holds an imap, which may be read on afterwards', async () => {
    const pool = new Pool(1);
    const iterator = pool.imap(nap, new Array<number>(30).fill(0), { buffersize: 2 });
    await iterator.next();
    pool.close();
    pool.joinSync({ timeout: LONG });
    let given = 1;
    for await (const _ of iterator) given++;
    assert.equal(given, 30);
    pool.joinSync({ timeout: LONG });
    isGone(pool);
  });

  it('learns of workers that die meanwhile', async () => {
    const pool = new Pool(2);
    const lost = pool.applyAsync(areProcesses ? die : leave);
    const others = [5, 10, 15].map((ms) => pool.applyAsync(nap, [ms]));
    pool.close();
    pool.joinSync({ timeout: LONG });
    isGone(pool);
    assert.throws(() => lost.getSync(), { code: 'ERR_ALLCORES_WORKER_CRASHED' });
    assert.deepEqual(await Promise.all(others), [5, 10, 15]);
  });

  itWith('process', 'learns of a worker that another one kills', () => {
    const pool = new Pool(2);
    const pids = new Queue<number>();
    const victim = (queue: Queue<number>): void => {
      queue.putSync(process.pid);
      for (;;);
    };
    const lost = pool.applyAsync(victim, [pids]);
    const murder = pool.applyAsync((queue: Queue<number>) => process.kill(queue.getSync(), 'SIGKILL'), [pids]);
    pool.close();
    pool.joinSync({ timeout: LONG });
    isGone(pool);
    assert.throws(() => lost.getSync(), { code: 'ERR_ALLCORES_WORKER_CRASHED', signal: 'SIGKILL' });
    assert.equal(murder.getSync(), true);
  });

  it('heeds the limits of tasks although no timer can run', () => {
    const pool = new Pool(1);
    const result = pool.applyAsync(forever, [], { timeout: 50 });
    pool.close();
    pool.joinSync({ timeout: LONG });
    assert.throws(() => result.getSync(), { code: 'ERR_ALLCORES_TASK_TIMEOUT' });
    isGone(pool);
  });
});

describe('Pool.terminateSync', () => {
  it('rejects what is there and ends workers, busy or not', () => {
    const pool = new Pool(2);
    pool.broadcastSync(nap, [0]);
    const results = [pool.applyAsync(forever), pool.applyAsync(nap, [60_000]), pool.applyAsync(nap, [0])];
    pool.terminateSync({ timeout: LONG });
    isGone(pool);
    for (const result of results) assert.throws(() => result.getSync(), PoolClosedError);
    pool.terminateSync();
    assert.throws(() => pool.applySync(nap, [0]), PoolClosedError);
  });

  it('ends workers that have not come up, and those that stand by', async () => {
    for (const options of [{}, { minWorkers: 0 }, { standby: 2 }]) {
      const pool = new Pool(2, options);
      pool.terminateSync({ timeout: LONG });
      isGone(pool);
      await pool.join();
    }
  });

  it('ends workers that stand by and have come up', async () => {
    const pool = new Pool(1, { standby: 1 });
    for (let i = 0; i < 20; i++) assert.equal(await pool.apply(nap, [10]), 10);
    pool.terminateSync({ timeout: LONG });
    await pool.join();
  });

  it('cuts the draining after close short', async () => {
    const pool = new Pool(1);
    const result = pool.applyAsync(nap, [60_000]);
    pool.close();
    const joined = pool.join();
    pool.terminateSync({ timeout: LONG });
    await joined;
    assert.throws(() => result.getSync(), PoolClosedError);
  });

  it('terminates although its wait ends at once', async () => {
    const reason = new Error('enough');
    const pool = new Pool(1);
    assert.throws(() => pool.terminateSync({ signal: AbortSignal.abort(reason) }), reason);
    assert.throws(() => pool.applySync(nap, [0]), PoolClosedError);
    const other = new Pool(1);
    await assert.rejects(other.terminate({ signal: AbortSignal.abort(reason) }), reason);
    assert.throws(() => other.applySync(nap, [0]), PoolClosedError);
    await Promise.all([pool.join(), other.join()]);
  });
});

describe('Pool.join with limits', () => {
  it('rejects with a TimeoutError, or the reason of its signal; the pool goes on', async () => {
    const pool = new Pool(1);
    const release = new Queue<number>();
    const result = pool.applyAsync((queue: Queue<number>) => queue.getSync(), [release]);
    pool.close();
    const unlimited = pool.join();
    await assert.rejects(pool.join({ timeout: 10 }), { name: 'TimeoutError', code: 'ERR_ALLCORES_TIMEOUT' });
    await assert.rejects(pool.join({ timeout: 0 }), TimeoutError);
    const controller = new AbortController();
    const reason = new Error('enough');
    const joined = pool.join({ signal: controller.signal });
    controller.abort(reason);
    await assert.rejects(joined, reason);
    await assert.rejects(pool.join({ signal: controller.signal }), reason);
    release.putSync(1);
    assert.equal(await result, 1);
    await unlimited;
    await pool.join({ timeout: LONG, signal: new AbortController().signal });
    isGone(pool);
  });

  it('refuses bad options by name, and a running pool', async () => {
    const pool = new Pool(1);
    await assert.rejects(pool.join({ timeout: NaN }), { name: 'TypeError', message: /^timeout must be a number/ });
    await assert.rejects(pool.join({ signal: {} as AbortSignal }), { message: /^signal must be an AbortSignal/ });
    await assert.rejects(pool.join({ timeout: 1 }), { message: 'Pool is still running' });
    await pool.terminate({ timeout: LONG });
  });
});

describe('using a pool', () => {
  it('drains, and loses nothing', () => {
    const results = [];
    {
      using pool = new Pool(2);
      for (let i = 0; i < 20; i++) results.push(pool.applyAsync(nap, [i % 4]));
    }
    assert.ok(results.every((result) => result.ready() && result.successful()));
  });

  it('may end a pool that was terminated', () => {
    using pool = new Pool(1);
    pool.terminateSync();
  });
});

function ownPool(method: StartMethod): number[] {
  using pool = new (getContext(method).Pool)(2);
  const lost = pool.applyAsync(method === 'process' ? die : leave);
  const squares = pool.mapSync((x: number) => x * x, [1, 2, 3]);
  if (pool.broadcastSync(nap, [1]).length !== 2) throw new Error('not on every worker');
  lost.waitSync();
  if (lost.successful()) throw new Error('it lived');
  return squares;
}

describe('a pool of a worker', () => {
  it('blocks that worker alone, and is gone when it goes on', async () => {
    await using pool = new Pool(1);
    assert.deepEqual(await pool.apply(ownPool, [getStartMethod()], { timeout: LONG }), [1, 4, 9]);
    const process = new Process({ target: ownPool, args: [getStartMethod()] }).start();
    assert.equal(process.joinSync({ timeout: LONG }), true);
    assert.equal(process.exitCode, 0);
  });
});
