import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, currentTask, setStartMethod, type StartMethod } from 'allcores';
import { run } from './child.js';
import { base, letGo, report, seen } from './inside.js';

/** What a promise saw whose worker had the uncaught error `cause`. */
const crashed = (cause: object): object => ({
  error: {
    name: 'WorkerCrashedError',
    code: 'ERR_ALLCORES_WORKER_CRASHED',
    message: `PoolWorker-1 exited with code 1 during the task: ${(cause as Error).message}`,
    exitCode: 1,
    workerId: 1,
    cause,
  },
});

const ALL_GONE = { threads: 0, workers: 0 };

describe('an uncaught error in a worker', () => {
  it('rejects the pending task and is its cause', async () => {
    const child = await run(async () => {
      const threads = await base();
      const pool = new Pool(1);
      const task = async (): Promise<void> => {
        setTimeout(() => {
          throw new RangeError('from a timer');
        }, 10);
        await new Promise(() => {});
      };
      report(await seen(pool.apply(task)));
      report(await seen(pool.apply(() => 'next')));
      report(await letGo(pool, threads));
    });
    const cause = { name: 'RangeError', message: 'from a timer' };
    assert.deepEqual(child.reports, [crashed(cause), { value: 'next' }, ALL_GONE]);
    assert.equal(child.code, 0);
  });

  it('changes nothing for a task that has its result', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      const task = (): string => {
        setTimeout(() => {
          throw new Error('afterwards');
        }, 20);
        return 'done';
      };
      report(await seen(pool.apply(task)));
      while (pool.stats().crashed === 0) await sleep(10);
      report(await seen(pool.apply(() => 'next')));
      report(pool.workers.map(({ id }) => id));
    });
    assert.deepEqual(child.reports, [{ value: 'done' }, { value: 'next' }, [2]]);
    assert.equal(child.code, 0);
  });

  it('is also a promise that nobody handles, while a task is pending', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      const task = async (): Promise<void> => {
        void Promise.reject(new TypeError('unhandled'));
        await new Promise(() => {});
      };
      report(await seen(pool.apply(task)));
      report(await seen(pool.apply(() => 'next')));
    });
    assert.deepEqual(child.reports, [crashed({ name: 'TypeError', message: 'unhandled' }), { value: 'next' }]);
    assert.equal(child.code, 0);
  });

  it('is also a promise that nobody handles, after the result', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      const task = (): string => {
        void Promise.reject(new Error('unhandled'));
        return 'done';
      };
      report(await seen(pool.apply(task)));
      while (pool.stats().crashed === 0) await sleep(10);
      report(await seen(pool.apply(() => 'next')));
    });
    assert.deepEqual(child.reports, [{ value: 'done' }, { value: 'next' }]);
    assert.equal(child.code, 0);
  });

  it('rejects the task that runs when it strikes, and only that one', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      const first = pool.apply(() => {
        setTimeout(() => {
          throw new Error('late');
        }, 50);
        return 'first';
      });
      const second = pool.apply(() => new Promise((resolve) => setTimeout(resolve, 5000)));
      const third = pool.apply(() => 'third');
      for (const promise of [first, second, third]) report(await seen(promise));
    });
    const [first, second, third] = child.reports;
    assert.deepEqual(
      [first, second, third],
      [{ value: 'first' }, crashed({ name: 'Error', message: 'late' }), { value: 'third' }],
    );
  });

  it('ends a worker also when it is not an Error, null included', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      for (const thrown of [null, 'text', 7, { some: 'thing' }]) {
        const task = async (value: unknown): Promise<void> => {
          setTimeout(() => {
            throw value;
          }, 5);
          await new Promise(() => {});
        };
        const outcome = (await seen(pool.apply(task, [thrown]))) as { error: Record<string, unknown> };
        report([outcome.error['name'], outcome.error['exitCode']]);
      }
      report(await seen(pool.apply(() => 'next')));
    });
    const crash = ['WorkerCrashedError', 1];
    assert.deepEqual(child.reports, [crash, crash, crash, crash, { value: 'next' }]);
  });

  it('does not end the worker when the task handles it by an uncaughtException listener', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      const task = async (): Promise<unknown> => {
        const caught = new Promise((resolve) => process.once('uncaughtException', (error) => resolve(error.message)));
        setTimeout(() => {
          throw new Error('handled');
        }, 5);
        return caught;
      };
      report(await seen(pool.apply(task)));
      report(await seen(pool.apply(() => 'next')));
      report([pool.workers.map(({ id }) => id), pool.stats().crashed]);
    });
    assert.deepEqual(child.reports, [{ value: 'handled' }, { value: 'next' }, [[1], 0]]);
    assert.equal(child.code, 0);
  });

  it('costs each of many workers its task alone', async () => {
    const child = await run(async () => {
      const pool = new Pool(2);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 12 }, (_, i) =>
          pool.apply(
            async (x: number) => {
              if (x % 3 > 0) return x;
              setTimeout(() => {
                throw new Error(`of ${x}`);
              });
              return new Promise<number>(() => {});
            },
            [i],
          ),
        ),
      );
      report(outcomes.map((of) => (of.status === 'fulfilled' ? of.value : (of.reason.cause as Error).message)));
    });
    const expected = Array.from({ length: 12 }, (_, i) => (i % 3 > 0 ? i : `of ${i}`));
    assert.deepEqual(child.reports, [expected]);
  });
});

/** The program: a worker fails at a time when no promise can tell of it, and the program goes on. */
async function fails(method: StartMethod, how: string): Promise<void> {
  setStartMethod(method);
  const pool = new Pool(1);
  const task = (way: string): string => {
    const failing = (): never => {
      throw new RangeError('of nobody', { cause: new TypeError('the cause') });
    };
    if (way === 'an error in a timer') setTimeout(failing, 10);
    else if (way === 'no Error') setTimeout(() => void Promise.reject('a text'), 10);
    else void Promise.resolve().then(failing);
    return 'done';
  };
  report(await pool.apply(task, [how]));
  while (pool.stats().crashed === 0) await sleep(10);
  report(await pool.apply(() => 'next'));
  report(pool.workers.map(({ name }) => name));
}

const METHODS: readonly StartMethod[] = ['thread', 'process'];

for (const method of METHODS) {
  describe(`an uncaught error of no task (${method})`, () => {
    for (const how of ['an error in a timer', 'a rejection', 'no Error']) {
      it(`is on stderr once, under the worker's name, and the program goes on: ${how}`, async () => {
        const child = await run(fails, { args: [method, how] });
        assert.deepEqual(child.reports, ['done', 'next', ['PoolWorker-2']]);
        const stack =
          /^Process PoolWorker-1:\nRangeError: of nobody\n {4}at .*failing.*\n[^]*TypeError: the cause\n {6}at /;
        const text = /^Process PoolWorker-1:\n.*UnhandledPromiseRejection.*"a text"/;
        assert.match(child.stderr, how === 'no Error' ? text : stack);
        assert.equal(child.stderr.split('PoolWorker-').length, 2, child.stderr);
        assert.doesNotMatch(child.stderr, /core\.cjs|allcores\.cjs/);
        assert.deepEqual([child.stdout, child.code], ['', 0]);
      });
    }

    it('is not on stderr when it is told by a promise, or handled by a listener', async () => {
      const child = await run(
        async (kind: StartMethod) => {
          setStartMethod(kind);
          const pool = new Pool(1);
          const failing = (text: string, handled: boolean): Promise<string> => {
            if (handled) process.once('uncaughtException', () => process.exit(3));
            setTimeout(() => {
              throw new Error(text);
            });
            return new Promise(() => {});
          };
          for (const handled of [false, true]) {
            const { error } = (await seen(pool.apply(failing, ['told', handled]))) as {
              error: Record<string, unknown>;
            };
            report([error['exitCode'], (error['cause'] as Error | undefined)?.message ?? 'no cause']);
          }
        },
        { args: [method] },
      );
      assert.deepEqual(child.reports, [
        [1, 'told'],
        [3, 'no cause'],
      ]);
      assert.deepEqual([child.stderr, child.stdout, child.code], ['', '', 0]);
    });

    it('is on stderr when the task that fails was given up before', async () => {
      const child = await run(
        async (kind: StartMethod) => {
          setStartMethod(kind);
          const pool = new Pool(1);
          const task = (): Promise<never> => {
            const itself = currentTask()!;
            setInterval(() => {
              if (itself.aborted) throw new Error('in vain');
            }, 5);
            return new Promise(() => {});
          };
          const given = (await seen(pool.apply(task, [], { timeout: 50, grace: 60_000 }))) as { error: Error };
          report(given.error.name);
          while (pool.stats().crashed === 0) await sleep(10);
          report(await pool.apply(() => 'next'));
        },
        { args: [method] },
      );
      assert.deepEqual(child.reports, ['TaskTimeoutError', 'next']);
      assert.match(child.stderr, /^Process PoolWorker-1:\nError: in vain\n {4}at /);
      assert.equal(child.stderr.split('in vain').length, 2, child.stderr);
    });
  });
}
