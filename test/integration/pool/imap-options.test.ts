import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { currentTask, Pool, SharedArray } from 'allcores';
import { drain as drainWith } from '../../support/lazy.js';

/** Values, and codes of errors, in the order in which they are given. */
function drain(iterator: AsyncIterator<unknown>): Promise<unknown[]> {
  return drainWith(iterator, (error) => (error as NodeJS.ErrnoException).code);
}

type Flags = SharedArray<'int32'>;

function identity<T>(x: T): T {
  return x;
}

function nap(ms: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return ms;
}

function hangAtTwo(x: number): number {
  for (;;) if (x !== 2) return x;
}

/** Dies at 2 as often as it is told. */
function dieAtTwo([x, times]: readonly [number, number]): number {
  if (x === 2 && currentTask()!.attempt <= times) process.exit(9);
  return x;
}

/** Says in `flags[0]` that it began, and in `flags[1]` that it noticed that it is to stop. */
function notice(flags: Flags): void {
  const task = currentTask()!;
  Atomics.store(flags.view, 0, 1);
  while (!task.aborted);
  nap(20);
  Atomics.store(flags.view, 1, 1);
}

async function raised(flags: Flags, index: number): Promise<void> {
  while (Atomics.load(flags.view, index) === 0) await sleep(1);
}

for (const method of ['imap', 'imapUnordered'] as const) {
  describe(`options of ${method}`, () => {
    let pool: Pool;
    beforeEach(() => (pool = new Pool(1)));
    afterEach(() => pool.terminate());

    it('chunksize: so many items a task', async () => {
      for (const [chunksize, tasks] of [
        [1, 10],
        [3, 4],
        [100, 1],
      ] as const) {
        const before = pool.stats().completed;
        await drain(pool[method](identity, Array.from({ length: 10 }).keys(), { chunksize }));
        assert.equal(pool.stats().completed - before, tasks);
      }
    });

    it('chunksize: so many items a task once the buffer is full, too', async () => {
      for (const [chunksize, buffersize, tasks] of [
        [10, 25, 10],
        [10, 10, 10],
        [10, 4, 25],
      ] as const) {
        const before = pool.stats().completed;
        const options = { chunksize, buffersize };
        await drain(pool[method](identity, Array.from({ length: 100 }).keys(), options));
        assert.equal([...pool[`${method}Sync`](identity, Array.from({ length: 100 }).keys(), options)].length, 100);
        assert.equal(pool.stats().completed - before, 2 * tasks);
      }
    });

    it('timeout: costs the chunk that runs longer, and no other', async () => {
      assert.deepEqual(await drain(pool[method](hangAtTwo, [1, 2, 3], { timeout: 200 })), [
        1,
        'ERR_ALLCORES_TASK_TIMEOUT',
        3,
      ]);
      const late = 'ERR_ALLCORES_TASK_TIMEOUT';
      const chunks = await drain(pool[method](hangAtTwo, [1, 2, 3, 4], { timeout: 200, chunksize: 2 }));
      assert.deepEqual(chunks, [late, late, 3, 4]);
    });

    it('signal: ends it with its reason', async () => {
      const flags = new SharedArray('int32', 2);
      const controller = new AbortController();
      const iterator = pool[method](notice, [flags, flags], { signal: controller.signal });
      const first = iterator.next();
      await raised(flags, 0);
      const reason = new Error('enough');
      controller.abort(reason);
      await assert.rejects(first, reason);
    });

    it('retries: an item is run again whose worker died, so often', async () => {
      const items = [1, 2, 3].map((x) => [x, 2] as const);
      assert.deepEqual((await drain(pool[method](dieAtTwo, items, { retries: 2 }))).sort(), [1, 2, 3]);
      assert.ok((await drain(pool[method](dieAtTwo, items, { retries: 1 }))).includes('ERR_ALLCORES_WORKER_CRASHED'));
    });

    it('priority: passes those that wait', async () => {
      await pool.apply(nap, [0]);
      const order: string[] = [];
      const gate = pool.apply(nap, [50], { priority: 100 });
      const low = Array.from({ length: 10 }, () => pool.apply(identity, [0]).then(() => order.push('low')));
      const iterator = pool[method](identity, [0, 1], { priority: 5 });
      const high = [iterator.next(), iterator.next()].map((step) => step.then(() => order.push('high')));
      await Promise.all([gate, ...low, ...high]);
      // Two for each worker may be published before the order is known to matter.
      assert.ok(order.lastIndexOf('high') < 5, order.join());
    });

    it('grace: what a task is given to end by itself once the iteration is left', async () => {
      const flags = new SharedArray('int32', 2);
      const iterator = pool[method](notice, [flags], { grace: 60_000 });
      void iterator.next();
      await raised(flags, 0);
      await iterator.return?.();
      await raised(flags, 1);
      assert.equal(await pool.apply(identity, [1]), 1);
      assert.deepEqual(pool.workers.map(({ id }) => id), [1]); // prettier-ignore
      const others = new SharedArray('int32', 2);
      const hasty = pool[method](notice, [others], { grace: 0 });
      void hasty.next();
      await raised(others, 0);
      await hasty.return?.();
      assert.equal(await pool.apply(identity, [1]), 1);
      assert.equal(pool.workers.at(-1)?.id, 2);
    });

    it('out and transfer: are refused', () => {
      for (const options of [{ out: new SharedArray('int32', 1) }, { transfer: [new ArrayBuffer(8)] }]) {
        for (const name of [method, `${method}Sync`] as const) {
          const [option] = Object.keys(options);
          const message = `${option} is an option of map and starmap, which ${name} does not have`;
          assert.throws(() => pool[name](identity, [1], options as object), { name: 'TypeError', message });
        }
      }
    });
  });
}
