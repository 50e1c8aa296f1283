import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { Pool } from 'allcores';

class QuotaError extends RangeError {
  readonly quota: number;
  constructor(message: string, quota: number, options?: ErrorOptions) {
    super(message, options);
    this.name = 'QuotaError';
    this.quota = quota;
  }
  describe(): string {
    return `${this.message} of ${this.quota}`;
  }
}

function exceed(quota: number): never {
  throw new QuotaError('beyond the quota', quota, { cause: new TypeError('the cause') });
}

function fail(kind: string): never {
  switch (kind) {
    case 'TypeError':
      throw new TypeError('message');
    case 'RangeError':
      throw new RangeError('message');
    case 'SyntaxError':
      throw new SyntaxError('message');
    case 'EvalError':
      throw new EvalError('message');
    case 'URIError':
      throw new URIError('message');
    case 'ReferenceError':
      throw new ReferenceError('message');
    case 'AggregateError':
      throw new AggregateError([new TypeError('inner'), 5], 'message');
    default:
      throw new Error('message');
  }
}

function withProperties(): never {
  throw Object.assign(new Error('own'), { code: 'E_OWN', details: { list: [1, new Map([['a', 1]])] }, fn: () => 1 });
}

async function readMissing(): Promise<never> {
  const { readFile: read } = await import('node:fs/promises');
  await read('/does/not/exist');
  throw new Error('it does exist');
}

async function errorOf(promise: PromiseLike<unknown>): Promise<Error & Record<string, unknown>> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Error, 'no error');
  return error as Error & Record<string, unknown>;
}

describe('errors thrown in a worker', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  const kinds = { Error, TypeError, RangeError, SyntaxError, EvalError, URIError, ReferenceError, AggregateError };
  for (const [name, type] of Object.entries(kinds)) {
    it(`arrive as the built-in class they are: ${name}`, async () => {
      const error = await errorOf(pool.apply(fail, [name]));
      assert.equal(Object.getPrototypeOf(error), type.prototype);
      assert.deepEqual([error.name, error.message], [name, 'message']);
    });
  }

  it('arrive with the class of the module of the caller, own properties and cause', async () => {
    for (const promise of [pool.apply(exceed, [5]), pool.map(exceed, [5]), pool.imap(exceed, [5]).next()]) {
      const error = await errorOf(promise);
      assert.ok(error instanceof QuotaError, error.constructor.name);
      assert.deepEqual([error.name, error.quota, error.describe()], ['QuotaError', 5, 'beyond the quota of 5']);
      assert.ok(error.cause instanceof TypeError);
      assert.equal(error.cause.message, 'the cause');
    }
  });

  it('bring their own properties; what cannot travel is left out', async () => {
    const error = await errorOf(pool.apply(withProperties));
    assert.equal(error['code'], 'E_OWN');
    assert.deepEqual(error['details'], { list: [1, new Map([['a', 1]])] });
    assert.equal('fn' in error, false);
  });

  it('of Node bring code, errno and syscall', async () => {
    const [here, there] = await Promise.all([errorOf(readFile('/does/not/exist')), errorOf(pool.apply(readMissing))]);
    for (const key of ['name', 'message', 'code', 'errno', 'syscall', 'path']) {
      assert.deepEqual([key, there[key]], [key, here[key]]);
    }
  });

  it('AggregateError brings its errors', async () => {
    const error = (await errorOf(pool.apply(fail, ['AggregateError']))) as unknown as AggregateError;
    assert.deepEqual([(error.errors[0] as Error).message, error.errors[1]], ['inner', 5]);
    assert.ok(error.errors[0] instanceof TypeError);
  });

  it('have the stack of the worker joined to that of the caller', async () => {
    async function caller(): Promise<unknown> {
      return pool.apply(exceed, [1]);
    }
    const { stack = '' } = await errorOf(caller());
    const lines = stack.split('\n');
    const [thrown, seam, called] = [
      /at exceed .*errors\.test/,
      /at PoolWorker-\d \(allcores\)/,
      /at caller .*errors\.test/,
    ].map((pattern) => lines.findIndex((line) => pattern.test(line)));
    assert.ok(0 < thrown! && thrown! < seam! && seam! < called!, stack);
  });

  it('have joined stacks from map, imap and transform as well', async () => {
    for (const promise of [pool.map(exceed, [1]), pool.starmapAsync(exceed, [[1]]), pool.imap(exceed, [1]).next()]) {
      const { stack = '' } = await errorOf(promise);
      assert.match(stack, /at exceed .*\n(.*\n)*.*PoolWorker-\d \(allcores\)\n(.*\n)*.*errors\.test/);
    }
  });

  it('have joined stacks soon again after more tasks than have theirs captured in a row', async () => {
    await using own = new Pool(1);
    for (let i = 0; i < 50; i++) await own.apply((x: number) => x, [i]);
    let stack = '';
    // Fewer than the tasks after which the clock is looked at: time alone has to do it.
    for (let i = 0; i < 40 && !/PoolWorker-\d \(allcores\)/.test(stack); i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      stack = (await errorOf(own.apply(exceed, [1]))).stack ?? '';
    }
    assert.match(stack, /PoolWorker-\d \(allcores\)\n(.*\n)*.*errors\.test/);
  });

  it('come in full even if they are large', async () => {
    const large = (size: number): never => {
      throw new RangeError('x'.repeat(size));
    };
    assert.equal((await errorOf(pool.apply(large, [2 << 20]))).message.length, 2 << 20);
  });

  it('as values are results like others', async () => {
    const value = await pool.apply(() => new RangeError('just a value'));
    assert.ok(value instanceof RangeError);
    assert.equal(value.message, 'just a value');
    assert.doesNotMatch(value.stack ?? '', /\(allcores\)/);
  });
});
