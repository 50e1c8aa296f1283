import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, SharedArray, currentTask, type ApplyAsyncOptions } from 'allcores';
import { run } from './child.js';
import { base, described, letGo, report } from './inside.js';

/** How long the soak runs. More for a hunt: `ALLCORES_SOAK_SECONDS=20`. */
const SECONDS = Number(process.env['ALLCORES_SOAK_SECONDS'] ?? 5);
const SEED = Number(process.env['ALLCORES_SOAK_SEED'] ?? Date.now() % 1e6);

/** The program: random tasks, each of which knows what has to become of it and how often it may have been begun. */
async function soak(seconds: number, seed: number): Promise<void> {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  type Runs = SharedArray<'int32'>;

  const kinds = {
    number: (runs: Runs, i: number): number => (Atomics.add(runs.view, i, 1), i),
    object: (runs: Runs, i: number): object => (Atomics.add(runs.view, i, 1), { i, text: 'x'.repeat(i % 3000) }),
    later: async (runs: Runs, i: number): Promise<number> => {
      Atomics.add(runs.view, i, 1);
      await new Promise((resolve) => setTimeout(resolve, i % 4));
      return i;
    },
    throws: (runs: Runs, i: number): never => {
      Atomics.add(runs.view, i, 1);
      throw new RangeError(`of ${i}`);
    },
    rejects: async (runs: Runs, i: number): Promise<never> => {
      Atomics.add(runs.view, i, 1);
      await new Promise((resolve) => setImmediate(resolve));
      throw new RangeError(`of ${i}`);
    },
    unencodable: (runs: Runs, i: number): unknown => (Atomics.add(runs.view, i, 1), { symbol: Symbol(`of ${i}`) }),
    exits: (runs: Runs, i: number): never => (Atomics.add(runs.view, i, 1), process.exit(i % 100)),
    uncaught: async (runs: Runs, i: number): Promise<void> => {
      Atomics.add(runs.view, i, 1);
      setTimeout(() => {
        throw new RangeError(`of ${i}`);
      });
      await new Promise(() => {});
    },
    loops: (runs: Runs, i: number): void => {
      Atomics.add(runs.view, i, 1);
      for (;;);
    },
    pends: async (runs: Runs, i: number): Promise<void> => {
      Atomics.add(runs.view, i, 1);
      await new Promise(() => {});
    },
    polls: (runs: Runs, i: number): void => {
      Atomics.add(runs.view, i, 1);
      while (currentTask()?.aborted === false);
    },
  };
  // What ends a worker is rare, so that the others are many.
  const often = ['number', 'number', 'object', 'later', 'throws', 'rejects', 'unencodable'] as const;
  const rare = ['exits', 'uncaught', 'loops', 'pends', 'polls'] as const;
  const fulfilled = new Set<string>(['number', 'object', 'later']);

  const threads = await base();
  const pool = new Pool(2 + random(3), random(2) === 0 ? { maxTasksPerChild: 50 + random(200) } : {});
  const runs = new SharedArray('int32', 1_000_000);
  const faults: unknown[] = [];
  const settled: Record<string, number> = {};
  const live = new Set<Promise<void>>();
  let count = 0;

  const launch = (): Promise<void> => {
    const i = count++;
    const kind = random(40) === 0 ? rare[random(rare.length)]! : often[random(often.length)]!;
    const retries = kind === 'exits' || kind === 'uncaught' ? random(3) : 0;
    const endless = kind === 'loops' || kind === 'pends' || kind === 'polls';
    const aborted = endless && random(2) === 0;
    const controller = new AbortController();
    const priority = random(50) === 0 ? random(3) : 0;
    let calls = 0;
    const options: ApplyAsyncOptions<unknown> = {
      callback: () => calls++,
      errorCallback: () => calls++,
      ...(retries > 0 ? { retries } : {}),
      ...(priority > 0 ? { priority } : {}),
      ...(aborted ? { signal: controller.signal } : endless ? { timeout: 5 + random(30) } : {}),
    };
    if (aborted) setTimeout(() => controller.abort(`reason ${i}`), random(30));
    const check = (outcome: unknown): void => {
      settled[kind] = (settled[kind] ?? 0) + 1;
      const begunTimes = runs.at(i)!;
      const error = described(outcome) as Record<string, unknown>;
      const fits = {
        number: () => outcome === i,
        later: () => outcome === i,
        object: () => (outcome as { i: number; text: string }).text.length === i % 3000,
        throws: () => error['message'] === `of ${i}` && error['name'] === 'RangeError',
        rejects: () => error['message'] === `of ${i}` && error['name'] === 'RangeError',
        unencodable: () => error['name'] === 'SerializationError' && error['path'] === 'result.symbol',
        exits: () => error['name'] === 'WorkerCrashedError' && error['exitCode'] === i % 100,
        uncaught: () => (error['cause'] as Error | undefined)?.message === `of ${i}` && error['exitCode'] === 1,
      };
      const ended = endless
        ? aborted
          ? outcome === `reason ${i}`
          : error['name'] === 'TaskTimeoutError'
        : fits[kind]();
      // A cancelled task may never have been begun, nor one that ran out of time while its function was being loaded.
      const timesFit = endless ? begunTimes <= 1 : begunTimes === retries + 1;
      if (!ended || !timesFit) faults.push({ i, kind, retries, begunTimes, outcome: error, value: outcome });
    };
    const result = pool.applyAsync(kinds[kind], [runs, i], options);
    return result
      .then(
        (value) => (fulfilled.has(kind) ? check(value) : faults.push({ i, kind, value })),
        (error: unknown) => (fulfilled.has(kind) ? faults.push({ i, kind, error: described(error) }) : check(error)),
      )
      .then(() => sleep(0))
      .then(() => void (calls === 1 || faults.push({ i, kind, calls })));
  };

  const until = performance.now() + seconds * 1000;
  while (performance.now() < until && count < runs.length - 100 && faults.length === 0) {
    for (let n = 1 + random(60); n > 0; n--) {
      const one = launch();
      live.add(one);
      void one.then(() => live.delete(one));
    }
    while (live.size > random(80)) await Promise.race(live);
  }
  await Promise.all(live);
  const total = Object.values(settled).reduce((sum, of) => sum + of, 0);
  // A cancelled task is settled at once, and runs until it stops or its worker has been ended.
  const patience = performance.now() + 10_000;
  while (pool.stats().running > 0 && performance.now() < patience) await sleep(1);
  const { queued, running } = pool.stats();
  report({ faults: faults.slice(0, 5), unsettled: count - total, queued, running });
  report(settled);
  report(await letGo(pool, threads));
}

describe('a soak of random tasks', () => {
  it(`settles each promise once, as it has to, whatever happens to workers (seed ${SEED})`, async function () {
    this.timeout(SECONDS * 1000 + 30_000);
    const child = await run(soak, { args: [SECONDS, SEED], timeout: SECONDS * 1000 + 25_000 });
    assert.deepEqual(child.reports[0], { faults: [], unsettled: 0, queued: 0, running: 0 }, child.stderr);
    const kinds = Object.keys(child.reports[1] as object);
    assert.equal(kinds.length, 11, `only ${kinds.join(', ')} were tried`);
    assert.deepEqual(child.reports[2], { threads: 0, workers: 0 });
    assert.deepEqual([child.code, child.stderr], [0, '']);
  });
});
