import assert from 'node:assert/strict';
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  heapFigures,
  Lock,
  Pool,
  Process,
  RLock,
  Semaphore,
} from 'allcores';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './child.js';
import { report, seen } from './inside.js';

const TIMED_OUT = 'ERR_ALLCORES_TASK_TIMEOUT';
const CRASHED = 'ERR_ALLCORES_WORKER_CRASHED';
const ENDED = { terminated: -15, exits: 7 };

/** Ways of dying while something is held; each waits for `go` first, so that others can queue. */
describe('a thread that dies', () => {
  it('holding something: who waits gets it, blocked or not, and is told', async () => {
    const child = await run(async () => {
      const holds = (held: { acquireSync(): boolean }, holding: Event, go: Event, how: string): void => {
        held.acquireSync();
        holding.set();
        go.waitSync();
        if (how === 'exits') process.exit(7);
        for (;;);
      };
      const waits = (wanted: { acquireSync(): boolean; recovered: boolean; release(): void }): boolean[] => {
        const got = [wanted.acquireSync(), wanted.recovered];
        wanted.release();
        return got;
      };
      const waitsInLoop = async (wanted: {
        acquire(): Promise<boolean>;
        recovered: boolean;
        release(): void;
      }): Promise<boolean[]> => {
        const got = [await wanted.acquire(), wanted.recovered];
        wanted.release();
        return got;
      };
      const pool = new Pool(3);
      for (const make of [
        () => new Lock(),
        () => new RLock(),
        () => new Semaphore(1),
        () => new BoundedSemaphore(1),
        () => new Condition(),
      ]) {
        for (const how of ['exits', 'times out', 'is terminated']) {
          const [wanted, holding, go] = [make(), new Event(), new Event()];
          const asProcess = how === 'is terminated';
          const holder = asProcess
            ? new Process({ target: holds as never, args: [wanted, holding, go, how] as never }).start()
            : undefined;
          const task = asProcess
            ? undefined
            : pool.apply(holds, [wanted, holding, go, how], how === 'exits' ? {} : { timeout: 200 });
          await holding.wait();
          const waiters = [pool.apply(waits, [wanted]), pool.apply(waitsInLoop, [wanted]), waitsInLoop(wanted)];
          go.set();
          holder?.terminate();
          const end = task === undefined ? await holder!.exited.then(({ exitCode }) => exitCode) : await seen(task);
          const got = (await Promise.all(waiters)).map(String).toSorted();
          report([wanted.constructor.name, how, (end as { error?: { code: string } }).error?.code ?? end, got]);
          wanted.acquireSync();
          if (wanted.recovered) report('told again');
          wanted.release();
        }
      }
      await pool.terminate();
    });
    const told = ['true,false', 'true,false', 'true,true'];
    assert.deepEqual(
      child.reports,
      ['Lock', 'RLock', 'Semaphore', 'BoundedSemaphore', 'Condition'].flatMap((name) => [
        [name, 'exits', CRASHED, told],
        [name, 'times out', TIMED_OUT, told],
        [name, 'is terminated', ENDED.terminated, told],
      ]),
    );
    assert.equal(child.code, 0, child.stderr);
  });

  it('in a wait: it leaves its queue, and its notification goes to the next', async () => {
    const child = await run(async () => {
      const waits = (changed: Condition, ready: Semaphore): void => {
        changed.acquireSync();
        ready.release();
        changed.waitSync();
      };
      const changed = new Condition();
      const ready = new Semaphore(0);
      const processes = [1, 2, 3].map(() => new Process({ target: waits, args: [changed, ready] }).start());
      for (let i = 0; i < 3; i++) await ready.acquire();
      await changed.acquire(); // all three wait
      const last = changed.wait();
      await changed.acquire();
      for (const each of processes) each.terminate();
      changed.notify();
      changed.release();
      for (const each of processes) await each.join();
      await changed.acquire();
      changed.notify();
      changed.release();
      report(await last);
      report(changed.lock.locked);
      changed.release();
      report(changed.lock.locked);
    });
    assert.deepEqual(child.reports, [true, true, false]);
    assert.equal(child.code, 0, child.stderr);
  });

  it('at a barrier, waiting or in its action: it breaks for the others', async () => {
    const child = await run(async () => {
      const waits = (barrier: Barrier, ready: Event): void => {
        ready.set();
        barrier.waitSync();
      };
      const exits = (): void => process.exit(7);
      for (const how of ['waiting', 'acting']) {
        const barrier: Barrier = how === 'waiting' ? new Barrier(3) : new Barrier(3, { action: exits });
        const others = [seen(barrier.wait()), how === 'acting' ? seen(barrier.wait()) : undefined];
        const ready = new Event();
        const one = new Process({ target: waits, args: [barrier, ready] }).start();
        await ready.wait();
        if (how === 'waiting') {
          while (barrier.nWaiting < 2) await sleep(1);
          one.terminate();
        }
        await one.join();
        for (const each of await Promise.all(others)) if (each !== undefined) report(each);
        report([how, barrier.broken, barrier.nWaiting]);
        barrier.reset();
        report([barrier.broken, barrier.nWaiting]);
      }
    });
    const broken = {
      error: { name: 'BrokenBarrierError', code: 'ERR_ALLCORES_BROKEN_BARRIER', message: 'The barrier is broken' },
    };
    assert.deepEqual(child.reports, [
      broken,
      ['waiting', true, 0],
      [false, 0],
      broken,
      broken,
      ['acting', true, 0],
      [false, 0],
    ]);
    assert.equal(child.code, 0, child.stderr);
  });

  it('leaves an event as it is, and the permits of a semaphore that signals', async () => {
    const child = await run(async () => {
      const signals = (event: Event, semaphore: Semaphore): void => {
        semaphore.release(2); // messages: nobody's permits
        semaphore.acquireSync();
        event.set();
        process.exit(7);
      };
      const event = new Event();
      const semaphore = new Semaphore(0);
      await new Process({ target: signals, args: [event, semaphore] }).start().join();
      report([event.isSet(), semaphore.value, semaphore.acquireSync(), semaphore.recovered]);
    });
    assert.deepEqual(child.reports, [[true, 1, true, false]]);
    assert.equal(child.code, 0, child.stderr);
  });

  it('at random, many times: nobody hangs, nothing is lost, and all memory is given back', async () => {
    const child = await run(
      async () => {
        const uses = (
          lock: Lock,
          rlock: RLock,
          semaphore: Semaphore,
          changed: Condition,
          barrier: Barrier,
          event: Event,
        ): void => {
          for (;;) {
            lock.acquireSync();
            rlock.acquireSync();
            rlock.acquireSync();
            semaphore.acquireSync();
            event.set();
            event.clear();
            semaphore.release();
            rlock.release();
            rlock.release();
            lock.release();
            changed.acquireSync();
            changed.notify();
            changed.waitSync({ timeout: 1 });
            changed.release();
            event.waitSync({ timeout: 0 });
            try {
              barrier.waitSync({ timeout: 1 });
            } catch {
              barrier.reset();
            }
          }
        };
        const pool = new Pool(2);
        await pool.apply(() => 0);
        const start = heapFigures().blocks;
        await (async () => {
          const lock = new Lock();
          const rlock = new RLock();
          const semaphore = new Semaphore(1);
          const changed = new Condition();
          const barrier = new Barrier(2);
          const event = new Event();
          const args = [lock, rlock, semaphore, changed, barrier, event] as const;
          for (let round = 0; round < 40; round++) {
            const tasks = [1, 2].map((i) => seen(pool.apply(uses, args, { timeout: i + (round % 7) })));
            for (const { error } of (await Promise.all(tasks)) as { error: { code: string } }[]) {
              if (error.code !== 'ERR_ALLCORES_TASK_TIMEOUT') report(error);
            }
          }
          // A task is settled once its time is over, and may go on until its worker is gone: as a third party at the barrier.
          while (pool.stats().running > 0) await sleep(1);
          report([
            await lock.acquire({ timeout: 5000 }),
            await rlock.acquire({ timeout: 5000 }),
            await semaphore.acquire({ timeout: 5000 }),
            await changed.acquire({ timeout: 5000 }),
            semaphore.value,
          ]);
          barrier.reset();
          report((await Promise.all([barrier.wait(), barrier.wait()])).toSorted());
        })();
        for (let i = 0; i < 3; i++) await pool.apply(() => 0); // the pool may keep what its last task was given
        await pool.terminate();
        const until = performance.now() + 5000;
        while (heapFigures().blocks > start && performance.now() < until) {
          (globalThis as unknown as { gc(): void }).gc();
          await sleep(10);
        }
        report(heapFigures().blocks - start);
      },
      { execArgv: ['--expose-gc'], timeout: 60_000 },
    );
    assert.deepEqual(child.reports, [[true, true, true, true, 0], [0, 1], 0], child.stderr);
    assert.equal(child.code, 0, child.stderr);
  }).timeout(90_000);
});
