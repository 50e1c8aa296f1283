import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { getContext, loadKernel, SharedArray } from 'allcores';
import { build } from './library.js';

describe('kernels in workers', () => {
  for (const method of ['thread', 'process'] as const) {
    it(`run on the same memory from a ${method}`, async () => {
      await using pool = new (getContext(method).Pool)(2);
      const vector = new SharedArray('float64', 50_000).fill(2);
      const sums = await Promise.all(
        Array.from({ length: 6 }, () =>
          pool.apply(async (shared: SharedArray) => (await shared.sum()) + shared.sumSync(), [vector]),
        ),
      );
      assert.deepEqual(sums, new Array(6).fill(200_000));
      await pool.apply((shared: SharedArray) => void shared.mapSync('add', 1, { out: shared }), [vector]);
      assert.equal(await vector.sum(), 150_000);
    });

    it(`end with a ${method} that is blocked by one when its task is cancelled`, async () => {
      const library = build('wait.cc');
      await using pool = new (getContext(method).Pool)(1);
      const cells = new SharedArray('int32', 2);
      const block = async (path: string, shared: SharedArray<'int32'>): Promise<void> => {
        const wait = await loadKernel(path);
        wait.runSync(1, { inputs: [shared] });
      };
      const controller = new AbortController();
      const running = pool.apply(block, [library, cells], { signal: controller.signal });
      while (Atomics.load(cells.view, 0) === 0) await sleep(1);
      controller.abort(new Error('enough'));
      await assert.rejects(running, { message: 'enough' });
      assert.equal(await pool.apply((shared: SharedArray<'int32'>) => shared.sumSync(), [cells]), 1);
    });

    it(`end with a ${method} that ends while they run`, async () => {
      await using pool = new (getContext(method).Pool)(1);
      const vector = new SharedArray('float64', 1_000_000).fill(1);
      for (let round = 0; round < 5; round++) {
        const crash = pool.apply(
          (shared: SharedArray) => {
            for (let i = 0; i < 10; i++) void shared.map(['exp', 'log', 'exp', 'log']);
            process.exit(3);
          },
          [vector],
        );
        await assert.rejects(crash, { name: 'WorkerCrashedError', exitCode: 3 });
      }
      assert.equal(await vector.sum(), 1_000_000);
    });
  }

  it('keep a program alive until they are over, and no longer', async () => {
    const { execFileSync } = await import('node:child_process');
    const script = `import { SharedArray } from 'allcores';
      const vector = new SharedArray('float64', 3_000_000).fill(1);
      vector.sum().then((sum) => console.log(sum));`;
    assert.equal(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 30_000 }).toString(),
      '3000000\n',
    );
  });
});
