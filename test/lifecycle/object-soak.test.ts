import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { getContext, heapFigures, type StartMethod } from 'allcores';
import { run } from './child.js';
import { report } from './inside.js';
import type * as Tasks from './object-tasks.js';
import type * as Objects from './objects.js';

/** How many workers are ended, at random moments: a thread is terminated, a process is killed. */
const ENDS = { thread: 100, process: 40 };
/** More for a hunt: `ALLCORES_TEST_ENDS=1000`. */
const WANTED = process.env['ALLCORES_TEST_ENDS'];
const SEED = Number(process.env['ALLCORES_SOAK_SEED'] ?? Date.now() % 1e6);

const [TASKS, OBJECTS] = ['./object-tasks.js', './objects.js'].map((file) => new URL(file, import.meta.url).href) as [
  string,
  string,
];

/** The program: tasks that use every kind of object until their time is over, and what is left of the objects afterwards. */
async function soak(method: StartMethod, ends: number, seed: number, tasks: string, objects: string): Promise<void> {
  const { block, awaits, prepare } = (await import(tasks)) as typeof Tasks;
  const { makeObjects, whatIsWrong } = (await import(objects)) as typeof Objects;
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };

  const settled = async (target: number): Promise<number> => {
    for (let i = 0; i < 1000 && heapFigures().blocks > target; i++) {
      (globalThis as unknown as { gc: () => void }).gc();
      await sleep(10);
    }
    return heapFigures().blocks;
  };

  const before = heapFigures().blocks;
  await (async () => {
    const o = makeObjects();
    const pool = new (getContext(method).Pool)(4, { initializer: prepare, initargs: [o] });
    let begun = 0;
    const strange: string[] = [];
    const lane = async (): Promise<void> => {
      while (begun++ < ends) {
        // Mostly those that its worker has: taking them in is a good part of such a short time.
        const given = random(4) === 0 ? o : undefined;
        const [work, first, timeout] = [random(2) === 0 ? block : awaits, random(1000), 1 + random(8)];
        const error = await Promise.resolve(pool.apply(work, [given, first], { timeout })).then(
          () => new Error('It ended by itself'),
          (thrown: unknown) => thrown as Error,
        );
        if (error.name !== 'TaskTimeoutError') strange.push(error.stack ?? String(error));
      }
    };
    await Promise.all([lane(), lane(), lane(), lane()]);
    while (pool.stats().running > 0) await sleep(1);
    report({ strange: strange.slice(0, 3), faults: await whatIsWrong(o) });
    report([...o.steps.view]);
    report({ faults: await pool.apply(whatIsWrong, [o]) });
    await pool.terminate();
    await pool.join();
    o.m.shutdown();
  })();
  report((await settled(before)) - before);
}

describe('every kind of object', () => {
  for (const method of ['thread', 'process'] as const) {
    const ends = Number(WANTED ?? ENDS[method]);
    const what = method === 'thread' ? 'threads that are terminated' : 'processes that are killed';
    // A kill between two instructions may leave something (native/object/README.md); a termination comes between calls.
    const most = method === 'thread' ? 0 : Math.ceil(ends / 20);
    it(`survives ${ends} ${what} while they use it, and leaves nothing behind (seed ${SEED})`, async () => {
      const timeout = 60_000 + ends * 500;
      const child = await run(soak, { args: [method, ends, SEED, TASKS, OBJECTS], execArgv: ['--expose-gc'], timeout });
      const [objects, steps, inWorker, blocks] = child.reports;
      if (WANTED !== undefined) console.log(steps, { blocks });
      assert.deepEqual(
        { objects, inWorker, left: Math.max(0, Number(blocks) - most) },
        { objects: { strange: [], faults: [] }, inWorker: { faults: [] }, left: 0 },
        child.stderr,
      );
      assert.deepEqual([child.code, child.stderr], [0, '']);
    }).timeout(90_000 + ends * 500);
  }
});
