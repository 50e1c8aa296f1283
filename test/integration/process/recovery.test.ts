import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Barrier, getAllStartMethods, getContext, Lock, RLock, Semaphore, type Process } from 'allcores';

/** Each is a race between who is told of an end and who finds out by a look now and then. */
const ROUNDS = 4;

type Shared = readonly [Lock, RLock, Semaphore, Barrier];

/** Takes a hold of everything, and waits for good. */
function waitHolding(lock: Lock, nested: RLock, semaphore: Semaphore, barrier: Barrier): void {
  lock.acquireSync();
  nested.acquireSync();
  nested.acquireSync();
  semaphore.acquireSync();
  barrier.waitSync();
}

/** Takes a hold of everything, and ends. */
function exitHolding(lock: Lock, nested: RLock, semaphore: Semaphore, barrier: Barrier): void {
  lock.acquireSync();
  nested.acquireSync();
  nested.acquireSync();
  semaphore.acquireSync();
  barrier.wait().catch(() => {});
  process.exit(barrier.nWaiting === 1 ? 3 : 4);
}

const ends: readonly { name: string; target: typeof waitHolding; end: (child: Process) => void; exitCode: number }[] = [
  { name: 'killed', target: waitHolding, end: (child) => child.kill(), exitCode: -9 },
  { name: 'exiting by itself', target: exitHolding, end: () => {}, exitCode: 3 },
];

const pause = new Int32Array(new SharedArrayBuffer(4));

const tellers: Record<string, (child: Process) => unknown> = {
  joinSync: (child) => child.joinSync(),
  join: (child) => child.join(),
  exited: (child) => child.exited,
  isAlive: (child) => {
    while (child.isAlive()) Atomics.wait(pause, 0, 0, 1);
  },
  exitCode: async (child) => {
    while (child.exitCode === null) await sleep(1);
  },
};

/** What is free, at once and with a word of it, and whether the barrier is broken. */
function found([lock, nested, semaphore, barrier]: Shared): object {
  const broken = [barrier.broken, barrier.nWaiting];
  const take = (each: Lock | RLock | Semaphore): boolean[] => [each.acquireSync({ timeout: 0 }), each.recovered];
  return { lock: take(lock), nested: take(nested), semaphore: take(semaphore), broken };
}

for (const method of getAllStartMethods()) {
  const context = getContext(method);

  describe(`what a Process held that is a ${method}`, () => {
    for (const { name, target, end, exitCode } of ends) {
      for (const [teller, told] of Object.entries(tellers)) {
        it(`is free once ${teller} tells of its end, ${name}`, async () => {
          for (let round = 0; round < ROUNDS; round++) {
            const shared: Shared = [new Lock(), new RLock(), new Semaphore(1), new Barrier(2)];
            const child = new context.Process({ target, args: [...shared] }).start();
            if (target === waitHolding) while (shared[3].nWaiting === 0) await sleep(1);
            end(child);
            await told(child);
            const free = [true, true];
            assert.deepEqual(found(shared), { lock: free, nested: free, semaphore: free, broken: [true, 0] });
            assert.throws(() => shared[3].waitSync(), { name: 'BrokenBarrierError' });
            assert.equal(child.exitCode, exitCode);
          }
        });
      }
    }

    it('is recovered once: what was taken since stays taken when its end is told again', async () => {
      const lock = new Lock();
      const leave = (held: Lock): never => {
        held.acquireSync();
        process.exit(0);
      };
      for (let round = 0; round < ROUNDS; round++) {
        const child = new context.Process({ target: leave, args: [lock] }).start();
        child.joinSync();
        assert.deepEqual([lock.acquireSync({ timeout: 0 }), lock.recovered], [true, true]);
        await child.exited;
        assert.equal(lock.locked, true);
        lock.release();
        assert.deepEqual([lock.acquireSync({ timeout: 0 }), lock.recovered], [true, false]);
        lock.release();
      }
    });
  });
}

describe('the end of a process', () => {
  const spin = (): never => {
    for (;;);
  };

  it('can be waited for in the course of an event of another one that ended with it', async () => {
    const { Process } = getContext('process');
    const [first, second] = [new Process({ target: spin }).start(), new Process({ target: spin }).start()];
    const joined = first.join();
    void second.join();
    first.kill();
    second.terminate();
    Atomics.wait(pause, 0, 0, 300); // both end meanwhile: their events are told together
    await joined;
    assert.equal(second.joinSync({ timeout: 10_000 }), true);
    assert.deepEqual([second.isAlive(), first.exitCode, second.exitCode], [false, -9, -15]);
  });
});
