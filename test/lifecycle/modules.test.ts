import assert from 'node:assert/strict';
import { Pool, fromModule } from 'allcores';
import { run } from './child.js';
import { base, letGo, report, seen } from './inside.js';

const ALL_GONE = { threads: 0, workers: 0 };

const fixtures = new URL('../../../test/lifecycle/fixtures/', import.meta.url);

/** A module of the tests as an URL, given its source. */
const moduleOf = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`;

describe('a function whose module', () => {
  it('throws as it loads: the error of the module, and the worker survives', async () => {
    const child = await run(
      async (throwing: string, rejecting: string, missing: string) => {
        const threads = await base();
        const pool = new Pool(1);
        report(await seen(() => pool.apply(fromModule<{ f: () => number }>(throwing, 'f'))));
        report(await seen(() => pool.apply(fromModule<{ f: () => number }>(rejecting, 'f'))));
        const gone = (await seen(() => pool.apply(fromModule<{ f: () => number }>(missing, 'f')))) as {
          error: Record<string, unknown>;
        };
        report(gone.error['code']);
        report(await seen(() => pool.apply(fromModule<{ f: () => number }>(throwing, 'f'))));
        report(await seen(pool.apply(() => 'next')));
        report(pool.workers.map(({ id }) => id));
        report(await letGo(pool, threads));
      },
      {
        args: [
          moduleOf('throw new RangeError("at the top"); export const f = () => 1;'),
          moduleOf('await null; throw new TypeError("later"); export const f = () => 1;'),
          'file:///nowhere/missing.mjs',
        ],
      },
    );
    const atTop = { error: { name: 'RangeError', message: 'at the top' } };
    const later = { error: { name: 'TypeError', message: 'later' } };
    const next = { value: 'next' };
    assert.deepEqual(child.reports, [atTop, later, 'ERR_MODULE_NOT_FOUND', atTop, next, [1], ALL_GONE]);
    assert.equal(child.code, 0);
  });

  it('never finishes loading: the timeout of the task ends it', async () => {
    const child = await run(
      async (endless: string, spinning: string) => {
        const threads = await base();
        const pool = new Pool(1);
        for (const module of [endless, spinning]) {
          const outcome = await seen(() =>
            pool.apply(fromModule<{ f: () => number }>(module, 'f'), [], { timeout: 50 }),
          );
          report((outcome as { error: Record<string, unknown> }).error['name']);
          report(await seen(pool.apply(() => 'next')));
        }
        report(await letGo(pool, threads));
      },
      {
        args: [
          moduleOf('await new Promise(() => {}); export const f = () => 1;'),
          moduleOf('for (;;); export const f = () => 1;'),
        ],
      },
    );
    const [timedOut, next] = ['TaskTimeoutError', { value: 'next' }];
    assert.deepEqual(child.reports, [timedOut, next, timedOut, next, ALL_GONE]);
    assert.equal(child.code, 0);
  });

  it('exits as it loads: WorkerCrashedError for the tasks that need it', async () => {
    const child = await run(
      async (exiting: string) => {
        const pool = new Pool(1);
        for (let i = 0; i < 4; i++) {
          const outcome = await seen(() => pool.apply(fromModule<{ f: () => number }>(exiting, 'f')));
          const { name, exitCode, workerId } = (outcome as { error: Record<string, unknown> }).error;
          report([name, exitCode, workerId]);
        }
        report(await seen(pool.apply(() => 'next')));
      },
      { args: [moduleOf('process.exit(12); export const f = () => 1;')] },
    );
    const crashes = [1, 2, 3, 4].map((worker) => ['WorkerCrashedError', 12, worker]);
    assert.deepEqual(child.reports, [...crashes, { value: 'next' }]);
    assert.equal(child.code, 0);
  });

  it('makes a pool at its top level: BootstrapError instead of workers without end', async () => {
    const child = await run(
      async (module: string) => {
        const pool = new Pool(1);
        report(await seen(() => pool.apply(fromModule<{ f: () => number }>(module, 'f'))));
        report(await seen(pool.apply(() => 'next')));
      },
      { args: [new URL('pool-at-top-level.mjs', fixtures).href] },
    );
    const [refused, next] = child.reports as [{ error: Record<string, unknown> }, unknown];
    assert.equal(refused.error?.['name'], 'BootstrapError');
    assert.deepEqual(next, { value: 'next' });
    assert.equal(child.code, 0);
  });
});
