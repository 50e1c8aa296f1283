import assert from 'node:assert/strict';
import { fromModule, Pool, SharedArray, task } from 'allcores';
import { Exported } from '../../support/classes.js';

const OFFSET = 100;

/** Travels with the constant that it uses. */
class Shifted {
  readonly value: number;
  readonly #secret = 1;

  constructor(x: number, y = 0) {
    this.value = x + y + OFFSET;
  }

  secret(): number {
    return this.#secret;
  }
}

class Refusing {
  readonly refused = false;

  constructor(x: number) {
    if (x === 2) throw new RangeError('two');
  }
}

class Tracing {
  readonly traced = true;

  constructor(trace: SharedArray<'int32'>) {
    Atomics.add(trace.view, 0, 1);
  }
}

class Counter {
  static readonly first = OFFSET;

  readonly at: number;

  constructor(at: number) {
    this.at = at;
  }

  static from(this: void, steps: number): Counter {
    return new Counter(Counter.first + steps);
  }
}

class Coded extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`code ${code}`);
    this.code = code;
  }
}

class Vector extends SharedArray<'int32'> {
  constructor(length: number) {
    super('int32', length);
  }
}

class Squares extends Map<number, number> {
  constructor(x: number) {
    super([[x, x * x]]);
  }
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of source) all.push(value);
  return all;
}

describe('a class as a target is constructed', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  it('when it travels by its source', async () => {
    class Pair {
      readonly sum: number;
      constructor(a: number, b: number) {
        this.sum = a + b;
      }
    }
    assert.deepEqual(await pool.apply(Pair, [1, 2]), { sum: 3 });
    const [anonymous] = [
      class {
        readonly text: string;
        constructor(text: string) {
          this.text = text;
        }
      },
    ] as const;
    assert.deepEqual(await pool.apply(anonymous, ['a']), { text: 'a' });
  });

  it('when it stands at the top level of a module, is exported, or is named by fromModule', async () => {
    assert.deepEqual(await pool.apply(Shifted, [1, 2]), { value: 103 });
    assert.deepEqual(await pool.apply(Exported, [4]), { double: 8 });
    type Classes = typeof import('../../support/classes.js');
    const named = fromModule<Classes, 'Exported'>('../../support/classes.js', 'Exported');
    assert.deepEqual(await pool.apply(named, [5]), { double: 10 });
    const here: unknown = await (named as unknown as (x: number) => Promise<unknown>)(6);
    assert.ok(here instanceof Exported);
    assert.deepEqual({ ...here }, { double: 12 });
  });

  it('when it is given with the variables that it captures', async () => {
    const step = 7;
    class Stepped {
      readonly next: number;
      constructor(x: number) {
        this.next = x + step;
      }
    }
    const stepped = task(Stepped, { step });
    assert.deepEqual(await pool.map(stepped, [1, 2]), [{ next: 8 }, { next: 9 }]);
  });

  it('by map, starmap, imap and their relatives, and the blocking forms', async () => {
    const expected = [{ value: 101 }, { value: 102 }, { value: 103 }];
    const pairs: [number, number][] = [[1, 0], [1, 1], [1, 2]]; // prettier-ignore
    for (const chunksize of [1, 2, 3]) {
      assert.deepEqual(await pool.map(Shifted, [1, 2, 3], { chunksize }), expected);
      assert.deepEqual(await pool.starmap(Shifted, pairs, { chunksize }), expected);
      assert.deepEqual(await collect(pool.imap(Shifted, [1, 2, 3], { chunksize })), expected);
    }
    assert.deepEqual(await pool.map(Shifted, new Int32Array([1, 2, 3])), expected);
    assert.deepEqual(await collect(pool.imapUnordered(Shifted, [1])), expected.slice(0, 1));
    assert.deepEqual(await pool.mapAsync(Shifted, [1, 2, 3]), expected);
    assert.deepEqual(pool.mapSync(Shifted, [1, 2, 3]), expected);
    assert.deepEqual(pool.starmapSync(Shifted, pairs), expected);
    assert.deepEqual(pool.applySync(Shifted, [1]), expected[0]);
    assert.deepEqual(await pool.applyAsync(Shifted, [2]), expected[1]);
  });

  it('by broadcast, transform and as an initializer', async () => {
    const trace = new SharedArray('int32', 1);
    await pool.broadcast(Tracing, [trace]);
    assert.equal(Atomics.load(trace.view, 0), 2);
    const stream = pool.transform(Exported);
    stream.end(3);
    assert.deepEqual(await stream.toArray(), [{ double: 6 }]);
    const other = new Pool(1, { initializer: Tracing, initargs: [trace] });
    try {
      assert.equal(await other.apply((x: number) => x, [1]), 1);
      assert.equal(Atomics.load(trace.view, 0), 3);
    } finally {
      await other.terminate();
    }
  });

  it('and gives its own enumerable fields', async () => {
    const made = await pool.apply(Shifted, [1]);
    assert.equal(Object.getPrototypeOf(made), Object.prototype);
    assert.deepEqual(Object.keys(made), ['value']);
  });

  it('or what instances travel as: handles, errors, maps', async () => {
    const { view } = await pool.apply(Vector, [3]);
    assert.equal(view.length, 3);
    const error = await pool.apply(Coded, [5]);
    assert.ok(error instanceof Error);
    assert.deepEqual([error.message, error.code], ['code 5', 5]);
    assert.deepEqual(await pool.apply(Squares, [2]), new Map([[2, 4]]));
  });

  it('and what its constructor throws is the error of the item', async () => {
    await assert.rejects(pool.map(Refusing, [1, 2, 3]), { name: 'RangeError', message: 'two' });
  });

  it('but stays a class where it is an argument', async () => {
    const describeType = (type: new (x: number) => object): unknown => [typeof type, new type(4)];
    assert.deepEqual(await pool.apply(Exported, [4]), { double: 8 });
    assert.deepEqual(await pool.apply(describeType, [Exported]), ['function', { double: 8 }]);
  });

  it('while a method that is called "class" is called', async () => {
    const holder = {
      class(x: number): number {
        return x + 1;
      },
    };
    assert.equal(await pool.apply(holder.class, [1]), 2);
  });

  it('and its static methods are functions, which may name it', async () => {
    assert.deepEqual(await pool.map(Counter.from, [1, 2]), [{ at: 101 }, { at: 102 }]);
    class Inner {
      readonly inner = true;

      static make(this: void): Inner {
        return new Inner();
      }
    }
    assert.throws(() => void pool.apply(Inner.make), /"make" .* captures the local variable "Inner"/);
  });

  it('unless it belongs to the language or to Node: it is refused', () => {
    for (const type of [Date, Map, URL]) {
      assert.throws(() => void pool.map(type as never, [0] as never), { code: 'ERR_ALLCORES_FUNCTION_TRANSPORT' });
    }
    assert.throws(
      () => void pool.map(URL as never, [''] as never),
      /"URL" .*it is internal to Node\.js; wrap the call/,
    );
  });
});
