import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { getContext, type Pool as AnyPool } from 'allcores';
import { childrenOf, isThere, threads, until } from '../../support/system.js';

const { Pool } = getContext('process');
const { Pool: ThreadPool } = getContext('thread');

/** Processes of a pool, started by `make`, those that stand by included. */
function started(make: () => AnyPool): [AnyPool, number[]] {
  const before = new Set(childrenOf());
  return [make(), childrenOf().filter((pid) => !before.has(pid))];
}

const pidOf = (): number => process.pid;

describe('a process that stands by', function () {
  before(function () {
    if (process.platform !== 'linux') this.skip(); // only there can it be looked up
  });

  it('is started beside the workers, and takes the place of one that is killed', async () => {
    const [pool, pids] = started(() => new Pool(1, { standby: 1 }));
    try {
      assert.equal(pids.length, 2);
      const worker = await pool.apply(pidOf);
      const standby = pids.find((pid) => pid !== worker);
      process.kill(worker, 'SIGKILL');
      await until(() => pool.workers[0]?.name === 'PoolWorker-2');
      assert.equal(await pool.apply(pidOf), standby);
      assert.equal(pool.workers[0]?.pid, standby);
    } finally {
      await pool.terminate();
    }
  });

  it('takes the place of one that has done its tasks, each time', async () => {
    await using pool = new Pool(1, { standby: 1, maxTasksPerChild: 1 });
    const seen: number[] = [];
    for (let i = 0; i < 4; i++) {
      const there = childrenOf();
      const pid = await pool.apply(pidOf);
      assert.ok(there.includes(pid), 'it was there before');
      assert.ok(!seen.includes(pid));
      seen.push(pid);
      await until(() => pool.workers.some(({ state, pid: other }) => state !== 'leaving' && other !== pid));
    }
  });

  it('begins with the initializer, and knows functions that came before it was needed', async () => {
    await using pool = new Pool(1, { standby: 1, initializer: () => void (process.title = 'made ready') });
    const title = (): string => process.title;
    assert.equal(await pool.apply(title), 'made ready');
    const worker = await pool.apply(pidOf);
    await assert.rejects(
      pool.apply((code: number) => process.exit(code), [4]),
      { exitCode: 4 },
    );
    assert.equal(await pool.apply(title), 'made ready');
    assert.notEqual(await pool.apply(pidOf), worker);
  });

  it('does no harm when it is killed, and another one comes with the next worker', async () => {
    const [pool, pids] = started(() => new Pool(1, { standby: 1 }));
    try {
      const worker = await pool.apply(pidOf);
      const standby = pids.find((pid) => pid !== worker);
      process.kill(standby!, 'SIGKILL');
      await until(() => !isThere(standby!));
      assert.equal(await pool.apply(pidOf), worker);
      assert.deepEqual([pool.stats().crashed, pool.workers.length], [0, 1]);
      const before = new Set(childrenOf());
      process.kill(worker, 'SIGKILL');
      await until(() => childrenOf().filter((pid) => !before.has(pid)).length === 2);
      assert.notEqual(await pool.apply(pidOf), worker);
    } finally {
      await pool.terminate();
    }
  });

  it('that cannot come up is not started over and over', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'allcores-standby-'));
    const module = path.join(folder, 'first-alone.cjs');
    // The first process that loads it goes on, all others exit: each leaves a mark.
    const source = `const fs = require('fs');
      fs.appendFileSync(__dirname + '/starts', '.');
      try { fs.mkdirSync(__dirname + '/first'); } catch { process.exit(3); }`;
    writeFileSync(module, source);
    try {
      await using pool = new Pool(1, { standby: 1, execArgv: ['--require', module] });
      const worker = await pool.apply(pidOf);
      for (let i = 0; i < 50; i++) assert.equal(await pool.apply(pidOf), worker);
      await until(() => childrenOf().every((pid) => pid === worker || !isOf(pid, module)));
      // One of the two first ones; and, if the one that stood by came first, one more beside it.
      assert.ok(readFileSync(path.join(folder, 'starts'), 'utf8').length <= 3);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  for (const end of ['close', 'terminate'] as const) {
    it(`is gone after ${end} and join, used or not`, async () => {
      const [pool, pids] = started(() => new Pool(2, { standby: 2 }));
      assert.equal(pids.length, 4);
      if (end === 'close') await pool.apply(pidOf);
      void pool[end]();
      await pool.join();
      assert.deepEqual(pids.filter(isThere), []);
    });
  }

  it('is not started for a pool that has not all of its workers yet', async () => {
    const [pool, pids] = started(() => new Pool(2, { standby: 1, minWorkers: 0 }));
    await using _ = pool;
    assert.deepEqual(pids, []);
    const pid = await pool.apply(pidOf);
    assert.equal(childrenOf(pid).length, 0);
    assert.equal(pool.workers.length, 1);
  });

  it('is refused unless it is an integer of at least 0', () => {
    assert.throws(() => new Pool(1, { standby: -1 }), { name: 'RangeError', message: /^standby must be .* got -1/ });
    assert.throws(() => new Pool(1, { standby: '1' as never }), { name: 'TypeError', message: /^standby must be/ });
  });
});

function isOf(pid: number, module: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(module);
  } catch {
    return false;
  }
}

describe('a thread that stands by', function () {
  before(async function () {
    if (process.platform !== 'linux') this.skip();
    await access('/proc/self'); // has the threads of libuv started
  });

  it('takes the place of a worker, and is gone after join', async () => {
    const before = new Set(threads());
    const pool = new ThreadPool(1, { standby: 1 });
    await pool.apply(pidOf);
    const ours = new Set(threads().filter((thread) => !before.has(thread)));
    const [worker] = pool.workers;
    assert.ok(worker !== undefined && ours.has(worker.pid));
    await assert.rejects(
      pool.apply((code: number) => process.exit(code), [5]),
      { exitCode: 5 },
    );
    await pool.apply(pidOf);
    const [heir] = pool.workers;
    assert.notEqual(heir?.pid, worker.pid);
    assert.ok(ours.has(heir!.pid), 'it was there before');
    pool.close();
    await pool.join();
    assert.deepEqual(threads().filter((thread) => ours.has(thread)), []); // prettier-ignore
  });

  it('that was never used is gone after terminate', async () => {
    const before = new Set(threads());
    const pool = new ThreadPool(2, { standby: 2 });
    const ours = new Set(threads().filter((thread) => !before.has(thread)));
    assert.ok(ours.size >= 4);
    await pool.terminate();
    assert.deepEqual(threads().filter((thread) => ours.has(thread)), []); // prettier-ignore
  });
});
