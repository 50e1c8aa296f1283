import assert from 'node:assert/strict';
import { Pool, Process, setStartMethod } from 'allcores';
import { run } from '../child.js';
import { report } from '../inside.js';
import { childProcesses, comesTrue, crashIn } from './children.js';

describe('a process that runs out of memory', () => {
  it('costs the task that it runs, and nothing else', async () => {
    const child = await run(
      async () => {
        setStartMethod('process');
        const pool = new Pool(2, { resourceLimits: { maxOldGenerationSizeMb: 24 } });
        const greedy = (): number => {
          const all: unknown[] = [];
          for (;;) all.push(new Array(1000).fill(all.length));
        };
        const double = (x: number): number => 2 * x;
        const before = pool.map(double, Array.from({ length: 100 }).keys());
        const fatal = crashIn(() => pool.apply(greedy));
        const after = pool.map(double, Array.from({ length: 100 }).keys());
        const sums = (await Promise.all([before, after])).map((all) => all.reduce((sum, x) => sum + x, 0));
        report([await fatal, ...sums]);
        report(await crashIn(() => pool.applySync(greedy)));
        report([pool.mapSync(double, [1, 2, 3]), pool.stats().crashed]);
        const hungry = new Process({ target: greedy, resourceLimits: { maxOldGenerationSizeMb: 24 } }).start();
        hungry.joinSync();
        report([hungry.exitCode, await hungry.exited]);
        pool.close();
        await pool.join();
        report(await comesTrue(() => childProcesses().length === 0));
      },
      { timeout: 18_000 },
    );
    const crash = { exitCode: null, signal: 'SIGABRT' };
    const ended = [-6, { exitCode: -6, signal: 'SIGABRT' }];
    assert.deepEqual(child.reports, [[crash, 9900, 9900], crash, [[2, 4, 6], 2], ended, true], child.stderr);
    assert.equal(child.code, 0, child.stderr);
    assert.match(child.stderr, /JavaScript heap out of memory/);
  });
});
