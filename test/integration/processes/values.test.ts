import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { currentTask, getContext, Process as DefaultProcess, SharedArray, task } from 'allcores';

const { Pool, Process } = getContext('process');

const SALT = 'salt';

/** Uses an import and a declaration of its module. */
function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(SALT).update(bytes).digest('hex');
}

class Account {
  static readonly currency = 'EUR';
  balance: number;

  constructor(balance: number) {
    this.balance = balance;
  }

  label(): string {
    return `${this.balance} ${Account.currency}`;
  }
}

class Teller extends Process {
  readonly account = new Account(12);
  readonly out: SharedArray<'float64'>;

  constructor(out: SharedArray<'float64'>) {
    super({ name: 'teller' });
    this.out = out;
  }

  override async run(): Promise<void> {
    await Promise.resolve();
    this.out.set(0, this.account.balance);
    this.out.set(1, this.name === 'teller' && this.pid === process.pid ? 1 : 0);
  }
}

class QuotaError extends RangeError {
  override readonly name = 'QuotaError';
  readonly quota = 3;
}

function exceed(): never {
  throw new QuotaError('beyond', { cause: new TypeError('the cause', { cause: { plain: [1, 2n] } }) });
}

function pattern(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(size).map((_, i) => i * 31);
}

const SIZES = [0, 1, 7, 8, 100, 4096, 65_535, 1 << 20, (16 << 20) + 3, 64 << 20];

describe('what goes to a process and back', () => {
  let pool: InstanceType<typeof Pool>;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  for (const size of SIZES) {
    it(`${size} bytes, there and back`, async () => {
      const bytes = Buffer.alloc(size, 'abcdefghijk');
      const there = new Uint8Array(bytes);
      assert.equal(await pool.apply(digest, [there]), digest(bytes));
      const back = await pool.apply((value: Uint8Array) => ({ value, size: value.length }), [there]);
      assert.equal(back.size, size);
      assert.ok(bytes.equals(back.value));
    }).timeout(60_000);
  }

  it('buffers that are given away, with what was in them', async () => {
    for (const size of [16, 3 << 20]) {
      const bytes = pattern(size);
      const expected = digest(bytes);
      const result = pool.apply(digest, [bytes], { transfer: [bytes.buffer] });
      assert.equal(bytes.byteLength, 0);
      assert.equal(await result, expected);
    }
  });

  it('functions with imports, declarations, captured variables, and functions among them', async () => {
    const factor = 3;
    const scale = (x: number): number => x * 2;
    const both = task((x: number): number => scale(x) * factor, { factor, scale });
    assert.equal(await pool.apply(both, [7]), 42);
    assert.equal(await pool.apply((account: Account) => account.balance, [new Account(5)]), 5);
    assert.equal(await pool.apply((x: number) => new Account(x).label(), [5]), '5 EUR');
    assert.equal(await pool.apply(async (fn: (x: number) => number) => fn(8), [both]), 48);
  });

  it('instances of a subclass of Process, with fields and methods', async () => {
    const out = new SharedArray('float64', 2);
    const teller = new Teller(out);
    assert.ok(teller instanceof DefaultProcess);
    await teller.start().join();
    assert.deepEqual([teller.exitCode, ...out], [0, 12, 1]);
  });

  it('results of a map in a shared vector of the caller', async () => {
    const out = new SharedArray('float64', 10_000);
    const result = await pool.map((x: number) => x * 0.5, Array.from({ length: 10_000 }).keys(), { out });
    assert.equal(result, out);
    assert.ok(out.view.every((x, i) => x === i * 0.5));
  });

  it('values made by workers that have gone since', async () => {
    await using brief = new Pool(2, { maxTasksPerChild: 1 });
    const made = await brief.map((i: number) => new SharedArray('int32', [i, i + 1]), [1, 2, 3, 4], { chunksize: 1 });
    assert.deepEqual(made.map((array) => [...array]), [[1, 2], [2, 3], [3, 4], [4, 5]]); // prettier-ignore
  });

  it('errors with their class, cause and the stacks of both sides', async () => {
    const error: unknown = await pool.apply(exceed).catch((reason: unknown) => reason);
    assert.ok(error instanceof QuotaError);
    assert.deepEqual([error.message, error.quota], ['beyond', 3]);
    assert.ok(error.cause instanceof TypeError);
    assert.deepEqual(error.cause.cause, { plain: [1, 2n] });
    assert.match(error.stack ?? '', /exceed[\s\S]*values\.test/);
    const child = new Process({ target: exceed, stdio: 'ignore' }).start();
    const { exitCode, error: uncaught } = await child.exited;
    assert.ok(uncaught instanceof QuotaError);
    assert.deepEqual([exitCode, uncaught.quota], [1, 3]);
  });

  it('progress of a task, in order', async () => {
    const seen: unknown[] = [];
    const climb = (): string => {
      for (let i = 0; i < 5; i++) currentTask()!.progress({ i });
      return 'top';
    };
    assert.equal(await pool.apply(climb, [], { onProgress: (value) => seen.push(value) }), 'top');
    assert.deepEqual(seen, [{ i: 0 }, { i: 1 }, { i: 2 }, { i: 3 }, { i: 4 }]);
  });
});
