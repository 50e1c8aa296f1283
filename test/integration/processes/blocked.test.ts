import assert from 'node:assert/strict';
import { getContext, task, type WorkerInfo } from 'allcores';

const { Pool, Process } = getContext('process');
const { Pool: ThreadPool } = getContext('thread');

const square = (x: number): number => x * x;

describe('processes while the event loop of their owner is blocked', () => {
  it('come up and work: applySync on a pool that was just made', () => {
    const pool = new Pool(2);
    assert.equal(pool.applySync(square, [5]), 25);
    assert.deepEqual(pool.mapSync(square, [1, 2, 3]), [1, 4, 9]);
    void pool.terminate();
  });

  it('are known by their numbers before they have come up', () => {
    const pool = new Pool(1);
    const [{ pid, state }] = pool.workers as [WorkerInfo];
    assert.equal(state, 'starting');
    assert.equal(
      pool.applySync(() => process.pid),
      pid,
    );
    assert.equal(pool.workers[0]!.pid, pid);
    void pool.terminate();
  });

  it('are replaced when they die', () => {
    const pool = new Pool(1);
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      assert.throws(
        () => pool.applySync((name: NodeJS.Signals) => void process.kill(process.pid, name), [signal]),
        (error: Error & { signal?: string }) => error.name === 'WorkerCrashedError',
      );
      assert.equal(pool.applySync(square, [6]), 36);
    }
    assert.throws(() => pool.applySync((code: number) => process.exit(code), [3]), { exitCode: 3 });
    assert.equal(pool.applySync(square, [7]), 49);
    void pool.terminate();
  });

  it('deliver large results', () => {
    const pool = new Pool(1);
    const bytes = pool.applySync((size: number) => new Uint8Array(size).fill(5), [20 << 20]);
    assert.ok(bytes.length === 20 << 20 && bytes.at(-1) === 5);
    void pool.terminate();
  });

  it('serve two pools at once, of either kind', () => {
    const pools = [new Pool(1), new ThreadPool(1), new Pool(2)];
    const results = pools.map((pool) => pool.applyAsync(square, [3]));
    assert.deepEqual(results.toReversed().map((result) => result.getSync()), [9, 9, 9]); // prettier-ignore
    for (const pool of pools) void pool.terminate();
  });

  it('are joined by joinSync, whatever ends them', () => {
    const ends: [(this: void) => unknown, number][] = [
      [(): void => {}, 0],
      [(): never => process.exit(4), 4],
      [(): unknown => process.kill(process.pid, 'SIGKILL'), -9],
    ];
    for (const [target, exitCode] of ends) {
      const child = new Process({ target }).start();
      assert.equal(child.joinSync(), true);
      assert.equal(child.exitCode, exitCode);
    }
  });

  it('serve a pool that a worker thread made, blocking and not', async () => {
    await using pool = new ThreadPool(1);
    const results = await pool.apply(
      task(async (fn: (x: number) => number) => {
        await using inner = new (getContext('process').Pool)(2);
        const sync = inner.mapSync(fn, [1, 2]);
        return [...sync, ...(await inner.map(fn, [3, 4])), (await inner.apply(() => process.pid)) !== process.pid];
      }, {}),
      [square],
    );
    assert.deepEqual(results, [1, 4, 9, 16, true]);
  });
});
