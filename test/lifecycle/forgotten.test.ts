import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Event, heapFigures, Lock, Pool } from 'allcores';
import { run } from './child.js';
import { base, report, seen, workersGone } from './inside.js';

describe('a forgotten pool', () => {
  it('is a ResourceWarning at collection, and its workers leave', async () => {
    const child = await run(
      async () => {
        const threads = await base();
        const warnings: string[] = [];
        process.on('warning', ({ name, message }) => warnings.push(`${name}: ${message}`));
        await (async () => report(await new Pool(2).map((x: number) => x, [1, 2, 3])))();
        const until = performance.now() + 5000;
        while (warnings.length === 0 && performance.now() < until) {
          (globalThis as unknown as { gc: () => void }).gc();
          await sleep(10);
        }
        report(warnings);
        report(await workersGone(threads));
      },
      { execArgv: ['--expose-gc'] },
    );
    const warning = 'ResourceWarning: A pool was collected without close(), terminate() or `await using`';
    assert.deepEqual(child.reports, [[1, 2, 3], [warning], 0]);
    assert.equal(child.code, 0);
  });

  it('leaves no memory behind once it was closed or terminated, nor what its initializer was given', async () => {
    const child = await run(
      async (native: string) => {
        const { native: addon } = (await import(native)) as { native: { segmentCount(): number } };
        const figures = (): number[] => [heapFigures().blocks, addon.segmentCount()];
        await new Pool(1).terminate(); // whatever is made once
        const before = figures();
        for (const end of ['close', 'terminate'] as const) {
          await (async () => {
            const pool = new Pool(2, { initializer: (..._all: unknown[]) => {}, initargs: [new Event(), new Lock()] });
            await pool.map((x: number) => x, [1, 2, 3]);
            void pool[end]();
            await pool.join();
          })();
        }
        for (let i = 0; i < 1000 && String(figures()) !== String(before); i++) {
          (globalThis as unknown as { gc: () => void }).gc();
          await sleep(10);
        }
        report(figures().map((figure, i) => Math.max(0, figure - before[i]!)));
      },
      { execArgv: ['--expose-gc'], args: [new URL('../../../dist/lib/binding/native.js', import.meta.url).href] },
    );
    assert.deepEqual(child.reports, [[0, 0]], child.stderr);
  });

  it('still settles what it was given', async () => {
    const child = await run(
      async () => {
        const threads = await base();
        const start = (): Promise<unknown>[] => {
          const pool = new Pool(2);
          const slow = (x: number): Promise<number> => new Promise((resolve) => setTimeout(() => resolve(x), 200));
          return [
            pool.apply(slow, [1]),
            pool.apply(slow, [2]),
            seen(pool.apply(() => process.exit(5), [], { retries: 1 })),
            pool.apply(slow, [3]),
            pool.map(slow, [4, 5], { chunksize: 1 }),
          ];
        };
        const work = Promise.all(start());
        for (let i = 0; i < 20; i++) {
          (globalThis as unknown as { gc: () => void }).gc();
          await sleep(10);
        }
        const [one, two, crash, three, rest] = await work;
        report([one, two, (crash as { error: Record<string, unknown> }).error['exitCode'], three, rest]);
        (globalThis as unknown as { gc: () => void }).gc();
        report(await workersGone(threads));
      },
      { execArgv: ['--expose-gc'] },
    );
    assert.deepEqual(child.reports, [[1, 2, 5, 3, [4, 5]], 0]);
    assert.equal(child.code, 0);
  });

  it('does not delay the exit, and one that was let go warns of nothing', async () => {
    const child = await run(
      async () => {
        process.on('warning', ({ name }) => report(name));
        await (async () => {
          for (let i = 0; i < 3; i++) {
            const pool = new Pool(1);
            report(await pool.apply((x: number) => x, [i]));
            pool.close();
            await pool.join();
          }
        })();
        for (let i = 0; i < 10; i++) {
          (globalThis as unknown as { gc: () => void }).gc();
          await sleep(10);
        }
        void new Pool(2);
      },
      { execArgv: ['--expose-gc'] },
    );
    assert.deepEqual(child.reports, [0, 1, 2]);
    assert.deepEqual([child.code, child.stderr], [0, '']);
  });

  it('many pools, one after the other: nothing is left of them', async () => {
    const child = await run(
      async () => {
        const threads = await base();
        const memory: number[] = [];
        for (let i = 0; i < 40; i++) {
          const pool = new Pool(1);
          await pool.apply((x: string) => x.length, ['x'.repeat(1000)]);
          await pool.terminate();
          (globalThis as unknown as { gc: () => void }).gc();
          await sleep(1);
          memory.push(process.memoryUsage().rss);
        }
        report(await workersGone(threads));
        report(memory.at(-1)! - memory[9]! < 30 << 20);
      },
      { execArgv: ['--expose-gc'] },
    );
    assert.deepEqual(child.reports, [0, true]);
  });
});
