import assert from 'node:assert/strict';
import {
  Barrier,
  Condition,
  Event,
  JoinableQueue,
  Lock,
  Manager,
  Pool,
  Process,
  Queue,
  Semaphore,
  setStartMethod,
  SharedArray,
} from 'allcores';
import { run } from '../child.js';
import { described, report, seen } from '../inside.js';
import { childProcesses, comesTrue, crashIn, killHard, stateOf } from './children.js';

type Waiter = 'task' | 'Process';
const WAITERS = ['task', 'Process'] as const;
const ENDS = { task: { exitCode: null, signal: 'SIGKILL' }, Process: { exitCode: -9, signal: 'SIGKILL' } };

/** The program: workers wait for each thing there is to wait for, blocked and in their event loop, and are killed there. */
async function waiters(waiter: Waiter): Promise<void> {
  setStartMethod('process');
  const doomed = new Pool(1);
  /** Has a worker wait, kills it once it sleeps there, and tells how it ended. */
  const killed = async <A extends readonly unknown[]>(wait: (...args: A) => unknown, ...args: A): Promise<unknown> => {
    const [pids, coming] = [new SharedArray('int32', 1), new Event()];
    const target = (inner: typeof wait, rest: A, to: SharedArray<'int32'>, up: Event): unknown => {
      to.set(0, process.pid);
      up.set();
      return inner(...rest);
    };
    const all = [wait, args, pids, coming] as const;
    const end =
      waiter === 'task'
        ? crashIn(() => doomed.apply(target, all))
        : new Process({ target, args: [...all] }).start().exited;
    await coming.wait();
    await comesTrue(() => stateOf(pids.at(0)!) === 'S');
    killHard(pids.at(0)!);
    return end;
  };
  const patience = { timeout: 10_000 };

  const full = new Queue<string>(1);
  full.putSync('first');
  report(await killed((queue) => queue.putSync('of a dead one'), full));
  report(await killed(async (queue) => queue.put('of a dead one'), full));
  const waiting = full.put('of a living one', patience);
  report([full.getSync(), (await waiting, full.getSync(patience)), full.empty()]);

  const empty = new Queue<string>();
  report(await killed((queue) => queue.getSync(), empty));
  report(await killed(async (queue) => queue.get(), empty));
  const getting = empty.get(patience);
  empty.putSync('for a living one');
  report([await getting, empty.empty()]);

  const joined = new JoinableQueue<number>();
  joined.putSync(1);
  report(await killed((queue) => queue.joinSync(), joined));
  joined.getSync();
  joined.taskDone();
  report(joined.joinSync(patience));

  const event = new Event();
  report(await killed((it) => it.waitSync(), event));
  report(await killed(async (it) => it.wait(), event));
  const happening = event.wait(patience);
  event.set();
  report([await happening, event.waitSync(patience)]);

  const lock = new Lock();
  lock.acquireSync();
  report(await killed((it) => it.acquireSync(), lock));
  report(await killed(async (it) => it.acquire(), lock));
  lock.release();
  report([lock.acquireSync(patience), lock.recovered]);

  const semaphore = new Semaphore(0);
  report(await killed((it) => it.acquireSync(), semaphore));
  semaphore.release();
  report([semaphore.value, semaphore.acquireSync(patience), semaphore.recovered]);

  const manager = new Manager();
  const ofManager = manager.queue<string>();
  report(await killed((queue) => queue.getSync(), ofManager));
  ofManager.putSync('for a living one');
  report(ofManager.getSync(patience));

  await doomed.terminate();
  report(await comesTrue(() => childProcesses().length === 0));
}

/** The program: of several who wait in a condition or at a barrier one is killed; tells what becomes of the others. */
async function meetings(waiter: Waiter): Promise<void> {
  setStartMethod('process');
  const pool = new Pool(2);
  const start = <A extends readonly unknown[]>(target: (...args: A) => unknown, ...args: A): Promise<unknown> =>
    waiter === 'task'
      ? seen(pool.apply(target as never, args as never)).then((end) => ('value' in end ? 'done' : 'crashed'))
      : new Process({ target, args: args as never }).start().exited.then(({ exitCode }) => exitCode);

  // One waits in the condition before the other: a notification is for it, until it is dead.
  const [changed, pids] = [new Condition(), new SharedArray('int32', 2)];
  const waits = (it: Condition, who: number, to: SharedArray<'int32'>): void => {
    it.acquireSync();
    to.set(who, process.pid); // with the lock held: whoever sees that and has the lock knows that this one waits
    it.waitSync();
    it.release();
  };
  const ends: Promise<unknown>[] = [];
  for (const who of [0, 1]) {
    ends.push(start(waits, changed, who, pids));
    await comesTrue(() => pids.at(who) !== 0);
    changed.acquireSync();
    changed.release();
  }
  await changed.acquire();
  killHard(pids.at(0)!); // it may be on its way out, or not yet, when the notification comes
  changed.notify();
  changed.release();
  report(await Promise.all(ends));
  report([changed.acquireSync({ timeout: 10_000 }), changed.lock.locked]);
  changed.release();

  // One of three dies at the barrier; then one dies in the action, for which the two others wait.
  for (const how of ['waiting', 'acting']) {
    const acts = (): unknown => process.kill(process.pid, 'SIGKILL');
    const barrier = how === 'waiting' ? new Barrier(3) : new Barrier(3, { action: acts });
    const others = [seen(barrier.wait())];
    if (how === 'acting') others.push(seen(barrier.wait()));
    pids.set(0, 0);
    const meets = (it: Barrier, to: SharedArray<'int32'>): void => {
      to.set(0, process.pid);
      it.waitSync();
    };
    const end = start(meets, barrier, pids);
    if (how === 'waiting') {
      await comesTrue(() => barrier.nWaiting === 2);
      killHard(pids.at(0)!);
    }
    report([how, await end, await Promise.all(others), barrier.broken]);
    report(described(await barrier.wait().catch((error: unknown) => error)));
    barrier.reset();
    report([barrier.broken, barrier.nWaiting]);
  }
  await pool.terminate();
}

describe('a worker that is killed while it waits', () => {
  for (const waiter of WAITERS) {
    it(`as a ${waiter}, for a queue, an event or a lock: what it waited for goes to the living`, async () => {
      const child = await run(waiters, { args: [waiter], timeout: 40_000 });
      const end = ENDS[waiter];
      assert.deepEqual(
        child.reports,
        [
          [end, end, ['first', 'of a living one', true]],
          [end, end, ['for a living one', true]],
          [end, true],
          [end, end, [true, true]],
          [end, end, [true, false]],
          [end, [1, true, false]],
          [end, 'for a living one'],
          [true],
        ].flat(),
        child.stderr,
      );
      assert.deepEqual([child.code, child.stderr], [0, '']);
    }).timeout(60_000);

    it(`as a ${waiter}, in a condition or at a barrier: its notification is passed on, the barrier breaks`, async () => {
      const child = await run(meetings, { args: [waiter], timeout: 30_000 });
      const [dead, done] = waiter === 'task' ? ['crashed', 'done'] : [-9, 0];
      const broken = {
        name: 'BrokenBarrierError',
        code: 'ERR_ALLCORES_BROKEN_BARRIER',
        message: 'The barrier is broken',
      };
      assert.deepEqual(
        child.reports,
        [
          [dead, done],
          [true, true],
          ['waiting', dead, [{ error: broken }], true],
          broken,
          [false, 0],
          ['acting', dead, [{ error: broken }, { error: broken }], true],
          broken,
          [false, 0],
        ],
        child.stderr,
      );
      assert.deepEqual([child.code, child.stderr], [0, '']);
    }).timeout(60_000);
  }
});
