import assert from 'node:assert/strict';
import { Pool, Process, setStartMethod, SharedArray } from 'allcores';
import { run } from '../child.js';
import { report } from '../inside.js';
import { childProcesses, comesTrue, crashIn, isGone, stateOf } from './children.js';

describe('a task whose process is stopped', () => {
  for (const blocked of [false, true]) {
    it(`settles at its timeout, and the process is replaced, the owner ${blocked ? 'blocked' : 'free'}`, async () => {
      const child = await run(
        async (sync: boolean) => {
          setStartMethod('process');
          const stops = (pids: SharedArray<'int32'>): void => {
            pids.set(0, process.pid);
            process.kill(process.pid, 'SIGSTOP');
            for (;;);
          };
          const pool = new Pool(1);
          const pids = new SharedArray('int32', 1);
          const options = { timeout: 100 };
          const task = (): unknown =>
            sync ? pool.applySync(stops, [pids], options) : pool.apply(stops, [pids], options);
          report(await crashIn(task));
          const pid = pool.applySync(() => process.pid);
          report([pids.at(0)! > 0, pid !== pids.at(0)]);
          report(await comesTrue(() => isGone(pids.at(0)!)));
          report(await comesTrue(() => childProcesses().every((each) => each === pid)));
        },
        { args: [blocked] },
      );
      const late = { name: 'TaskTimeoutError', message: 'The task ran longer than its timeout of 100 ms' };
      assert.deepEqual(child.reports, [late, [true, true], true, true], child.stderr);
      assert.deepEqual([child.code, child.stderr], [0, '']);
    });
  }

  it('does not keep a pool that is terminated, nor a program that ends', async () => {
    const stopped: number[] = [];
    const child = await run(
      async () => {
        setStartMethod('process');
        const stops = (): void => {
          process.kill(process.pid, 'SIGSTOP');
          for (;;);
        };
        for (const end of ['terminate', 'exit']) {
          const pool = new Pool(1);
          const pid = await pool.apply(() => process.pid);
          const task = crashIn(() => pool.apply(stops));
          await comesTrue(() => stateOf(pid) === 'T');
          report(pid);
          if (end === 'exit') process.exit(3);
          await pool.terminate();
          report([await task, isGone(pid)]);
        }
      },
      { onReport: (told) => typeof told === 'number' && stopped.push(told) },
    );
    const closed = { name: 'PoolClosedError', message: 'The pool was terminated' };
    assert.deepEqual(child.reports[1], [closed, true], child.stderr);
    assert.deepEqual([child.code, child.stderr, stopped.length], [3, '', 2]);
    assert.ok(await comesTrue(() => stopped.every(isGone)));
  });

  it('does not keep others of its pool from work, nor a Process that is killed from its end', async () => {
    const child = await run(async () => {
      setStartMethod('process');
      const pool = new Pool(3);
      const pids = await pool.broadcast(() => process.pid);
      const stopped = pids.slice(0, 2); // while they have nothing to do
      for (const pid of stopped) process.kill(pid, 'SIGSTOP');
      report(await comesTrue(() => stopped.every((pid) => stateOf(pid) === 'T')));
      const tasks = Array.from({ length: 100 }, (_, i) => pool.apply((x: number) => x, [i]));
      report((await Promise.all(tasks)).every((x, i) => x === i));
      for (const { pid } of pool.workers) process.kill(pid, 'SIGSTOP');
      await pool.terminate();
      await pool.join();
      report(pids.every(isGone));

      for (const way of ['kill', 'terminate'] as const) {
        const other = new Process({ target: () => new Promise((resolve) => setTimeout(resolve, 1e9)) }).start();
        process.kill(other.pid!, 'SIGSTOP');
        report(await comesTrue(() => stateOf(other.pid!) === 'T'));
        other[way]();
        // The system keeps SIGTERM for one that is stopped until it goes on.
        if (way === 'terminate') process.kill(other.pid!, 'SIGCONT');
        report((await other.exited).exitCode);
      }
      report(await comesTrue(() => childProcesses().length === 0));
    });
    assert.deepEqual(child.reports, [true, true, true, true, -9, true, -15, true], child.stderr);
    assert.deepEqual([child.code, child.stderr], [0, '']);
  });
});
