import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Barrier, Event, heapFigures, Manager, Process, Queue, SharedArray } from 'allcores';
import { run } from './child.js';
import { report } from './inside.js';

describe('what a process was started with', () => {
  it('can be collected while it runs: target, arguments and handles', async () => {
    const child = await run(
      async () => {
        const collect = (globalThis as unknown as { gc(): void }).gc;
        const references: WeakRef<object>[] = [];
        const start = (): Process => {
          const argument = { text: 'x'.repeat(1000) };
          const shared = new SharedArray('int32', [5]);
          const target = (_argument: unknown, array: SharedArray<'int32'>): unknown =>
            new Promise<void>((resolve) => setTimeout(() => resolve(process.exit(array.at(0))), 500));
          references.push(new WeakRef(argument), new WeakRef(shared), new WeakRef(target));
          return new Process({ target, args: [argument, shared] }).start();
        };
        const started = start();
        await sleep(1);
        collect();
        await sleep(1);
        collect();
        report(references.map((reference) => reference.deref() === undefined));
        report(started.exitCode);
        report((await started.exited).exitCode);
      },
      { execArgv: ['--expose-gc'] },
    );
    assert.deepEqual(child.reports, [[true, true, true], null, 5]);
  });

  it('leaves no shared memory behind: decoded, never begun, refused', async () => {
    const child = await run(
      async (native: string) => {
        const { native: addon } = (await import(native)) as { native: { segmentCount(): number } };
        const collect = (globalThis as unknown as { gc(): void }).gc;
        const settle = async (): Promise<number> => {
          for (let i = 0; i < 1000 && addon.segmentCount() > 0; i++) {
            collect();
            await sleep(10);
          }
          return addon.segmentCount();
        };
        const big = new Uint8Array(1_000_000);
        const target = (_array: unknown, _bytes: unknown, how: string): void => {
          if (how === 'fails') throw new Error('expected');
          while (how === 'loops');
        };
        const start = async (how: string, wait: number, ...more: unknown[]): Promise<void> => {
          const args = [new SharedArray('int32', 10), { big }, how, ...more] as never;
          const process_ = new Process({ target, args });
          try {
            process_.start();
          } catch {
            return;
          }
          await sleep(wait);
          if (how === 'loops') process_.terminate();
          process_.joinSync();
          await process_.exited;
          process_.close();
        };
        report(await settle());
        for (let i = 0; i < 3; i++) {
          await start('ends', 0);
          await start('fails', 0);
          await start('loops', 0);
          await start('loops', 100);
          await start('ends', 0, Symbol('refused'));
        }
        report(await settle());
      },
      { execArgv: ['--expose-gc'], args: [new URL('../../../dist/lib/binding/native.js', import.meta.url).href] },
    );
    assert.deepEqual(child.reports, [0, 0]);
  });

  it('leaves none behind either when it ends between any two steps of its start', async () => {
    const child = await run(
      async (native: string) => {
        const { native: addon } = (await import(native)) as { native: { segmentCount(): number } };
        const figures = (): number[] => [heapFigures().blocks, addon.segmentCount()];
        // What a process and its parent tell each other goes through these.
        const ending = `
          let left = Number(process.env.STEPS);
          for (const name of ['load', 'store', 'exchange', 'compareExchange']) {
            const step = Atomics[name];
            Atomics[name] = (...args) => {
              const result = step(...args);
              if (--left === 0) process.exit(9);
              return result;
            };
          }`;
        const execArgv = ['--import', `data:text/javascript,${encodeURIComponent(ending)}`];
        heapFigures(); // joins the heap
        const before = figures();
        const codes = new Set<number>();
        await (async () => {
          const manager = new Manager();
          const held = [
            new Event(),
            new Barrier(2),
            manager.namespace({ list: manager.list([1]) }),
            new Queue<number>(),
          ];
          const args = [held, new SharedArray('int32', 3), new Uint8Array(1_000_000)] as const;
          for (let steps = 1; !codes.has(0); steps++) {
            const env = { STEPS: String(steps) };
            const one = new Process({ target: (..._all: unknown[]) => {}, args: args as never, execArgv, env });
            codes.add((await one.start().exited).exitCode);
          }
        })();
        for (let i = 0; i < 1000 && String(figures()) !== String(before); i++) {
          (globalThis as unknown as { gc(): void }).gc();
          await sleep(10);
        }
        report([...codes]);
        report(figures().map((figure, i) => figure - before[i]!));
      },
      { execArgv: ['--expose-gc'], args: [new URL('../../../dist/lib/binding/native.js', import.meta.url).href] },
    );
    assert.deepEqual(
      child.reports,
      [
        [9, 0],
        [0, 0],
      ],
      child.stderr,
    );
  });
});
