import assert from 'node:assert/strict';
import { currentTask, Pool, PoolClosedError, SharedArray, type MapProgress, type SerializationError } from 'allcores';
import { drainSync, Endless } from '../../support/lazy.js';

type Flags = SharedArray<'int32'>;

function refuseFives(x: number): number {
  if (x % 5 === 0) throw new RangeError(`no ${x}`);
  return x;
}

function identity(x: number): number {
  return x;
}

function awaitFlag(flags: Flags, index: number): void {
  const nap = new Int32Array(new SharedArrayBuffer(4));
  while (Atomics.load(flags.view, index) === 0) Atomics.wait(nap, 0, 0, 1);
}

/** Item i ends only once its caller has heard of i items before it. */
function inStep([flags, i]: readonly [Flags, number]): number {
  if (i > 0) awaitFlag(flags, i - 1);
  return i;
}

describe('rules that imapSync shares with imap', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  for (const chunksize of [1, 2, 5, 7]) {
    it(`failFast: the first error is the end, chunksize ${chunksize}`, () => {
      const options = { failFast: true, chunksize };
      const ordered = new Endless();
      const iterator = pool.imapSync(refuseFives, ordered, options);
      assert.deepEqual(drainSync(iterator), [1, 2, 3, 4, 'no 5']);
      assert.equal(ordered.closed, 1);
      assert.deepEqual(iterator.next(), { done: true, value: undefined });
      const unordered = new Endless();
      const all = drainSync(pool.imapUnorderedSync(refuseFives, unordered, options));
      assert.match(String(all.at(-1)), /^no \d*[05]$/);
      assert.ok(all.slice(0, -1).every((value) => typeof value === 'number'));
      assert.equal(unordered.closed, 1);
    });
  }

  it('failFast: cancels what is under way, and closes a source that waits for the pool itself', () => {
    const flags = new SharedArray('int32', 2);
    const fn = (there: Flags): void => {
      const task = currentTask()!;
      if (Atomics.compareExchange(there.view, 0, 0, 1) !== 0) throw new RangeError('the other one');
      while (!task.aborted);
      Atomics.store(there.view, 1, 1);
    };
    const iterator = pool.imapUnorderedSync(fn, [flags, flags], { failFast: true, grace: 60_000 });
    assert.deepEqual(drainSync(iterator), ['the other one']);
    awaitFlag(flags, 1);
    let closed = 0;
    function* asking(): Generator<number> {
      try {
        for (let i = 4; ; i++) yield pool.applySync(identity, [i]);
      } finally {
        closed++;
      }
    }
    assert.deepEqual(drainSync(pool.imapSync(refuseFives, asking(), { failFast: true })), [4, 'no 5']);
    assert.equal(closed, 1);
  });

  it('paths of errors count the items of the whole', () => {
    const items = Array.from({ length: 9 }, (_, i) => (i === 7 ? { a: Symbol('no') } : i));
    const unsendable = (x: unknown): unknown => (x === 7 ? { b: Symbol('no') } : x);
    const pathsOf = (iterator: Iterator<unknown>): string[] => {
      const paths: string[] = [];
      for (;;) {
        try {
          if (iterator.next().done === true) return paths;
        } catch (error) {
          paths.push((error as SerializationError).path);
        }
      }
    };
    for (const which of ['imapSync', 'imapUnorderedSync'] as const) {
      for (const chunksize of [1, 3, 100]) {
        assert.deepEqual(pathsOf(pool[which]((x: unknown) => typeof x, items, { chunksize })), ['items[7].a']);
        assert.deepEqual(pathsOf(pool[which](unsendable, items.keys(), { chunksize })), ['result[7].b']);
      }
    }
  });

  it('progress: is told while next blocks, without a total until the source has ended', () => {
    for (const which of ['imapSync', 'imapUnorderedSync'] as const) {
      const flags = new SharedArray('int32', 5);
      const seen: MapProgress[] = [];
      const onProgress = (progress: MapProgress): void => {
        seen.push(progress);
        Atomics.store(flags.view, progress.done - 1, 1);
      };
      const items = Array.from(flags.view, (_, i) => [flags, i] as const);
      assert.deepEqual([...pool[which](inStep, items, { onProgress, timeout: 20_000 })], [0, 1, 2, 3, 4]);
      assert.deepEqual(seen, [...[1, 2, 3, 4, 5].map((done) => ({ done })), { done: 5, total: 5 }]);
    }
  });

  it('progress: has no total when the iteration is left, and is told nothing afterwards', async () => {
    const seen: MapProgress[] = [];
    for (const _ of pool.imapSync(identity, new Endless(), { onProgress: (progress) => seen.push(progress) })) break;
    await new Promise((resolve) => setImmediate(resolve));
    const { length } = seen;
    assert.ok(seen.every(({ total }) => total === undefined) && length > 0);
    await pool.apply(identity, [1]);
    assert.equal(seen.length, length);
  });

  it('progress: a listener may leave the iteration, or take its results', () => {
    const source = new Endless();
    const left: Iterator<number> = pool.imapSync(identity, source, { onProgress: () => left.return?.() });
    assert.ok(drainSync(left).length <= 1);
    assert.equal(source.closed, 1);
    const taken: unknown[] = [];
    const robbed: Iterator<number> = pool.imapSync(identity, [1, 2, 3, 4], {
      buffersize: 1,
      onProgress: ({ done }) => done === 2 && taken.push(robbed.next().value),
    });
    const rest = drainSync(robbed);
    assert.deepEqual([...rest, ...taken].sort(), [1, 2, 3, 4]);
  });

  it('a source that leaves the iteration, or aborts it, is closed once it has answered', () => {
    const controller = new AbortController();
    let closed = 0;
    function* ending(end: () => void): Generator<number> {
      try {
        yield 1;
        end();
        yield 2;
      } finally {
        closed++;
      }
    }
    const left: Iterator<number> = pool.imapSync(identity, ending(() => left.return?.()), { buffersize: 1 }); // prettier-ignore
    assert.deepEqual(drainSync(left), [1]);
    assert.equal(closed, 1);
    const source = ending(() => controller.abort(new Error('enough')));
    const aborted = pool.imapSync(identity, source, { buffersize: 1, signal: controller.signal });
    assert.deepEqual(drainSync(aborted), [1, 'enough']);
    assert.equal(closed, 2);
  });

  it('leaving early gives what the source throws at that, and lets a closed pool end', () => {
    const own = new Pool(1);
    const source = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: false, value: 1 }),
        return: () => {
          throw new EvalError('not so fast');
        },
      }),
    };
    const iterator = own.imapSync(identity, source as Iterable<number>);
    iterator.next();
    own.close();
    assert.throws(() => iterator.return?.(), { name: 'EvalError', message: 'not so fast' });
    assert.deepEqual(iterator.return?.(7), { done: true, value: 7 });
    own.joinSync({ timeout: 30_000 });
    assert.throws(() => own.imapSync(identity, [1]), PoolClosedError);
  });
});
