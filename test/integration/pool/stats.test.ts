import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, type Histogram } from 'allcores';
import { areProcesses } from '../../support/kinds.js';
import { until } from '../../support/system.js';

function nap(ms: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return ms;
}

function fail(): never {
  throw new RangeError('no');
}

function checkHistogram({ count, mean, p50, p90, p99, max, buckets }: Histogram): void {
  assert.equal(
    buckets.reduce((sum, bucket) => sum + bucket.count, 0),
    count,
  );
  assert.ok(p50 <= p90 && p90 <= p99 && p99 <= max, `${p50} ${p90} ${p99} ${max}`);
  assert.ok(mean <= max);
}

describe('Pool.stats', () => {
  let pool: Pool;
  beforeEach(() => (pool = new Pool(2)));
  afterEach(() => pool.terminate());

  it('has every figure from the start', () => {
    const stats = pool.stats();
    assert.deepEqual(Object.keys(stats).sort(), [
      'completed',
      'crashed',
      'failed',
      'idle',
      'native',
      'queued',
      'recycled',
      'running',
      'runTime',
      'utilization',
      'waitTime',
      'workers',
    ].sort()); // prettier-ignore
    assert.deepEqual([stats.workers, stats.idle, stats.running, stats.completed, stats.failed], [2, 2, 0, 0, 0]);
    assert.ok(stats.native.idle <= stats.native.threads && stats.native.running === 0, JSON.stringify(stats.native));
    assert.deepEqual(stats.runTime, { count: 0, mean: 0, p50: 0, p90: 0, p99: 0, max: 0, buckets: [] });
  });

  it('counts tasks that ended, and those that failed', async () => {
    await Promise.all(Array.from({ length: 30 }, () => pool.apply(nap, [0])));
    for (let i = 0; i < 4; i++) await pool.apply(fail).catch(() => {});
    const { completed, failed, queued, running, idle } = pool.stats();
    assert.deepEqual(
      { completed, failed, queued, running, idle },
      { completed: 30, failed: 4, queued: 0, running: 0, idle: 2 },
    );
  });

  it('counts each task once, by how it was settled', async () => {
    await using fresh = new Pool(1);
    const ends = [
      fresh.apply(nap, [0]),
      fresh.apply(fail),
      fresh.apply(() => process.exit(3)),
      fresh.apply(() => { for (;;); }, [], { timeout: 20 }), // prettier-ignore
    ];
    await Promise.allSettled(ends);
    const late = fresh.applyAsync(nap, [100]);
    await until(() => fresh.stats().running === 1);
    late.cancel();
    await assert.rejects(late.get(), { name: 'AbortError' });
    await fresh.apply(nap, [0]); // the cancelled one is over
    const { completed, failed, crashed, running } = fresh.stats();
    assert.deepEqual({ completed, failed, crashed, running }, { completed: 2, failed: 4, crashed: 1, running: 0 });
  });

  it('tells what runs and what waits', async () => {
    await pool.broadcast(nap, [0]);
    const tasks = Array.from({ length: 6 }, () => pool.apply(nap, [150]));
    await sleep(70);
    const { running, queued, idle } = pool.stats();
    assert.deepEqual({ running, queued, idle }, { running: 2, queued: 4, idle: 0 });
    await Promise.all(tasks);
  });

  it('measures how long tasks wait and run, in ms', async () => {
    await pool.broadcast(nap, [0]);
    await Promise.all(Array.from({ length: 10 }, () => pool.apply(nap, [40])));
    await pool.broadcast(nap, [0]); // a worker accounts for a task when it takes the next
    const { runTime, waitTime, utilization } = pool.stats();
    checkHistogram(runTime);
    checkHistogram(waitTime);
    assert.ok(runTime.max >= 40 && runTime.max < 400, `${runTime.max}`);
    assert.ok(waitTime.max >= 40, `${waitTime.max}`);
    assert.ok(utilization > 0.05 && utilization <= 1, `${utilization}`);
  });

  it('measures the wait of every task, whatever was asked in its tick before', async () => {
    await using fresh = new Pool(1);
    const since = performance.now();
    assert.equal(fresh.stats().waitTime.count, 0);
    await fresh.apply(nap, [0]);
    fresh.applySync(nap, [0]);
    fresh.applySync(nap, [0]);
    await fresh.apply(nap, [0]);
    await fresh.broadcast(nap, [0]); // accounts for the ones before
    const { waitTime } = fresh.stats();
    assert.ok(waitTime.count >= 4, `${waitTime.count}`);
    // Buckets double, so that a bound may be twice what was measured.
    assert.ok(waitTime.max <= 2 * (performance.now() - since), `${waitTime.max}`);
  });

  it('counts crashes and replacements apart', async () => {
    const recycled = new Pool(1, { maxTasksPerChild: 1 });
    try {
      await recycled.apply(nap, [0]);
      await recycled.apply(nap, [0]);
      await recycled.apply(() => process.exit(1)).catch(() => {});
      await recycled.apply(nap, [0]);
      assert.equal(recycled.stats().crashed, 1);
      assert.ok(recycled.stats().recycled >= 2);
    } finally {
      await recycled.terminate();
    }
  });

  it('can be asked after the end', async () => {
    await pool.apply(nap, [0]);
    await pool.terminate();
    const { workers, completed, queued, running } = pool.stats();
    assert.deepEqual({ workers, completed, queued, running }, { workers: 0, completed: 1, queued: 0, running: 0 });
  });
});

describe('Pool.workers', () => {
  it('tells id, name, thread and state of each', async () => {
    const pool = new Pool(2);
    try {
      const begun = pool.workers;
      assert.deepEqual(
        begun.map(({ pid: _pid, ...each }) => each),
        [
          { id: 1, name: 'PoolWorker-1', state: 'starting' },
          { id: 2, name: 'PoolWorker-2', state: 'starting' },
        ],
      );
      if (!areProcesses) assert.ok(begun.every(({ pid }) => pid === 0)); // that of a thread is told by itself
      await pool.broadcast(nap, [0]);
      const [first, second] = pool.workers;
      if (areProcesses) assert.deepEqual([first?.pid, second?.pid], [begun[0]?.pid, begun[1]?.pid]);
      assert.deepEqual([first?.state, second?.state], ['serving', 'serving']);
      assert.ok(first!.pid > 0 && second!.pid > 0 && first!.pid !== second!.pid);
    } finally {
      await pool.terminate();
    }
    assert.deepEqual(pool.workers, []);
  });
});
