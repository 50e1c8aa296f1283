import assert from 'node:assert/strict';
import {
  BoundedSemaphore,
  Condition,
  Event,
  Lock,
  Manager,
  Pool,
  Process,
  RLock,
  Semaphore,
  setStartMethod,
  SharedArray,
  Value,
} from 'allcores';
import { run } from '../child.js';
import { report } from '../inside.js';
import { childProcesses, comesTrue, crashIn, killHard } from './children.js';

type Holder = 'task' | 'Process';
const HOLDERS = ['task', 'Process'] as const;
const BLOCKED = ['is a child', 'is the child of one that is killed', 'is the child of a busy one'] as const;
/** What a holder that was killed came to. */
const ENDS = { task: { exitCode: null, signal: 'SIGKILL' }, Process: { exitCode: -9, signal: 'SIGKILL' } };

/** What the programs hold: a lock, or what has one. */
type Lockable = Pick<RLock, 'acquire' | 'acquireSync' | 'release' | 'recovered'>;
type Shared = Lockable | Value<'int32'> | SharedArray<'int32'>;

/** The program: everything that can be held is held by one that is killed, while others wait for it in each way. */
async function holders(holder: Holder): Promise<void> {
  setStartMethod('process');
  const holds = (what: Shared, times: number, pids: SharedArray<'int32'>, holding: Event): void => {
    const lock = 'getLock' in what ? what.getLock()! : what;
    for (let i = 0; i < times; i++) lock.acquireSync();
    pids.set(0, process.pid);
    holding.set();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  };
  const waits = (what: Shared, coming: Semaphore): unknown => {
    const lock = 'getLock' in what ? what.getLock()! : what;
    coming.release();
    const got = [lock.acquireSync(), lock.recovered];
    lock.release();
    return got;
  };
  const waitsInLoop = async (what: Shared, coming: Semaphore): Promise<unknown> => {
    const lock = 'getLock' in what ? what.getLock()! : what;
    coming.release();
    const got = [await lock.acquire(), lock.recovered];
    lock.release();
    return got;
  };

  const manager = new Manager();
  const bounded = new BoundedSemaphore(1);
  const shared: [string, Shared, number][] = [
    ['Lock', new Lock(), 1],
    ['RLock, twice', new RLock(), 2],
    ['Semaphore', new Semaphore(1), 1],
    ['BoundedSemaphore', bounded, 1],
    ['Condition', new Condition(), 1],
    ['Condition of a Lock', new Condition(new Lock()), 1],
    ["manager's lock", manager.lock(), 1],
    ["manager's rlock, twice", manager.rlock(), 2],
    ["manager's semaphore", manager.semaphore(1), 1],
    ['Value', new Value('int32', 0, { lock: true }), 1],
    ['SharedArray', new SharedArray('int32', 4, { lock: true }), 2],
  ];
  const doomed = new Pool(1);
  const others = new Pool(2);
  for (const [name, what, times] of shared) {
    const [pids, holding, coming] = [new SharedArray('int32', 1), new Event(), new Semaphore(0)];
    const args = [what, times, pids, holding] as const;
    const end =
      holder === 'task'
        ? crashIn(() => doomed.apply(holds, args))
        : new Process({ target: holds, args: [...args] }).start().exited;
    await holding.wait();
    const waiters = [
      others.apply(waits, [what, coming]),
      others.apply(waitsInLoop, [what, coming]),
      waitsInLoop(what, coming),
    ];
    for (const _waiter of waiters) await coming.acquire();
    killHard(pids.at(0)!);
    const got = (await Promise.all(waiters)).map(String).toSorted();
    const lock = 'getLock' in what ? what.getLock()! : what;
    const again = [lock.acquireSync({ timeout: 0 }), lock.recovered];
    lock.release();
    report([name, await end, got, again]);
  }
  // The permit came back once: there is none too many.
  report([bounded.value, await crashIn(() => bounded.release())]);
  report(await doomed.apply(() => 'goes on'));
  await Promise.all([doomed.terminate(), others.terminate()]);
  report(await comesTrue(() => childProcesses().length === 0));
}

/** The program: its thread is blocked in the wait when the holder dies, and the lock is held by a child or a grandchild. */
async function blocked(method: (typeof BLOCKED)[number]): Promise<void> {
  setStartMethod('process');
  const holds = (lock: Lock, rlock: RLock, holding: Event, go: Event): void => {
    lock.acquireSync();
    rlock.acquireSync();
    rlock.acquireSync();
    holding.set();
    go.waitSync();
    process.kill(process.pid, 'SIGKILL');
  };
  const starts = (inner: typeof holds, args: Parameters<typeof holds>, isBusy: boolean): void => {
    new Process({ target: inner, args }).start();
    args[3].waitSync();
    while (isBusy); // it never hears of the end of its child
    process.kill(process.pid, 'SIGKILL'); // and its child with it, wherever that is
  };
  const [lock, rlock, holding, go] = [new Lock(), new RLock(), new Event(), new Event()];
  const args = [lock, rlock, holding, go] as const;
  const child =
    method === 'is a child'
      ? new Process({ target: holds, args: [...args] })
      : new Process({ target: starts, args: [holds, [...args], method === 'is the child of a busy one'] });
  child.start();
  holding.waitSync();
  go.set();
  report([lock.acquireSync(), lock.recovered, rlock.acquireSync(), rlock.recovered]);
  if (method === 'is the child of a busy one') child.kill();
  report(await child.exited);
}

describe('a worker that is killed while it holds something', () => {
  for (const holder of HOLDERS) {
    it(`as a ${holder}: who waits gets it, in whatever way it waits, and the first one is told`, async () => {
      const child = await run(holders, { args: [holder], timeout: 60_000 });
      const got = ['true,false', 'true,false', 'true,true'];
      const names = ['Lock', 'RLock, twice', 'Semaphore', 'BoundedSemaphore', 'Condition', 'Condition of a Lock'];
      const ofManager = ["manager's lock", "manager's rlock, twice", "manager's semaphore"];
      const tooMany = { name: 'ProcessError', message: 'release: this BoundedSemaphore was released too many times' };
      assert.deepEqual(
        child.reports,
        [
          ...[...names, ...ofManager, 'Value', 'SharedArray'].map((name) => [name, ENDS[holder], got, [true, false]]),
          [1, tooMany],
          'goes on',
          true,
        ],
        child.stderr,
      );
      assert.deepEqual([child.code, child.stderr], [0, '']);
    }).timeout(90_000);
  }

  for (const method of BLOCKED) {
    it(`and ${method}: the program gets it although its event loop is blocked meanwhile`, async () => {
      const child = await run(blocked, { args: [method] });
      assert.deepEqual(child.reports, [[true, true, true, true], ENDS.Process], child.stderr);
      assert.deepEqual([child.code, child.stderr], [0, '']);
    });
  }
});
