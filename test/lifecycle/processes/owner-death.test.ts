import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Event,
  getContext,
  Lock,
  Pool,
  Process,
  Queue,
  setStartMethod,
  ShareableList,
  SharedArray,
  SharedMemory,
} from 'allcores';
import { run } from '../child.js';
import { report } from '../inside.js';
import { comesTrue, isGone, killHard, stateOf } from './children.js';

/** What a program tells before it is to be killed. */
interface Told {
  readonly pids: readonly number[];
  readonly names: readonly string[];
}

/** The program: workers, and workers of these, that do something different each; it tells who they are, and stays. */
async function owner(): Promise<void> {
  setStartMethod('process');
  const STATES = ['loops', 'waits for a lock', 'sleeps', 'waits for a message', 'is stopped', 'listens for signals'];
  const pids = new SharedArray('int32', 20);
  const [lock, empty, up] = [new Lock(), new Queue<number>(), new Event()];
  lock.acquireSync();
  type Rest = readonly [pids: SharedArray<'int32'>, lock: Lock, empty: Queue<number>];
  const stays = async (state: string, at: number, [to, held, nothing]: Rest): Promise<unknown> => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      if (state === 'listens for signals') process.on(name, () => {});
    }
    process.on('exit', () => {
      for (;;); // nor does an exit listener keep it
    });
    to.set(at, process.pid);
    if (state === 'loops') for (;;);
    if (state === 'waits for a lock') held.acquireSync();
    if (state === 'waits for a message') await nothing.get();
    if (state === 'is stopped') process.kill(process.pid, 'SIGSTOP');
    return new Promise((resolve) => setTimeout(resolve, 1e9));
  };
  const hasOwn = (at: number, inner: typeof stays, rest: Rest, context: typeof getContext): unknown => {
    rest[0].set(at, process.pid);
    const { Pool: InnerPool, Process: InnerProcess } = context('process');
    new InnerProcess({ target: inner, args: ['loops', at + 1, rest] }).start();
    new InnerProcess({ target: inner, args: ['sleeps', at + 2, rest], daemon: true }).start();
    void new InnerPool(1).apply(inner, ['waits for a lock', at + 3, rest]);
    return new Promise(() => {});
  };

  const rest = [pids, lock, empty] as const;
  const pool = new Pool(STATES.length + 1); // one of them has nothing to do
  for (const [i, state] of STATES.entries()) void pool.apply(stays, [state, i, rest]);
  const at = STATES.length;
  new Process({ target: stays, args: ['loops', at, rest] }).start();
  new Process({ target: stays, args: ['sleeps', at + 1, rest], daemon: true }).start();
  new Process({ target: hasOwn, args: [at + 2, stays, rest, getContext] }).start();
  const names = [new SharedMemory({ create: true, size: 4096 }).name, new ShareableList(['of the owner', 1]).shm.name];
  const all = (): number[] => [...pids.view.subarray(0, at + 6)];
  if (!(await comesTrue(() => !all().includes(0) && all().some((pid) => stateOf(pid) === 'T')))) report(all());
  const idle = pool.workers.map(({ pid }) => pid);
  report({ pids: [...new Set([...all(), ...idle])], names } satisfies Told);
  up.waitSync(); // for ever: it cannot do anything for them
}

describe('the workers of a program', () => {
  let left: readonly number[] = [];
  afterEach(() => left.filter((pid) => !isGone(pid)).forEach(killHard));

  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGSEGV'] as const) {
    it(`that ends by ${signal} all end at once, whatever they do, and so do theirs, and its names`, async () => {
      let [told, after]: [Told | undefined, number] = [undefined, 0];
      const child = await run(owner, {
        timeout: 40_000,
        onReport: (what, program) => {
          told = what as Told;
          left = told.pids;
          after = performance.now();
          program.kill(signal);
        },
      });
      assert.deepEqual([child.signal, child.reports.length], [signal, 1], child.stderr);
      const { pids, names } = told!;
      assert.equal(pids.length, 13);
      assert.ok(await comesTrue(() => pids.every(isGone)), `left: ${pids.filter((pid) => !isGone(pid)).join()}`);
      const millis = performance.now() - after;
      assert.ok(await comesTrue(() => !names.some((name) => existsSync(`/dev/shm/${name}`))));
      assert.ok(millis < 5000, `after ${millis} ms`);
      assert.equal(child.stderr, '');
    }).timeout(60_000);
  }

  it('that is killed while they start do not stay behind', async () => {
    for (let round = 0; round < 12; round++) {
      const child = await run(
        async () => {
          setStartMethod('process');
          const pool = new Pool(3);
          const process = new Process({ target: () => {} }).start();
          report([process.pid, ...pool.workers.map(({ pid }) => pid)]);
          await sleep(1e9);
        },
        {
          onReport: (pids, program) => {
            left = pids as number[];
            setTimeout(() => program.kill('SIGKILL'), Math.random() * 150);
          },
        },
      );
      assert.deepEqual([child.signal, left.length, child.stderr], ['SIGKILL', 4, '']);
      assert.ok(await comesTrue(() => left.every(isGone)), `left: ${left.filter((pid) => !isGone(pid)).join()}`);
    }
  }).timeout(90_000);
});
