import assert from 'node:assert/strict';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, ProcessError } from 'allcores';

function slowEven(x: number): number {
  if (x % 2 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  if (x < 0) throw new RangeError(`negative: ${x}`);
  return x * 10;
}

/** Keeps what is written to it, each after `ms`. */
function sink(into: unknown[], ms = 0): Writable {
  return new Writable({
    objectMode: true,
    highWaterMark: 1,
    write: (chunk, _encoding, next): void => {
      into.push(chunk);
      if (ms === 0) next();
      else setTimeout(next, ms);
    },
  });
}

function counting(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

describe('Pool.transform', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  it('gives a result for each chunk, in order', async () => {
    const all: unknown[] = [];
    await pipeline(Readable.from(counting(50)), pool.transform(slowEven), sink(all));
    assert.deepEqual(
      all,
      counting(50).map((x) => x * 10),
    );
  });

  it('ends at once for an empty source', async () => {
    const all: unknown[] = [];
    await pipeline(Readable.from([]), pool.transform(slowEven), sink(all));
    assert.deepEqual(all, []);
  });

  it('leaves out null and undefined, which a stream cannot carry', async () => {
    const all: unknown[] = [];
    const odd = (x: number): number | null | undefined => (x === 1 ? null : x === 2 ? undefined : x);
    await pipeline(Readable.from(counting(4)), pool.transform(odd), sink(all));
    assert.deepEqual(all, [0, 3]);
  });

  it('tells how far it has come', async () => {
    const reports: object[] = [];
    const onProgress = (progress: object): number => reports.push(progress);
    const stream = pool.transform(slowEven, { onProgress, chunksize: 2, failFast: true });
    await pipeline(Readable.from(counting(3)), stream, sink([]));
    assert.deepEqual(reports, [{ done: 1 }, { done: 2 }, { done: 3 }, { done: 3, total: 3 }]);

    reports.length = 0;
    const fail = (x: number): number => {
      if (x === 1) throw new Error('no luck');
      return x;
    };
    await assert.rejects(pipeline(Readable.from(counting(3)), pool.transform(fail, { onProgress }), sink([])));
    assert.deepEqual(reports, [{ done: 1 }]);
  });

  it('refuses options of maps that it does not have', () => {
    for (const name of ['out', 'transfer']) {
      assert.throws(() => pool.transform(slowEven, { [name]: 1 } as object), {
        name: 'TypeError',
        message: `${name} is an option of map and starmap, which transform does not have`,
      });
    }
    assert.throws(() => pool.transform(slowEven, { buffersize: 0 }), RangeError);
  });

  it('has at most buffersize chunks under way', async () => {
    let read = 0;
    const all: unknown[] = [];
    function* source(): Generator<number> {
      while (read < 40) {
        assert.ok(read - all.length < 60, `${read} read, ${all.length} written`);
        yield read++;
      }
    }
    await pipeline(
      Readable.from(source(), { highWaterMark: 1 }),
      pool.transform(slowEven, { buffersize: 3 }),
      sink(all),
    );
    assert.equal(all.length, 40);
  });

  it('reads no further while nobody takes results', async () => {
    let read = 0;
    function* source(): Generator<number> {
      for (;;) yield read++;
    }
    const stream = Readable.from(source(), { highWaterMark: 1 }).pipe(pool.transform(slowEven, { buffersize: 2 }));
    await sleep(150);
    const first = read;
    await sleep(100);
    assert.equal(read, first);
    // What the stream holds on either side, what is under way, and what the source holds.
    assert.ok(read <= 2 * 16 + 2 + 4, `${read} chunks read`);
    stream.destroy();
  });

  it('fails with the error of the function, and its pipeline with it', async () => {
    const all: unknown[] = [];
    await assert.rejects(pipeline(Readable.from([1, 3, -5, 7]), pool.transform(slowEven), sink(all)), {
      name: 'RangeError',
      message: 'negative: -5',
    });
    // An error ends a stream at once: results that nobody has taken yet are lost, as in every stream.
    assert.deepEqual(all, [10, 30].slice(0, all.length));
    assert.equal(await pool.apply(slowEven, [1]), 10);
  });

  it('fails with an error, whatever was thrown, which is its cause', async () => {
    const fail = (reason: string): never => {
      throw reason; // eslint-disable-line no-throw-literal
    };
    await assert.rejects(pipeline(Readable.from(['no luck']), pool.transform(fail), sink([])), {
      constructor: ProcessError,
      message: 'no luck',
      cause: 'no luck',
    });
  });

  it('fails when a chunk cannot travel', async () => {
    await assert.rejects(
      pipeline(
        Readable.from([{ bad: Symbol('no') }]),
        pool.transform((x: unknown) => x),
        sink([]),
      ),
      { code: 'ERR_ALLCORES_SERIALIZATION', path: 'args[0].bad' },
    );
  });

  it('heeds timeout', async () => {
    const nap = (ms: number): number => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
      return ms;
    };
    await assert.rejects(pipeline(Readable.from([3000]), pool.transform(nap, { timeout: 50 }), sink([])), {
      code: 'ERR_ALLCORES_TASK_TIMEOUT',
    });
  });

  it('makes no unhandled rejection when it is destroyed with chunks under way', async () => {
    const rejections: unknown[] = [];
    const listener = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', listener);
    const stream = pool.transform(slowEven);
    for (const x of [2, 4, -6, 8]) stream.write(x);
    stream.on('error', () => {});
    stream.destroy();
    await sleep(60);
    process.off('unhandledRejection', listener);
    assert.deepEqual(rejections, []);
  });
});
