import assert from 'node:assert/strict';
import { Pool } from 'allcores';
import { run } from './child.js';
import { report, seen } from './inside.js';

interface Failure {
  readonly error: { readonly name: string; readonly code?: string; readonly path?: string; readonly message: string };
}

const brief = (outcome: unknown): unknown[] => {
  const { error } = outcome as Failure;
  return [error.name, error.code, error.path];
};

const refused = (path: string): unknown[] => ['SerializationError', 'ERR_ALLCORES_SERIALIZATION', path];

/** What every program of this topic ends with: the worker that it began with goes on. */
const SERVES_ON = [{ value: 'next' }, [1]];

describe('values that a worker cannot pass on', () => {
  it('a result: SerializationError that names the place, and the worker survives', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      report(await seen(pool.apply(() => ({ a: [1, () => {}] }))));
      report(await seen(pool.apply(() => Symbol('s'))));
      report(await seen(pool.apply(() => Promise.resolve({ later: new WeakMap() }))));
      report(await seen(pool.map((x: number) => (x === 2 ? () => x : x), [1, 2, 3], { chunksize: 1 })));
      report(await seen(pool.apply(() => 'next')));
      report(pool.workers.map(({ id }) => id));
    });
    const [nested, symbol, later, mapped] = child.reports;
    assert.deepEqual(brief(nested), refused('result.a[1]'));
    assert.deepEqual(brief(symbol), refused('result'));
    assert.deepEqual(brief(later), refused('result.later'));
    assert.equal(brief(mapped)[0], 'SerializationError');
    assert.deepEqual(child.reports.slice(4), SERVES_ON);
  });

  it('a result with a getter that throws: that error', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      const trapped = (): object => ({
        get a(): number {
          throw new RangeError('in the getter');
        },
      });
      report(await seen(pool.apply(trapped)));
      report(await seen(pool.apply(() => 'next')));
      report(pool.workers.map(({ id }) => id));
    });
    const { error } = child.reports[0] as Failure;
    assert.equal(error.name, 'SerializationError');
    assert.match(error.message, /in the getter/);
    assert.deepEqual(child.reports.slice(1), SERVES_ON);
  });

  it('arguments: the same, without a task being begun', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      const identity = (x: unknown): unknown => x;
      report(await seen(() => pool.apply(identity, [{ a: Symbol('s') }])));
      report(await seen(() => pool.applyAsync(identity, [new WeakMap()])));
      report(await seen(() => pool.map(identity, [1, new WeakSet(), 3], { chunksize: 1 })));
      report(await seen(() => pool.applySync(identity, [Symbol('s')])));
      report(pool.stats().completed);
      report(await seen(pool.apply(() => 'next')));
      report(pool.workers.map(({ id }) => id));
    });
    const [applied, later, mapped, blocking, completed] = child.reports;
    assert.deepEqual(brief(applied), refused('args[0].a'));
    assert.deepEqual(brief(later), refused('args[0]'));
    assert.equal(brief(mapped)[0], 'SerializationError');
    assert.deepEqual(brief(blocking), refused('args[0]'));
    assert.equal(completed, 2); // the other items of the map
    assert.deepEqual(child.reports.slice(5), SERVES_ON);
  });

  it('thrown values that are no errors arrive as they are', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      const thrower = (value: unknown): never => {
        throw value;
      };
      const later = async (value: unknown): Promise<never> => {
        await null;
        throw value;
      };
      for (const value of [null, undefined, 'text', 0, { a: 1 }]) {
        report([await seen(pool.apply(thrower, [value])), await seen(pool.apply(later, [value]))]);
      }
      report(await seen(pool.apply(() => 'next')));
      report(pool.workers.map(({ id }) => id));
    });
    const twice = (thrown: unknown): unknown[] => [{ error: { thrown } }, { error: { thrown } }];
    assert.deepEqual(child.reports, [null, 'undefined', 'text', 0, { a: 1 }].map(twice).concat(SERVES_ON as never));
  });

  it('thrown values that cannot be copied still reject, and errors keep what can be', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      const broken = (kind: number): never => {
        if (kind === 0) throw Symbol('thrown');
        if (kind === 1) throw () => {};
        if (kind === 2) throw Object.assign(new TypeError('with a function'), { hook: () => {}, kept: 7 });
        const hostile = new Error('hostile');
        Object.defineProperty(hostile, 'message', {
          get: () => {
            throw new Error('no message for you');
          },
        });
        throw hostile;
      };
      for (let kind = 0; kind < 4; kind++) {
        const outcome = await seen(pool.apply(broken, [kind]));
        report('error' in outcome);
        if (kind === 2) report(outcome);
      }
      report(await seen(pool.apply(() => 'next')));
      report(pool.workers.map(({ id }) => id));
    });
    const typeError = { error: { name: 'TypeError', message: 'with a function' } };
    assert.deepEqual(child.reports, [true, true, true, typeError, true, ...SERVES_ON]);
  });

  it('a thenable counts by its first call, at once or later, and may throw', async () => {
    const child = await run(async () => {
      const pool = new Pool(1);
      type Call = (value: unknown) => void;
      const foreign = (kind: number): unknown => ({
        then(resolve: Call, reject: Call): void {
          if (kind === 0) throw new RangeError('of then');
          if (kind === 1) for (const call of [resolve, resolve, reject]) call(1);
          if (kind === 2) for (const call of [resolve, reject]) setTimeout(call, 5, 2);
          if (kind === 3) reject(new RangeError('rejected'));
        },
      });
      const between = (x: number): Promise<number> => new Promise((resolve) => setTimeout(resolve, 10, x));
      const outcomes = [0, 1, 2, 3, 1, 2].flatMap((kind, i) => [
        seen(pool.apply(foreign, [kind])),
        seen(pool.apply(between, [100 + i])),
      ]);
      report((await Promise.all(outcomes)).filter((_, i) => i % 2 === 0));
      report((await Promise.all(outcomes)).filter((_, i) => i % 2 === 1));
      report(await seen(pool.map(foreign, [1, 2, 1, 2])));
      report(await seen(pool.map(foreign, Float64Array.of(2, 1))));
      report(await seen(pool.apply(() => 'next')));
      report(pool.workers.map(({ id }) => id));
    });
    const error = (message: string): object => ({ error: { name: 'RangeError', message } });
    const values = (...of: unknown[]): object[] => of.map((value) => ({ value }));
    assert.deepEqual(child.reports, [
      [error('of then'), ...values(1, 2), error('rejected'), ...values(1, 2)],
      values(100, 101, 102, 103, 104, 105),
      ...values([1, 2, 1, 2], [2, 1]),
      ...SERVES_ON,
    ]);
  });
});
