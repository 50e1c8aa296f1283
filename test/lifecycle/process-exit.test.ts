import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { currentProcess, Process, SharedArray } from 'allcores';
import { run } from './child.js';
import { base, report, workersGone } from './inside.js';

describe('the end of a program with processes', () => {
  it('waits for processes that are no daemons, and not for daemons', async () => {
    const child = await run(() => {
      const later = (): unknown => new Promise<void>((resolve) => setTimeout(() => resolve(report('later')), 200));
      const never = (): unknown => new Promise(() => {});
      new Process({ target: later }).start();
      new Process({ target: never, daemon: true }).start();
      process.on('exit', (code) => report(['exit', code]));
    });
    assert.deepEqual(child.reports, ['later', ['exit', 0]]);
    assert.deepEqual([child.code, child.stderr], [0, '']);
  });

  it('does not come while somebody joins a daemon', async () => {
    const child = await run(async () => {
      const target = (): unknown => new Promise<void>((resolve) => setTimeout(resolve, 200));
      const daemon = new Process({ target, daemon: true }).start();
      report(await daemon.join({ timeout: 20 }));
      report(await daemon.join());
      report(daemon.exitCode);
    });
    assert.deepEqual([child.reports, child.code], [[false, true, 0], 0]);
  });

  for (const [what, code] of [
    ['process.exit', 7],
    ['an uncaught error', 1],
    ['the end of the script', 0],
  ] as const) {
    for (const state of ['looping', 'pending', 'waiting natively', 'joining', 'starting']) {
      it(`comes at once by ${what} while a daemon is ${state}`, async () => {
        const child = await run(
          async (way: string, kind: string) => {
            const occupied = async (how: string, ready: SharedArray<'int32'>): Promise<void> => {
              ready.set(0, 1);
              while (how === 'looping');
              if (how === 'waiting natively') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
              await new Promise(() => {});
            };
            const ready = new SharedArray('int32', 1);
            const joining = (inner: typeof occupied, array: SharedArray<'int32'>): void => {
              new Process({ target: inner, args: ['looping', array] }).start().joinSync();
            };
            // A daemon cannot have children, so whoever joins is none, and ends by `process.exit` only.
            const daemon =
              kind === 'joining' && way === 'process.exit'
                ? new Process({ target: joining, args: [occupied, ready] })
                : new Process({ target: occupied, args: [kind, ready], daemon: true });
            daemon.start();
            if (kind !== 'starting') while (ready.at(0) === 0) await sleep(1);
            report('now');
            if (way === 'process.exit') process.exit(7);
            if (way === 'an uncaught error') throw new Error('of the program');
          },
          { args: [what, state], timeout: 8000 },
        );
        assert.deepEqual([child.code, child.signal, child.reports], [code, null, ['now']]);
      });
    }
  }

  it('of a process: waits for its own processes, and ends its daemons', async () => {
    const child = await run(async () => {
      const mother = (): void => {
        const later = (): unknown => new Promise<void>((resolve) => setTimeout(() => resolve(report('child')), 100));
        const never = (): unknown => new Promise(() => {});
        new Process({ target: later }).start();
        new Process({ target: never, daemon: true }).start();
        process.on('exit', () => report('mother'));
      };
      const process_ = new Process({ target: mother }).start();
      report(await process_.exited);
    });
    assert.deepEqual(child.reports, ['child', 'mother', { exitCode: 0, signal: null }]);
    assert.deepEqual([child.code, child.stderr], [0, '']);
  });

  for (const how of ['waits for them', 'joins one', 'loops']) {
    it(`of a process that is terminated while it ${how}: its processes are gone with it`, async () => {
      const child = await run(
        async (way: string) => {
          const threads = await base();
          const ready = new SharedArray('int32', 2);
          const mother = (kind: string, array: SharedArray<'int32'>): void => {
            const loop = (flags: SharedArray<'int32'>, at: number): void => {
              flags.set(at, 1);
              for (;;);
            };
            const first = new Process({ target: loop, args: [array, 0] }).start();
            new Process({ target: loop, args: [array, 1] }).start();
            if (kind === 'joins one') first.joinSync();
            while (kind === 'loops');
          };
          const first = new Process({ target: () => {} }).start(); // what the first thread of a program brings
          await first.join();
          const process_ = new Process({ target: mother, args: [way, ready] }).start();
          while (ready.at(0) === 0 || ready.at(1) === 0) await sleep(1);
          process_.terminate();
          report(await process_.exited);
          report(await workersGone(threads + 1));
        },
        { args: [how], timeout: 10_000 },
      );
      assert.deepEqual(child.reports, [{ exitCode: -15, signal: 'SIGTERM' }, 0]);
    });
  }

  it('leaves no thread behind', async () => {
    const child = await run(async () => {
      await new Process({ target: () => {} }).start().join();
      const threads = await base();
      const processes = Array.from({ length: 10 }, (_, i) => {
        const target = (n: number): unknown => (n % 2 === 0 ? n : process.exit(n));
        return new Process({ target, args: [i] }).start();
      });
      for (const each of processes) each.joinSync();
      report(processes.map((each) => each.exitCode));
      report(await workersGone(threads));
      report(currentProcess().name);
    });
    assert.deepEqual(child.reports, [[0, 1, 0, 3, 0, 5, 0, 7, 0, 9], 0, 'MainProcess']);
  });
});
