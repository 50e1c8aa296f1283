import assert from 'node:assert/strict';
import { currentTask, Pool, SharedArray } from 'allcores';

function nap(ms: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return ms;
}

function identity(x: number): number {
  return x;
}

/** Ends the worker until the task has been begun so many times. */
function survive(attempts: number): number {
  const { attempt } = currentTask()!;
  if (attempt < attempts) process.exit(1);
  return attempt;
}

describe('priority', () => {
  it('orders tasks that wait, higher first, equal ones as submitted', async () => {
    const pool = new Pool(1);
    try {
      await pool.apply(nap, [0]);
      const order: string[] = [];
      const gate = pool.apply(nap, [100], { priority: 100 });
      const waiting = [0, 5, -1, 5, 0, 9].map((priority, i) =>
        pool.apply(identity, [i], { priority }).then(() => order.push(`${priority}#${i}`)),
      );
      await Promise.all([gate, ...waiting]);
      // Two for each worker may be published before the order is known to matter.
      assert.deepEqual(
        order.slice(-4),
        order.slice(-4).sort((a, b) => byPriority(a, b)),
      );
      assert.ok(order.indexOf('9#5') < order.indexOf('-1#2'), order.join());
    } finally {
      await pool.terminate();
    }
  });

  it('lets an urgent task pass a long queue', async () => {
    const pool = new Pool(1);
    try {
      await pool.apply(nap, [0]);
      let done = 0;
      const queue = Array.from({ length: 200 }, () => pool.apply(nap, [1], { priority: -1 }).then(() => done++));
      await pool.apply(identity, [1], { priority: 10 });
      assert.ok(done < 20, `${done} tasks were done before it`);
      await Promise.all(queue);
    } finally {
      await pool.terminate();
    }
  });

  it('is refused when it is no number', async () => {
    const pool = new Pool(1);
    try {
      for (const priority of ['high', Number.NaN]) {
        assert.throws(() => void pool.apply(nap, [0], { priority: priority as never }), {
          name: 'TypeError',
          message: /^priority must be a number, got /,
        });
      }
    } finally {
      await pool.terminate();
    }
  });
});

describe('retries', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  it('runs a task again whose worker died, and tells which attempt it is', async () => {
    assert.equal(await pool.apply(survive, [3], { retries: 2 }), 3);
  });

  it('gives up after so many', async () => {
    await assert.rejects(pool.apply(survive, [9], { retries: 1 }), {
      code: 'ERR_ALLCORES_WORKER_CRASHED',
      exitCode: 1,
    });
  });

  it('is 0 unless it is set', async () => {
    await assert.rejects(pool.apply(survive, [2]), { code: 'ERR_ALLCORES_WORKER_CRASHED' });
  });

  it('keeps the arguments as they were at the call', async () => {
    const list = ['a', { b: 'c'.repeat(200) }];
    const result = pool.apply(
      (value: unknown) => {
        if (currentTask()!.attempt === 1) process.exit(1);
        return value;
      },
      [list],
      { retries: 1 },
    );
    list.length = 0;
    assert.deepEqual(await result, ['a', { b: 'c'.repeat(200) }]);
  });

  it('does not run a task again that threw', async () => {
    const ran = new SharedArray('int32', 1);
    const fail = (counter: SharedArray<'int32'>): never => {
      Atomics.add(counter.view, 0, 1);
      throw new RangeError('once');
    };
    await assert.rejects(pool.apply(fail, [ran], { retries: 3 }), { message: 'once' });
    assert.equal(ran.at(0), 1);
  });

  it('holds for the chunks of a map', async () => {
    assert.deepEqual(await pool.map(survive, [1, 2, 1, 3], { retries: 3, chunksize: 1 }), [1, 2, 1, 3]);
  });

  it('is refused unless it is an integer of at least 0', () => {
    assert.throws(() => void pool.apply(nap, [0], { retries: -1 }), {
      name: 'RangeError',
      message: /retries .* got -1/,
    });
  });
});

function byPriority(a: string, b: string): number {
  const [[p, i], [q, j]] = [a, b].map((text) => text.split('#').map(Number)) as [[number, number], [number, number]];
  return q - p || i - j;
}
