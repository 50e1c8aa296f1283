import assert from 'node:assert/strict';
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  heapFigures,
  Lock,
  RLock,
  Semaphore,
  SharedArray,
  Value,
} from 'allcores';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './child.js';
import { report, seen } from './inside.js';

describe('a full heap', () => {
  it('refuses new objects and waits, and nothing else; what is freed is used again', async () => {
    const child = await run(
      async () => {
        process.env['ALLCORES_HEAP_LIMIT'] = String(2 ** 25); // read with the first object
        const makers: (() => object)[] = [
          () => new Lock(),
          () => new RLock(),
          () => new Semaphore(),
          () => new BoundedSemaphore(),
          () => new Condition(),
          () => new Event(),
          () => new Barrier(2),
          () => new Value('i'),
          () => new SharedArray('i', 1),
        ];
        const code = (make: () => unknown): unknown => {
          try {
            make();
            return 'made';
          } catch (error) {
            return (error as { code: string }).code;
          }
        };
        for (const make of makers) make();
        const lock = new Lock();
        const start = heapFigures().blocks;
        await (async () => {
          const [event, filling]: [Event, object[]] = [new Event(), []];
          // Each to its end: there may be room left for objects of another size.
          for (const make of makers) while (code(() => filling.push(make())) === 'made');
          report(makers.map(code));
          lock.acquireSync();
          report(await seen(lock.acquire({ timeout: 60_000 })));
          report(lock.acquireSync({ timeout: 0 })); // needs none
          lock.release();
          event.set();
          report([lock.acquireSync(), event.waitSync(), filling.length > 1000]);
        })();
        const until = performance.now() + 10_000;
        while (heapFigures().blocks > start && performance.now() < until) {
          (globalThis as unknown as { gc(): void }).gc();
          await sleep(10);
        }
        report(makers.map(code));
        report(await lock.acquire({ timeout: 1 }));
      },
      { execArgv: ['--expose-gc'] },
    );
    const full = 'ERR_ALLCORES_HEAP_FULL';
    assert.deepEqual(child.reports, [
      Array(9).fill(full),
      {
        error: {
          name: 'HeapFullError',
          code: full,
          message: 'No shared memory left for an operation of this Lock',
        },
      },
      false,
      [true, true, true],
      Array(9).fill('made'),
      false,
    ]);
    assert.equal(child.code, 0, child.stderr);
  });
});
