import assert from 'node:assert/strict';
import { Event, Pool, PoolClosedError, task } from 'allcores';
import { areProcesses } from '../../support/kinds.js';
import { drainSync, Endless } from '../../support/lazy.js';

function nap(ms: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return ms;
}

function refuseThrees(x: number): number {
  if (x % 3 === 0) throw new RangeError(`no ${x}`);
  return x;
}

describe('imapSync and imapUnorderedSync', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  it('give results in the order of the items, or as they come', () => {
    const times = [60, 1, 2, 0, 3, 1];
    assert.deepEqual([...pool.imapSync(nap, times)], times);
    assert.deepEqual([...pool.imapUnorderedSync(nap, times)].sort(), [...times].sort());
    const event = new Event();
    const first = (x: number): number => {
      if (x === 0) event.waitSync();
      return x;
    };
    const iterator = pool.imapUnorderedSync(task(first, { event }), [0, 1]);
    assert.deepEqual(iterator.next(), { done: false, value: 1 });
    event.set();
    assert.deepEqual([...iterator], [0]);
    assert.deepEqual([...pool.imapSync(nap, [])], []);
  });

  for (const chunksize of [1, 2, 3, 10]) {
    it(`give an error at its place and go on after it, chunksize ${chunksize}`, () => {
      const items = [1, 2, 3, 4, 5, 6, 7];
      const expected = [1, 2, 'no 3', 4, 5, 'no 6', 7];
      assert.deepEqual(drainSync(pool.imapSync(refuseThrees, items, { chunksize })), expected);
      const outcomes = drainSync(pool.imapUnorderedSync(refuseThrees, items, { chunksize }));
      assert.deepEqual(outcomes.map(String).sort(), expected.map(String).sort());
    });
  }

  it('read an endless source lazily, and close it when they are left', () => {
    for (const which of ['imapSync', 'imapUnorderedSync'] as const) {
      const source = new Endless();
      const iterator = pool[which](nap, source, { buffersize: 4 });
      assert.equal(source.read, 0);
      let given = 0;
      for (const _ of iterator) {
        given++;
        assert.ok(source.read <= given + 4, `${source.read} read, ${given} given`);
        if (given === 10) break;
      }
      assert.deepEqual([given, source.closed], [10, 1]);
      assert.deepEqual(iterator.next(), { done: true, value: undefined });
    }
    assert.equal(pool.applySync(nap, [0]), 0);
  });

  it('give an error of the source after all results before it, as the end', () => {
    function* failing(): Generator<number> {
      yield* [20, 0, 1];
      throw new EvalError('the source broke');
    }
    for (const chunksize of [1, 2, 5]) {
      assert.deepEqual(drainSync(pool.imapSync(nap, failing(), { chunksize })), [20, 0, 1, 'the source broke']);
      assert.equal(drainSync(pool.imapUnorderedSync(nap, failing(), { chunksize })).at(-1), 'the source broke');
    }
  });

  it('end with the reason of a signal that is aborted in between', () => {
    const controller = new AbortController();
    const source = new Endless();
    const iterator = pool.imapSync((x: number) => x, source, { signal: controller.signal, buffersize: 2 });
    assert.equal(iterator.next().value, 1);
    controller.abort(new Error('enough'));
    const rest = drainSync(iterator);
    assert.deepEqual(rest, ['enough']);
    assert.equal(source.closed, 1);
    const early = pool.imapSync(nap, [1], { signal: AbortSignal.abort(new Error('before')) });
    assert.deepEqual(drainSync(early), ['before']);
  });

  it('heed the time limits of tasks', () => {
    const endless = (x: number): number => {
      while (x === 1);
      return x;
    };
    assert.deepEqual(drainSync(pool.imapSync(endless, [0, 1, 2], { timeout: 60 })), [
      0,
      'The task ran longer than its timeout of 60 ms',
      2,
    ]);
  });

  it('learn of the death of a worker', () => {
    const die = areProcesses
      ? (x: number): number => (x === 1 ? Number(process.kill(process.pid, 'SIGKILL')) : x)
      : (x: number): number => (x === 1 ? process.exit(3) : x);
    const outcomes = drainSync(pool.imapSync(die, [0, 1, 2]));
    assert.deepEqual([outcomes[0], typeof outcomes[1], outcomes[2]], [0, 'string', 2]);
  });

  it('may ask other things of the pool in between, the source included', () => {
    function* asking(): Generator<number> {
      for (let i = 0; i < 5; i++) yield pool.applySync((x: number) => x + 1, [i]);
    }
    const seen: number[] = [];
    for (const x of pool.imapSync(nap, asking(), { buffersize: 2 })) seen.push(pool.applySync((y: number) => -y, [x]));
    assert.deepEqual(seen, [-1, -2, -3, -4, -5]);
  });

  it('refuse at the call what they cannot take', () => {
    async function* later(): AsyncGenerator<number> {
      yield await Promise.resolve(1);
    }
    const bad = (items: unknown): (() => unknown) => {
      return () => pool.imapSync(nap, items as Iterable<number>);
    };
    assert.throws(bad(later()), { name: 'TypeError', message: /^items must be an iterable: an async one/ });
    assert.throws(bad(3), { name: 'TypeError', message: 'items must be an iterable, got 3' });
    assert.throws(bad(null), { message: 'items must be an iterable, got null' });
    assert.throws(() => pool.imapSync(Math.max, [1]), { code: 'ERR_ALLCORES_FUNCTION_TRANSPORT' });
    assert.throws(() => pool.imapSync(nap, [1], { chunksize: 0 }), RangeError);
    assert.deepEqual(
      drainSync(pool.imapSync(nap, [0, Symbol('x') as unknown as number, 1])).filter(Number.isInteger),
      [0, 1],
    );
  });

  it('go on after close, and end with the pool', () => {
    const own = new Pool(1);
    const iterator = own.imapSync(nap, new Array<number>(20).fill(0), { buffersize: 2 });
    iterator.next();
    own.close();
    assert.throws(() => own.imapSync(nap, [0]), PoolClosedError);
    own.joinSync({ timeout: 30_000 });
    assert.equal([...iterator].length, 19);
    own.joinSync({ timeout: 30_000 });
    const other = new Pool(1);
    const cut = other.imapSync(nap, new Endless());
    cut.next();
    other.terminateSync();
    assert.throws(() => [...cut], PoolClosedError);
    assert.deepEqual(cut.return?.(), { done: true, value: undefined });
  });
});
