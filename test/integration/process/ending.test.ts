import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Process, SharedArray } from 'allcores';
import { areProcesses } from '../../support/kinds.js';

const ways = [
  { method: 'terminate', exitCode: -15, signal: 'SIGTERM' },
  { method: 'kill', exitCode: -9, signal: 'SIGKILL' },
  { method: 'interrupt', exitCode: -2, signal: 'SIGINT' },
] as const;

const states: Record<string, (running: SharedArray<'int32'>) => unknown> = {
  looping: (running) => {
    running.set(0, 1);
    for (;;);
  },
  pending: (running) => {
    running.set(0, 1);
    return new Promise(() => {});
  },
  'waiting natively': (running) => {
    running.set(0, 1);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
  'keeping its loop alive': (running) => {
    running.set(0, 1);
    setInterval(() => {}, 1000);
  },
};

async function started(target: (running: SharedArray<'int32'>) => unknown): Promise<Process> {
  const running = new SharedArray('int32', 2);
  const process = new Process({ target, args: [running] }).start();
  while (running.at(0) === 0) await sleep(1);
  return process;
}

describe('ending a Process', () => {
  for (const { method, exitCode, signal } of ways) {
    for (const [state, target] of Object.entries(states)) {
      it(`${method} ends one that is ${state}`, async () => {
        const process = await started(target);
        process[method]();
        assert.equal(await process.join({ timeout: 10_000 }), true);
        assert.deepEqual([process.exitCode, process.error, process.isAlive()], [exitCode, undefined, false]);
        assert.deepEqual(await process.exited, { exitCode, signal });
        process[method](); // nobody is there any more
        assert.equal(process.exitCode, exitCode);
      });
    }

    it(`${method} ends one that has only just been started`, async () => {
      const processes = Array.from({ length: 4 }, () =>
        new Process({ target: states['looping']!, args: [new SharedArray('int32', 2)] }).start(),
      );
      for (const process of processes) process[method]();
      if (areProcesses) for (const process of processes) process.joinSync(); // the system takes its time; a thread is at once
      assert.deepEqual(
        processes.map((process) => [process.isAlive(), process.exitCode]),
        Array(4).fill([false, exitCode]),
      );
      for (const process of processes) assert.equal(await process.join(), true);
    });

    it(`${method} is seen by joinSync`, async () => {
      const process = await started(states['looping']!);
      process[method]();
      assert.equal(process.joinSync(), true);
      assert.equal(process.exitCode, exitCode);
    });
  }

  it('interrupt goes to the listeners of the process, as long as it has some', async () => {
    const out = new SharedArray('int32', 2);
    const target = (array: SharedArray<'int32'>): unknown =>
      new Promise(() => {
        const listener = (signal: string, number: number): void => {
          array.set(0, signal === 'SIGINT' ? number : -1);
          process.off('SIGINT', listener);
          array.set(1, 2);
        };
        process.on('SIGINT', listener);
        array.set(1, 1);
      });
    const child = new Process({ target, args: [out] }).start();
    while (out.at(1) !== 1) await sleep(1);
    child.interrupt();
    while (out.at(1) !== 2) await sleep(1);
    assert.deepEqual([out.at(0), child.isAlive()], [2, true]);
    child.interrupt();
    assert.deepEqual(await child.exited, { exitCode: -2, signal: 'SIGINT' });
  });

  it('terminate ends one whose exit listeners do not end; the exit code of a thread stands by then', async () => {
    const running = new SharedArray('int32', 1);
    const target = (array: SharedArray<'int32'>): void => {
      process.on('exit', () => {
        array.set(0, 1);
        for (;;);
      });
      process.exit(4);
    };
    const child = new Process({ target, args: [running] }).start();
    while (running.at(0) === 0) await sleep(1);
    assert.equal(child.isAlive(), true);
    child.terminate();
    await child.join();
    assert.equal(child.exitCode, areProcesses ? -15 : 4); // of a process the system decides
  });

  it('tells of the end by exited, whoever waits', async () => {
    const child = new Process({ target: (): never => process.exit(2) });
    const before = child.exited;
    child.start();
    assert.deepEqual(await before, { exitCode: 2, signal: null });
    assert.equal(await child.exited, await before);
  });
});
