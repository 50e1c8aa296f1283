import assert from 'node:assert/strict';
import { heapFigures, Lock, Manager, Pool, Queue, setStartMethod, SharedArray, type SharedDict, Value } from 'allcores';
import { run } from '../child.js';
import { report } from '../inside.js';
import { childProcesses, comesTrue, crashOf, descriptorCount } from './children.js';

/** How long workers are killed. More for a hunt: `ALLCORES_SOAK_SECONDS=60`. */
const SECONDS = Number(process.env['ALLCORES_SOAK_SECONDS'] ?? 5);
const SEED = Number(process.env['ALLCORES_SOAK_SEED'] ?? Date.now() % 1e6);

type Numbers = SharedArray<'int32'>;

/** The program: 64 tasks in flight, each of which knows what may become of it, while their workers are killed at random. */
async function soak(seconds: number, seed: number): Promise<void> {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  setStartMethod('process');

  const number = (runs: Numbers, i: number): number => (Atomics.add(runs.view, i, 1), i);
  const text = (runs: Numbers, i: number, size: number): object => {
    Atomics.add(runs.view, i, 1);
    return { i, text: 'x'.repeat(size) };
  };
  const bytes = (runs: Numbers, i: number, size: number): Uint8Array => {
    Atomics.add(runs.view, i, 1);
    return new Uint8Array(size).fill(i);
  };
  const later = async (runs: Numbers, i: number): Promise<number> => {
    Atomics.add(runs.view, i, 1);
    await new Promise((resolve) => setTimeout(resolve, i % 4));
    return i;
  };
  const throws = (runs: Numbers, i: number): never => {
    Atomics.add(runs.view, i, 1);
    throw new RangeError(`of ${i}`);
  };
  const locked = (runs: Numbers, i: number, lock: Lock, total: Numbers): number => {
    Atomics.add(runs.view, i, 1);
    lock.acquireSync();
    total.view[0]!++;
    lock.release();
    return i;
  };
  const puts = (runs: Numbers, i: number, queue: Queue<number>): number => {
    Atomics.add(runs.view, i, 1);
    queue.putSync(i);
    return i;
  };
  type Entry = { readonly i: number; readonly text: string };
  const sets = (runs: Numbers, i: number, dict: SharedDict<number, Entry>): number => {
    Atomics.add(runs.view, i, 1);
    dict.set(i % 40, { i, text: 'y'.repeat(i % 500) });
    return i;
  };
  const makes = (runs: Numbers, i: number): object => {
    Atomics.add(runs.view, i, 1);
    const queue = new Queue<number>();
    queue.putSync(i);
    return queue;
  };
  const adds = (runs: Numbers, i: number, value: Value<'int32'>): number => {
    Atomics.add(runs.view, i, 1);
    value.add(1);
    return i;
  };
  const square = (x: number): number => x * x;

  const counts = (): number[] => [heapFigures().blocks, descriptorCount()];
  // What the first pool of a program brings stays: its keeper, its part in the heap.
  const first = new Pool(1);
  await first.apply(square, [1]);
  await first.terminate();
  const start = counts();
  const startBytes = heapFigures().live;

  const figures = await (async (): Promise<Record<string, unknown>> => {
    const runs = new SharedArray('int32', 2_000_000);
    const total = new SharedArray('int32', 1);
    const lock = new Lock();
    const queue = new Queue<number>();
    const manager = new Manager();
    const dict = manager.dict<number, Entry>();
    const pool = new Pool(2);
    const faults: unknown[] = [];
    const live = new Set<Promise<void>>();
    const putTimes = new Map<number, number>();
    const done = { count: 0, locked: 0, values: 0, crashes: 0, begun: 0 };
    const sure = new Set<number>();

    const launch = (): Promise<void> => {
      const i = done.count++;
      const retries = random(3);
      const size = Math.floor(2 ** (random(180) / 10));
      const own = new Value('int32', 0);
      const is = (value: unknown): boolean => value === i;
      const kinds: readonly (readonly [() => PromiseLike<unknown>, (value: never) => boolean])[] = [
        [() => pool.apply(number, [runs, i], { retries }), is],
        [() => pool.apply(later, [runs, i], { retries }), is],
        [
          () => pool.apply(text, [runs, i, size], { retries }),
          (value: Entry) => value.i === i && value.text.length === size,
        ],
        [
          () => pool.apply(bytes, [runs, i, 8 * size], { retries }),
          (value: Uint8Array) => value.length === 8 * size && value.at(-1) === i % 256,
        ],
        [
          () =>
            pool.apply(throws, [runs, i], { retries }).then(undefined, (error: unknown) => {
              if ((error as Error).message !== `of ${i}`) throw error;
              return error;
            }),
          (error: Error) => error instanceof RangeError,
        ],
        [() => pool.apply(locked, [runs, i, lock, total], { retries }), (value) => is(value) && ++done.locked > 0],
        [() => pool.apply(puts, [runs, i, queue], { retries }), (value) => is(value) && sure.add(i).has(i)],
        [() => pool.apply(sets, [runs, i, dict], { retries }), is],
        [
          () => pool.apply(makes, [runs, i], { retries }),
          (made: Queue<number>) => is(made.getNowait()) && made.empty(),
        ],
        [
          () => pool.apply(adds, [runs, i, own], { retries }),
          (value) => is(value) && own.value >= 1 && own.value <= runs.at(i)!,
        ],
        [
          () => pool.map(square, Array(50).keys(), { retries, chunksize: 10 }),
          (squares: readonly number[]) => squares.every((each, x) => each === x * x) && squares.length === 50,
        ],
      ];
      const kind = random(kinds.length);
      const [work, fits] = kinds[kind]!;
      let settled = 0;
      return Promise.resolve(work())
        .then(
          (value) => {
            done.values++;
            if (!fits(value as never)) faults.push({ i, kind, value });
          },
          (error: unknown) => {
            done.crashes++;
            const crash = crashOf(error) as { readonly signal?: string };
            if (crash.signal !== 'SIGKILL') faults.push({ i, kind, crash });
          },
        )
        .then(() => {
          settled++;
          done.begun += runs.at(i)!;
          // A kill may come before a task has said that it began.
          if (settled !== 1 || runs.at(i)! > retries + 1) faults.push({ i, kind, settled, begun: runs.at(i), retries });
          while (!queue.empty()) {
            const put = queue.getSync();
            putTimes.set(put, (putTimes.get(put) ?? 0) + 1);
          }
        });
    };

    const killed = new Set<number>();
    let killing = false;
    const killer = setInterval(() => {
      const serving = pool.workers.filter(({ state: is, id }) => is === 'serving' && !killed.has(id));
      if (!killing || serving.length === 0) return;
      const { id, pid } = serving[random(serving.length)]!;
      process.kill(pid, 'SIGKILL');
      killed.add(id);
    }, 20);
    /** Tasks a second, with so many ms of work. */
    const load = async (millis: number): Promise<number> => {
      const [from, before] = [performance.now(), done.count];
      while (performance.now() < from + millis && done.count < runs.length - 100 && faults.length === 0) {
        while (live.size < 64) {
          const one = launch();
          live.add(one);
          void one.then(() => live.delete(one));
        }
        await Promise.race(live);
      }
      return Math.round(((done.count - before) / (performance.now() - from)) * 1000);
    };

    await load(200); // the workers come up
    const rates = [await load(500)];
    killing = true;
    rates.push(await load(seconds * 1000));
    killing = false;
    const recovered = await comesTrue(() => pool.workers.filter(({ state: is }) => is === 'serving').length === 2);
    rates.push(await load(500));
    await Promise.all(live);
    clearInterval(killer);

    // What was put came once for each time that its task began, at most; and once for certain if that was told.
    for (const i of sure) if (!putTimes.has(i)) faults.push({ lost: i });
    for (const [i, times] of putTimes) if (times > runs.at(i)!) faults.push({ put: i, times, begun: runs.at(i) });
    for (const [key, { i, text: y }] of dict.entries()) {
      if (i % 40 !== key || y.length !== i % 500) faults.push({ key, i, length: y.length });
    }
    if (!(await lock.acquire({ timeout: 5000 })) || total.at(0)! < done.locked) faults.push({ total: total.at(0) });
    lock.release();
    const { queued, running, crashed } = pool.stats();
    // A kill costs the task that runs, and no other.
    const kills = killed.size;
    if (done.crashes > kills || crashed !== kills) faults.push({ crashes: done.crashes, crashed, kills });
    pool.close();
    await pool.join();
    manager.shutdown();
    const unsettled = done.count - done.values - done.crashes;
    return { faults: faults.slice(0, 5), unsettled, queued, running, recovered, kills, ...done, crashed, rates };
  })();
  const { faults, unsettled, queued, running, recovered, ...others } = figures;
  report({ faults, unsettled, queued, running, recovered });
  report(await comesTrue(() => childProcesses().length === 0));
  await comesTrue(() => {
    (globalThis as unknown as { gc(): void }).gc();
    return counts().every((count, at) => count <= start[at]!);
  });
  report(counts().map((count, at) => count - start[at]!));
  report({ ...others, bytes: heapFigures().live - startBytes, rss: process.memoryUsage().rss >> 20 });
}

describe('a soak of tasks whose processes are killed', () => {
  it(`settles each task once, as it has to, and leaves nothing behind (seed ${SEED})`, async function () {
    this.timeout(SECONDS * 1000 + 90_000);
    const child = await run(soak, {
      args: [SECONDS, SEED],
      execArgv: ['--expose-gc'],
      timeout: SECONDS * 1000 + 80_000,
    });
    const [outcome, gone, left, figures] = child.reports as [unknown, unknown, number[], { kills: number }];
    if (process.env['ALLCORES_SOAK_SECONDS'] !== undefined) console.log(left, figures);
    assert.deepEqual(outcome, { faults: [], unsettled: 0, queued: 0, running: 0, recovered: true }, child.stderr);
    // A kill between two instructions may leave a block: native/object/README.md.
    const [blocks = 0, descriptors = 0] = left;
    const most = Math.ceil(figures.kills / 20);
    assert.deepEqual([gone, Math.max(0, blocks - most), descriptors], [true, 0, 0], JSON.stringify({ left, figures }));
    assert.deepEqual([child.code, child.stderr], [0, '']);
  });
});
