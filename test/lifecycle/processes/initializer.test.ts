import assert from 'node:assert/strict';
import { Pool, setStartMethod, SharedArray, type StartMethod } from 'allcores';
import { run } from '../child.js';
import { report } from '../inside.js';
import { childProcesses, comesTrue, crashIn } from './children.js';

/** The program: a pool whose workers die in their initializer. */
async function fails(method: StartMethod, how: string): Promise<void> {
  setStartMethod(method);
  const dies = (way: string, begun: SharedArray<'int32'>): void => {
    Atomics.add(begun.view, 0, 1);
    if (way === 'is killed') process.kill(process.pid, 'SIGKILL');
    process.exit(7);
  };
  const begun = new SharedArray('int32', 1);
  const pool = new Pool(2, { initializer: dies, initargs: [how, begun] });
  const tasks = Array.from({ length: 20 }, (_, i) => crashIn(() => pool.apply((x: number) => x, [i])));
  const seen = new Set((await Promise.all(tasks)).map((each) => JSON.stringify(each)));
  report([...seen].map((each) => JSON.parse(each) as unknown));
  report(await crashIn(() => pool.apply(() => 'later')));
  await pool.join();
  report(await comesTrue(() => childProcesses().length === 0));
  const blocked = new Pool(1, { initializer: dies, initargs: [how, begun] });
  report(await crashIn(() => blocked.applySync(() => 'never')));
  await blocked.join();
  report(begun.at(0)! <= 3);
}

describe('an initializer whose worker', () => {
  for (const [method, how, crash] of [
    ['process', 'is killed', { exitCode: null, signal: 'SIGKILL' }],
    ['process', 'exits', { exitCode: 7, signal: null }],
    ['thread', 'exits', { exitCode: 7, signal: null }],
  ] as const) {
    it(`${how} (${method}): everything rejects with that, and no worker is started over and over`, async () => {
      const child = await run(fails, { args: [method, how] });
      assert.deepEqual(child.reports, [[crash], crash, true, crash, true], child.stderr);
      assert.deepEqual([child.code, child.stderr], [0, '']);
    });
  }
});
