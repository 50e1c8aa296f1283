import assert from 'node:assert/strict';
import { getContext, heapFigures } from 'allcores';
import { run } from '../child.js';
import { report } from '../inside.js';

describe('a process whose message finds no room in the shared heap', () => {
  it('costs that task, and keeps nothing of it', async () => {
    const child = await run(async () => {
      process.env.ALLCORES_HEAP_LIMIT = String(64 * 2 ** 20);
      const { Pool } = getContext('process');
      const pool = new Pool(1);
      const outcome = (promise: Promise<unknown>): Promise<string> =>
        promise.then(
          () => 'done',
          (error: unknown) => String(error).replace(/\d+/, 'n'),
        );
      const text = (mib: number): string => 'x'.repeat(mib * 2 ** 20);
      const later = (mib: number): Promise<string> => Promise.resolve('x'.repeat(mib * 2 ** 20));
      const buffers = (...mibs: number[]): Uint8Array[] => mibs.map((mib) => new Uint8Array(Math.trunc(mib * 2 ** 20)));
      const count = (...all: unknown[]): number => all.length;
      const thrown = (mib: number): never => {
        throw Object.assign(new Error('thrown'), { data: 'x'.repeat(mib * 2 ** 20) });
      };
      const attempt = async (mib: number): Promise<void> => {
        report(await outcome(pool.apply(text, [mib])));
        report(await outcome(pool.apply(later, [mib])));
        report(await outcome(pool.apply(buffers, [mib / 4, mib / 4, mib / 4])));
        report(await outcome(pool.apply(count, [text(mib)])));
        report(await outcome(pool.apply(count, buffers(mib / 4, mib / 4, mib / 4))));
        report(await outcome(pool.apply(count, [...buffers(mib / 4), text((mib * 3) / 4)])));
      };
      await attempt(0.01); // short enough for the rings: nothing is left for a collector to find
      const { live, blocks } = heapFigures();
      await attempt(60);
      report(await outcome(pool.apply(thrown, [60])));
      const after = heapFigures();
      report([after.live - live, after.blocks - blocks]);
      await attempt(4);
      report(pool.stats().crashed);
      await pool.terminate();
    });
    const full =
      'HeapFullError: No shared memory left for n bytes: let go of what is no longer needed, or raise ALLCORES_HEAP_LIMIT ' +
      '(default: the memory of the machine)';
    const six = (outcome: string): string[] => Array.from({ length: 6 }, () => outcome);
    assert.deepEqual(child.reports, [...six('done'), ...six(full), full, [0, 0], ...six('done'), 0], child.stderr);
    assert.equal(child.code, 0, child.stderr);
  });
});

describe('a pool for which there is no room', () => {
  it('is refused with a HeapFullError that says what to do', async () => {
    const child = await run(() => {
      process.env.ALLCORES_HEAP_LIMIT = String(2 ** 25);
      const { Pool } = getContext('process');
      const pools: object[] = [];
      try {
        while (pools.length < 1000) pools.push(new Pool(1, { minWorkers: 0 }));
      } catch (error) {
        report([String(error), (error as { code?: string }).code]);
      }
      process.exit();
    });
    const remedy =
      'let go of what is no longer needed, or raise ALLCORES_HEAP_LIMIT (default: the memory of the machine)';
    const expected = [`HeapFullError: No shared memory left for a pool: ${remedy}`, 'ERR_ALLCORES_HEAP_FULL'];
    assert.deepEqual(child.reports, [expected], child.stderr);
    assert.equal(child.code, 0, child.stderr);
  });
});
