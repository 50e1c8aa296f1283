import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, SharedArray } from 'allcores';

function identity(x: number): number {
  return x;
}

/** An endless source that knows how far it was read and whether it was closed. */
class Endless {
  read = 0;
  closed = 0;

  *sync(): Generator<number> {
    try {
      for (;;) yield this.read++;
    } finally {
      this.closed++;
    }
  }

  async *async(): AsyncGenerator<number> {
    try {
      for (;;) {
        await Promise.resolve();
        yield this.read++;
      }
    } finally {
      this.closed++;
    }
  }
}

describe('read-ahead of imap', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  for (const form of ['sync', 'async'] as const) {
    for (const method of ['imap', 'imapUnordered'] as const) {
      it(`${method} reads at most buffersize items ahead of an endless ${form} source`, async () => {
        const source = new Endless();
        const iterator = pool[method](identity, source[form](), { buffersize: 5 });
        assert.equal(source.read, 0, 'read before anything was asked for');
        for (let given = 1; given <= 20; given++) {
          await iterator.next();
          await sleep(2);
          assert.ok(source.read <= given + 5, `${source.read} items read, ${given} given`);
        }
        await iterator.return?.();
        assert.equal(source.closed, 1);
      });

      it(`${method} closes an endless ${form} source at break, and takes no more of it`, async () => {
        const source = new Endless();
        const seen: number[] = [];
        for await (const value of pool[method](identity, source[form]())) {
          seen.push(value);
          if (seen.length === 10) break;
        }
        await sleep(1); // an asynchronous source that is being asked closes once it has answered
        assert.equal(source.closed, 1);
        const { read } = source;
        await sleep(10);
        assert.equal(source.read, read);
        assert.ok(read < 300, `${read} items read`);
      });
    }
  }

  it('counts items, whatever the chunksize', async () => {
    const source = new Endless();
    const iterator = pool.imap(identity, source.sync(), { chunksize: 4, buffersize: 6 });
    for (let given = 1; given <= 20; given++) {
      assert.equal((await iterator.next()).value, given - 1);
      await sleep(1);
      assert.ok(source.read <= given + 6, `${source.read} items read, ${given} given`);
    }
    await iterator.return?.();
  });

  it('reads ahead without being told how far, for every worker to have work', async () => {
    const source = new Endless();
    const iterator = pool.imap(identity, source.sync());
    await iterator.next();
    await sleep(5);
    assert.ok(source.read >= 8 && source.read < 1000, `${source.read} items read`);
    await iterator.return?.();
  });

  it('break cancels what is under way', async () => {
    const begun = new SharedArray('int32', 1);
    for await (const _ of pool.imap(
      (counter: SharedArray<'int32'>) => {
        Atomics.add(counter.view, 0, 1);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
      },
      new Array<SharedArray<'int32'>>(64).fill(begun),
      { grace: 1000 },
    )) {
      break;
    }
    await pool.apply(identity, [1]);
    const after = Atomics.load(begun.view, 0);
    assert.ok(after <= 6, `${after} items begun`);
    await sleep(50);
    assert.equal(Atomics.load(begun.view, 0), after);
  });

  it('closes the source when the loop body throws', async () => {
    const source = new Endless();
    await assert.rejects(async () => {
      for await (const value of pool.imap(identity, source.sync())) if (value === 3) throw new RangeError('enough');
    }, /enough/);
    assert.equal(source.closed, 1);
  });

  it('a signal ends it with its reason, closes the source and warns of nothing', async () => {
    const warnings: string[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', onWarning);
    const controller = new AbortController();
    const reason = new Error('stopped');
    const source = new Endless();
    const iterator = pool.imap(
      (x: number) => {
        if (x === 3) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5000);
        return x;
      },
      source.sync(),
      { signal: controller.signal },
    );
    for (let i = 0; i < 3; i++) await iterator.next();
    const fourth = iterator.next();
    controller.abort(reason);
    await assert.rejects(fourth, reason);
    assert.equal(source.closed, 1);
    assert.deepEqual(await settled(iterator), ['end']);
    process.off('warning', onWarning);
    assert.deepEqual(warnings, []);
  });

  it('a signal ends it before results that are there already, and also once the source has ended', async () => {
    for (const method of ['imap', 'imapUnordered'] as const) {
      for (const length of [10, 1000]) {
        const controller = new AbortController();
        const reason = new Error('stopped');
        const { signal } = controller;
        let done = 0;
        const onProgress = (progress: { done: number }): void => void (done = progress.done);
        const iterator = pool[method](identity, Array(length).keys(), { signal, onProgress });
        await iterator.next();
        while (done < 5) await pool.apply(identity, [0]);
        controller.abort(reason);
        await assert.rejects(iterator.next(), reason);
        assert.deepEqual(await settled(iterator), ['end']);
      }
    }
  });

  it('a signal that is aborted once everything was given changes nothing', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const iterator = pool.imap(identity, [1], { signal });
    assert.equal((await iterator.next()).value, 1);
    const blocking = pool.imapSync(identity, [1], { signal });
    assert.equal(blocking.next().value, 1);
    controller.abort();
    assert.equal((await iterator.next()).done, true);
    assert.equal(blocking.next().done, true);
  });

  it('a signal ends it while an asynchronous source is silent, or before it began', async () => {
    const controller = new AbortController();
    const reason = new Error('stopped');
    async function* silent(): AsyncGenerator<number> {
      yield 1;
      await new Promise(() => {});
    }
    const iterator = pool.imap(identity, silent(), { signal: controller.signal });
    assert.equal((await iterator.next()).value, 1);
    const second = iterator.next();
    controller.abort(reason);
    await assert.rejects(second, reason);
    assert.equal((await iterator.next()).done, true);
    const late = pool.imap(identity, [1, 2], { signal: controller.signal });
    await assert.rejects(late.next(), reason);
    assert.equal((await late.next()).done, true);
  });

  it('break does not wait for a source that is silent', async () => {
    async function* silent(): AsyncGenerator<number> {
      yield 1;
      await new Promise(() => {});
    }
    for await (const value of pool.imap(identity, silent())) {
      assert.equal(value, 1);
      break;
    }
  });
});

/** How it goes on, repeated outcomes told once. */
async function settled(iterator: AsyncIterator<unknown>): Promise<string[]> {
  const outcomes: string[] = [];
  while (outcomes.at(-1) !== 'end') {
    const outcome = await iterator.next().then(
      ({ done }) => (done === true ? 'end' : 'value'),
      () => 'rejected',
    );
    if (outcome !== outcomes.at(-1)) outcomes.push(outcome);
  }
  return outcomes;
}
