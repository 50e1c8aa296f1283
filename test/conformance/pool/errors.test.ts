import assert from 'node:assert/strict';
import { Pool, SerializationError } from 'allcores';

class LookUpError extends Error {}

function fail(): never {
  throw new LookUpError('key'); // the line that is looked for
}

function unsendable(): () => number {
  return () => 42;
}

async function errorOf(promise: PromiseLike<unknown>): Promise<Error> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Error);
  return error;
}

describe('as Python: errors', () => {
  it('an error keeps its class, and its stack tells where in the worker it was thrown', async () => {
    await using pool = new Pool(1);
    const error = await errorOf(pool.apply(fail));
    assert.equal(error.constructor, LookUpError);
    assert.equal(error.message, 'key');
    assert.match(error.stack ?? '', /at fail .*errors\.test/);
    assert.match(error.stack ?? '', /at PoolWorker-1 \(allcores\)/);
  });

  it('an error of the input is the caller’s own, with nothing of a worker in its stack', async () => {
    await using pool = new Pool(1);
    const own = new LookUpError('mine');
    function* broken(): Generator<number> {
      yield 1;
      throw own;
    }
    assert.throws(
      () => void pool.map((x: number) => x, broken()),
      (error: unknown) => error === own,
    );
    assert.doesNotMatch(own.stack ?? '', /\(allcores\)/);
    assert.equal(own.cause, undefined);
  });

  it('an error is not wrapped in another one', async () => {
    await using pool = new Pool(1);
    assert.ok((await errorOf(pool.apply(fail))) instanceof LookUpError);
  });

  it('errorCallback receives the error that get throws', async () => {
    await using pool = new Pool(2);
    const seen: unknown[] = [];
    const result = pool.applyAsync(fail, [], { errorCallback: (error) => seen.push(error) });
    assert.equal(await errorOf(result), seen[0]);
    assert.ok(seen[0] instanceof LookUpError);
  });

  it('results that cannot be copied cost no worker, twenty times over', async () => {
    await using pool = new Pool(2);
    for (let i = 0; i < 20; i++) {
      const seen: unknown[] = [];
      const result = pool.applyAsync(unsendable, [], { errorCallback: (error) => seen.push(error) });
      const error = await errorOf(result);
      assert.ok(error instanceof SerializationError);
      assert.equal(error.path, 'result');
      assert.deepEqual(seen, [error]);
    }
    assert.ok(pool.workers.every(({ id }) => id <= 2));
  });
});
