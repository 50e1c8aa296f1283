import assert from 'node:assert/strict';
import { fromModule, Pool, Process } from 'allcores';
import { run } from './child.js';
import { report } from './inside.js';

describe('a process in trouble', () => {
  it('that exceeds its heap ends with code 1 and the error of that, whoever waits', async () => {
    const child = await run(async () => {
      const target = (): void => {
        const kept: unknown[] = [];
        for (;;) kept.push(Array(1000).fill(1.5));
      };
      const hungry = new Process({ target, name: 'H', resourceLimits: { maxOldGenerationSizeMb: 20 } }).start();
      report([hungry.joinSync(), hungry.exitCode]);
      const { exitCode, signal, error } = await hungry.exited;
      report([exitCode, signal, (error as NodeJS.ErrnoException).code]);
      report((hungry.error as NodeJS.ErrnoException).code);
    });
    assert.deepEqual(child.reports, [[true, 1], [1, null, 'ERR_WORKER_OUT_OF_MEMORY'], 'ERR_WORKER_OUT_OF_MEMORY']);
    assert.match(child.stderr, /^Process H:\nError \[ERR_WORKER_OUT_OF_MEMORY\]/m);
    assert.equal(child.code, 0);
  });

  it('that cannot even be prepared ends with code 1 and its error, whoever waits', async () => {
    const child = await run(async () => {
      const unprepared = new Process({ target: () => {}, execArgv: ['--require', '/nowhere/missing.cjs'] }).start();
      report([unprepared.joinSync({ timeout: 10_000 }), unprepared.exitCode]);
      report(((await unprepared.exited).error as NodeJS.ErrnoException).code);
    });
    assert.deepEqual(child.reports, [[true, 1], 'MODULE_NOT_FOUND']);
    assert.match(child.stderr, /^Process Process-1:\nError: Cannot find module '\/nowhere\/missing\.cjs'/);
  });

  it('whose module cannot be loaded ends with code 1 and the error of that', async () => {
    const child = await run(async () => {
      const missing = fromModule<{ work(): void }>('file:///nowhere/missing.mjs', 'work');
      const failing = new Process({ target: missing }).start();
      report([failing.joinSync(), failing.exitCode, (failing.error as NodeJS.ErrnoException).code]);
    });
    assert.deepEqual(child.reports, [[true, 1, 'ERR_MODULE_NOT_FOUND']]);
    assert.match(child.stderr, /^Process Process-1:\nError.*Cannot find module/);
  });

  it('that throws what does not get through tells so, after its stack on stderr', async () => {
    const child = await run(() => {
      const target = (): never => {
        throw Object.assign(new Error('odd'), { hidden: Symbol('s') });
      };
      const failing = new Process({ target }).start();
      failing.joinSync();
      report([failing.exitCode, failing.error instanceof Error]);
    });
    assert.deepEqual(child.reports, [[1, true]]);
    assert.match(child.stderr, /^Process Process-1:\nError: odd/);
  });

  it('that is made or started while a worker is loading its module is a BootstrapError', async () => {
    const child = await run(
      async (urls: string[]) => {
        for (const url of urls) {
          const use = fromModule<{ use(): void }>(url, 'use');
          const failing = new Process({ target: use }).start();
          const { exitCode, error } = await failing.exited;
          report([exitCode, (error as NodeJS.ErrnoException).code]);
          report(await new Pool(1).apply(use).catch((reason: unknown) => (reason as NodeJS.ErrnoException).code));
        }
      },
      { args: [['made', 'started'].map((name) => fixture(`process-${name}`))] },
    );
    assert.deepEqual(
      child.reports,
      Array(2)
        .fill([[1, 'ERR_ALLCORES_BOOTSTRAP'], 'ERR_ALLCORES_BOOTSTRAP'])
        .flat(),
    );
    assert.equal(child.code, 0);
  });

  it('does not run the script of the program again', async () => {
    const child = await run(() => {
      report('main');
      new Process({ target: () => {} }).start().joinSync();
    });
    assert.deepEqual(child.reports, ['main']);
  });
});

function fixture(name: string): string {
  return new URL(`../../../test/lifecycle/fixtures/${name}.mjs`, import.meta.url).href;
}
