import assert from 'node:assert/strict';
import { Pool, ProcessError, SerializationError } from 'allcores';

function identity<T>(value: T): T {
  return value;
}

function unsendable(kind: string): unknown {
  if (kind === 'function') return { deep: [0, () => 42] };
  if (kind === 'promise') return { a: Promise.resolve(1) };
  return Symbol('no');
}

function pathOf(error: unknown): string {
  assert.ok(error instanceof SerializationError && error instanceof ProcessError, String(error));
  assert.equal(error.code, 'ERR_ALLCORES_SERIALIZATION');
  assert.ok(error.message.includes(error.path), error.message);
  return error.path;
}

async function rejectedPath(promise: PromiseLike<unknown>): Promise<string> {
  return pathOf(
    await promise.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
}

describe('values that cannot travel', () => {
  let pool: Pool;
  before(() => (pool = new Pool(1)));
  after(() => pool.terminate());
  afterEach('the worker is still the first one', async () => {
    assert.equal(await pool.apply(identity, [1]), 1);
    assert.deepEqual(pool.workers.map(({ id }) => id), [1]); // prettier-ignore
  });

  it('as arguments reject with SerializationError and the path', async () => {
    assert.equal(await rejectedPath(pool.apply(identity, [Symbol('no')])), 'args[0]');
    assert.equal(await rejectedPath(pool.apply(identity, [{ a: { b: [0, 1, 2, Symbol('no')] } }])), 'args[0].a.b[3]');
    assert.equal(await rejectedPath(pool.apply(identity, [{ 'odd key': new WeakMap() }])), 'args[0]["odd key"]');
  });

  it('as arguments of blocking forms throw', () => {
    try {
      pool.applySync(identity, [[Symbol('no')]]);
      assert.fail('nothing was thrown');
    } catch (error) {
      assert.equal(pathOf(error), 'args[0][0]');
    }
  });

  it('as results reject with SerializationError and the path', async () => {
    assert.equal(await rejectedPath(pool.apply(unsendable, ['symbol'])), 'result');
    assert.equal(await rejectedPath(pool.apply(unsendable, ['promise'])), 'result.a');
    assert.equal(await rejectedPath(pool.apply(unsendable, ['function'])), 'result.deep[1]');
  });

  it('as results of a map name the item', async () => {
    assert.match(await rejectedPath(pool.map(unsendable, ['function'], { chunksize: 1 })), /^result\[0\]\.deep\[1\]$/);
  });

  it('do so twenty times over', async () => {
    for (let i = 0; i < 20; i++) await rejectedPath(pool.apply(unsendable, ['symbol']));
  });

  it('thrown arrive as an error that says so', async () => {
    const thrower = (): never => {
      // oxlint-disable-next-line typescript/only-throw-error -- what is tested
      throw Symbol('odd');
    };
    await assert.rejects(
      pool.apply(thrower),
      (error: unknown) => error instanceof Error && /symbol|Symbol/.test(error.message),
    );
  });

  it('getters that throw reject with what they throw', async () => {
    const trap = {
      get broken(): never {
        throw new EvalError('a broken getter');
      },
    };
    await assert.rejects(pool.apply(identity, [trap]), (error: unknown) => {
      const { message, cause } = error as Error;
      return message.includes('a broken getter') || (cause as Error).message === 'a broken getter';
    });
  });
});
