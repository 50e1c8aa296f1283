import assert from 'node:assert/strict';
import { Barrier, BrokenBarrierError, Pool, SharedArray, task, Value } from 'allcores';

const N = 5;
type Counts = SharedArray<'int32'>;

/** One more; gives how many that makes. */
const count = (counts: Counts, which: number): number => Atomics.add(counts.view, which, 1) + 1;

function isBroken(error: unknown): true {
  if (error instanceof BrokenBarrierError) return true;
  throw error;
}

/** Each pass: nobody is at the second meeting before all have been at the first. */
function inLockstep(barrier: Barrier, counts: Counts, passes: number): void {
  for (let i = 0; i < passes; i++) {
    count(counts, 0);
    if (counts.at(1) !== i * barrier.parties) throw new Error(`somebody is ahead: ${counts.at(1)}`);
    barrier.waitSync();
    count(counts, 1);
    if (counts.at(0) !== (i + 1) * barrier.parties) throw new Error(`somebody is behind: ${counts.at(0)}`);
    barrier.waitSync();
  }
}

async function inLockstepInLoop(barrier: Barrier, counts: Counts, passes: number): Promise<void> {
  for (let i = 0; i < passes; i++) {
    count(counts, 0);
    if (counts.at(1) !== i * barrier.parties) throw new Error(`somebody is ahead: ${counts.at(1)}`);
    await barrier.wait();
    count(counts, 1);
    if (counts.at(0) !== (i + 1) * barrier.parties) throw new Error(`somebody is behind: ${counts.at(0)}`);
    await barrier.wait();
  }
}

/** One aborts; the others are told. */
function abort(barrier: Barrier, counts: Counts): void {
  try {
    if (barrier.waitSync() === 2) {
      barrier.abort();
      return;
    }
    barrier.waitSync();
    count(counts, 0);
  } catch (error) {
    if (isBroken(error)) count(counts, 1);
  }
}

function reset(barrier: Barrier, counts: Counts): void {
  if (barrier.waitSync() === 2) {
    while (barrier.nWaiting < barrier.parties - 1);
    barrier.reset();
  } else {
    try {
      barrier.waitSync();
      count(counts, 0);
    } catch (error) {
      if (isBroken(error)) count(counts, 1);
    }
  }
  barrier.waitSync();
  count(counts, 2);
}

function abortAndReset(barrier: Barrier, second: Barrier, counts: Counts): void {
  abort(barrier, counts);
  if (second.waitSync() === 2) barrier.reset();
  second.waitSync();
  barrier.waitSync();
  count(counts, 2);
}

/** One comes only when the time of the others has passed. */
function late(barrier: Barrier, counts: Counts, timeout: number | undefined): void {
  if (barrier.waitSync({ timeout: 15_000 }) === 2) while (!barrier.broken);
  try {
    barrier.waitSync({ timeout });
  } catch (error) {
    if (isBroken(error)) count(counts, 0);
  }
}

function often(barrier: Barrier, counts: Counts, passes: number): void {
  for (let i = 0; i < passes; i++) counts.view[barrier.waitSync()]! += 1;
}

describe('as Python: Barrier', () => {
  let pool: Pool;
  before(() => (pool = new Pool(N)));
  after(() => pool.terminate());

  for (const passes of [1, 10]) {
    it(`is passed in lockstep, ${passes} times`, async () => {
      const [barrier, counts] = [new Barrier(N, { timeout: 15_000 }), new SharedArray('int32', 2)];
      const blocking = Array.from({ length: 3 }, () => pool.apply(inLockstep, [barrier, counts, passes]));
      const others = Array.from({ length: 2 }, () => pool.apply(inLockstepInLoop, [barrier, counts, passes]));
      await Promise.all([...blocking, ...others]);
      assert.deepEqual([...counts], [passes * N, passes * N]);
      assert.deepEqual([barrier.nWaiting, barrier.broken], [0, false]);
    });
  }

  it('gives each an index of its own', async () => {
    const indices = await pool.broadcast((barrier: Barrier) => barrier.waitSync(), [new Barrier(N)]);
    assert.deepEqual(indices.toSorted(), [0, 1, 2, 3, 4]);
  });

  it('runs its action once, and before anybody goes on', async () => {
    const acted = new Value('int32');
    const barrier = new Barrier(N, { action: task(() => void acted.add(1), { acted }) });
    const seen = await pool.broadcast(
      (b: Barrier, value: Value<'int32'>) => {
        b.waitSync();
        return value.value;
      },
      [barrier, acted],
    );
    assert.deepEqual(seen, Array(N).fill(1));
  });

  it('an abort leaves it broken', async () => {
    const [barrier, counts] = [new Barrier(N), new SharedArray('int32', 2)];
    await pool.broadcast(abort, [barrier, counts]);
    assert.deepEqual([...counts], [0, N - 1]);
    assert.equal(barrier.broken, true);
  });

  it('a reset frees those who wait', async () => {
    const [barrier, counts] = [new Barrier(N), new SharedArray('int32', 3)];
    await pool.broadcast(reset, [barrier, counts]);
    assert.deepEqual([...counts], [0, N - 1, N]);
  });

  it('can be reset after an abort', async () => {
    const counts = new SharedArray('int32', 3);
    await pool.broadcast(abortAndReset, [new Barrier(N), new Barrier(N), counts]);
    assert.deepEqual([...counts], [0, N - 1, N]);
  });

  it('breaks for all when the time of one wait passes', async () => {
    const counts = new SharedArray('int32', 1);
    await pool.broadcast(late, [new Barrier(N), counts, 50]);
    assert.equal(counts.at(0), N);
  });

  it('has a timeout of its own for waits without one', async () => {
    const counts = new SharedArray('int32', 1);
    await pool.broadcast(late, [new Barrier(N, { timeout: 50 }), counts, undefined]);
    assert.equal(counts.at(0), N);
  });

  it('of one party is passed at once', () => {
    const barrier = new Barrier(1);
    assert.deepEqual([barrier.waitSync(), barrier.waitSync()], [0, 0]);
  });

  it('is passed a thousand times', async () => {
    const counts = new SharedArray('int32', N);
    await pool.broadcast(often, [new Barrier(N, { timeout: 15_000 }), counts, 1000]);
    assert.deepEqual([...counts], Array(N).fill(1000));
  });
});
