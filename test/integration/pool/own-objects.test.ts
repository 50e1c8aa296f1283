import assert from 'node:assert/strict';
import { Lock, Manager, Pool, Process, Queue, SerializationError } from 'allcores';

function identity<T>(value: T): T {
  return value;
}

/** Refused, at this path, and with what to do instead. */
function refused(path: string, advice: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof SerializationError, String(error));
    assert.equal(error.path, path);
    assert.match(error.message, advice);
    return true;
  };
}

class Named extends Process {
  readonly label = 'x';
}

describe('objects of the library that cannot travel', () => {
  let pool: Pool;
  before(() => (pool = new Pool(1)));
  after(() => pool.terminate());

  it('are refused as arguments, with what to do instead', async () => {
    const result = pool.applyAsync(identity, [1]);
    const stream = pool.transform(identity);
    const hold = await new Lock().hold();
    const cases: [unknown, RegExp][] = [
      [pool, /is a Pool; make the pool in the worker/],
      [new Process(), /is a Process; start it in the worker/],
      [new Named(), /is a Process; start it in the worker/],
      [result, /is an AsyncResult; await it first/],
      [pool.imap(identity, [1]), /is an iterator of imap; collect/],
      [pool.imapUnordered(identity, [1]), /is an iterator of imap; collect/],
      [pool.imapSync(identity, [1]), /is an iterator of imap; collect/],
      [stream, /is a stream of a pool; make it in the worker/],
      [hold, /is the hold of a lock; pass the lock/],
      [Promise.resolve(1), /is a Promise; await it/],
    ];
    for (const [value, advice] of cases) {
      await assert.rejects(pool.apply(identity, [value]), refused('args[0]', advice));
      await assert.rejects(pool.map(identity, [{ deep: [value] }]), refused('items[0].deep[0]', advice));
      assert.throws(() => pool.applySync(identity, [new Map([['k', value]])]), refused('args[0].get("k")', advice));
      assert.throws(() => new Queue().putNowait({ value }), refused('value.value', advice));
      assert.throws(() => new Process({ target: identity, args: [value] }).start(), refused('args[0]', advice));
    }
    assert.equal(await result, 1);
    hold.release();
    stream.destroy();
  });

  it('are refused as results, and cost no worker', async () => {
    const advice = /is a Process; start it/;
    await assert.rejects(pool.apply(() => new Process()), refused('result', advice)); // prettier-ignore
    await assert.rejects(pool.apply(() => ({ mine: [new Process()] })), refused('result.mine[0]', advice)); // prettier-ignore
    assert.deepEqual(pool.workers.map(({ id }) => id), [1]); // prettier-ignore
  });

  it('are not the managers, which travel', async () => {
    using manager = new Manager();
    const list = await pool.apply((m: Manager) => m.list([1, 2]), [manager]);
    assert.deepEqual(list.toArray(), [1, 2]);
  });
});
