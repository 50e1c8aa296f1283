import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { currentTask, Pool, setStartMethod, SharedArray, type StartMethod } from 'allcores';
import { run, type Ended } from '../child.js';
import { report } from '../inside.js';
import { childProcesses, comesTrue, crashIn } from './children.js';
import { compileSegfault } from './segfault.js';

/** The program: a pool whose workers are made to die in one way, by tasks among others; tells what each of them saw. */
async function crashes(method: StartMethod, how: string, addon: string): Promise<void> {
  setStartMethod(method);
  const dies = async (way: string, path: string): Promise<unknown> => {
    if (way === 'is killed') process.kill(process.pid, 'SIGKILL');
    if (way === 'is told to end') process.kill(process.pid, 'SIGTERM');
    if (way === 'aborts') process.abort();
    if (way === 'exits') process.exit(7);
    if (way === 'reads invalid memory') {
      const module = { exports: {} as { fault(): unknown } };
      process.dlopen(module, path);
      return module.exports.fault();
    }
    setTimeout(() => {
      throw new RangeError('in a timer');
    });
    return new Promise(() => {});
  };
  const diesAtFirst = (fatal: typeof dies, way: string, path: string, runs: SharedArray<'int32'>): unknown => {
    Atomics.add(runs.view, currentTask()!.attempt, 1);
    return currentTask()!.attempt < 3 ? fatal(way, path) : 'third time';
  };
  const double = (x: number): number => 2 * x;
  const sum = (values: readonly number[]): number => values.reduce((one, other) => one + other, 0);

  const pool = new Pool(2);
  const before = Array.from({ length: 50 }, (_, i) => pool.apply(double, [i]));
  const fatal = crashIn(() => pool.apply(dies, [how, addon]));
  const after = Array.from({ length: 50 }, (_, i) => pool.apply(double, [50 + i]));
  report(await fatal);
  report(sum(await Promise.all([...before, ...after])));

  const runs = new SharedArray('int32', 4);
  report(await pool.apply(diesAtFirst, [dies, how, addon, runs], { retries: 2 }));
  report([...runs]);

  // From here on the event loop is blocked while somebody dies.
  report(await crashIn(() => pool.applySync(dies, [how, addon])));
  const some = (x: number, last: typeof dies, way: string, path: string): unknown => (x === 3 ? last(way, path) : x);
  const lists = [1, 2, 3, 4, 5, 6].map((x) => [x, dies, how, addon] as const);
  report(await crashIn(() => pool.starmapSync(some, lists, { chunksize: 1 })));
  report(sum(pool.mapSync(double, [1, 2, 3])));

  report(pool.stats().crashed);
  pool.close();
  await pool.join();
  report(await comesTrue(() => childProcesses().length === 0));
}

const FAULTS: Record<StartMethod, Record<string, object>> = {
  thread: {
    exits: { exitCode: 7, signal: null },
    'throws in a timer': { exitCode: 1, signal: null, cause: 'in a timer' },
  },
  process: {
    'is killed': { exitCode: null, signal: 'SIGKILL' },
    'is told to end': { exitCode: null, signal: 'SIGTERM' },
    aborts: { exitCode: null, signal: 'SIGABRT' },
    'reads invalid memory': { exitCode: null, signal: 'SIGSEGV' },
    exits: { exitCode: 7, signal: null },
    'throws in a timer': { exitCode: 1, signal: null, cause: 'in a timer' },
  },
};

describe('a task whose worker', () => {
  const { folder, addon } = compileSegfault();
  after(() => rmSync(folder, { recursive: true }));

  for (const method of ['process', 'thread'] as const) {
    for (const [how, crash] of Object.entries(FAULTS[method])) {
      it(`${how} (${method}): that task alone rejects, retries work, and the pool goes on`, async () => {
        const child: Ended = await run(crashes, { args: [method, how, addon] });
        const told = [crash, 9900, 'third time', [0, 1, 1, 1], crash, crash, 12, 5, true];
        assert.deepEqual(child.reports, told, child.stderr);
        assert.equal(child.code, 0, child.stderr);
        // An abort shows a stack of its own; nothing else has anything to say.
        if (how !== 'aborts') assert.equal(child.stderr, '');
      });
    }
  }
});
