import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { currentTask, Pool, SharedArray, type MapProgress } from 'allcores';

type Flags = SharedArray<'int32'>;

/** Every wait has a limit: mocha cannot end a thread that blocks. */
const options = { timeout: 20_000, chunksize: 1 };

function awaitFlag(flags: Flags, index: number): void {
  const nap = new Int32Array(new SharedArrayBuffer(4));
  while (Atomics.load(flags.view, index) === 0) Atomics.wait(nap, 0, 0, 1);
}

/** Item i ends only once its caller has heard of i items before it. */
function inStep([flags, i]: readonly [Flags, number]): number {
  if (i > 0) awaitFlag(flags, i - 1);
  return i;
}

/** Tells its caller something and waits for it to have heard. */
function report(flags: Flags): string {
  for (let i = 0; i < flags.length; i++) {
    currentTask()!.progress(i);
    awaitFlag(flags, i);
  }
  return 'done';
}

function identity<T>(x: T): T {
  return x;
}

function die(): never {
  process.exit(5);
}

/** What was uncaught while `run` ran and after it, so many of them. */
async function uncaught(count: number, run: () => void): Promise<string[]> {
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  const messages: string[] = [];
  try {
    await new Promise<void>((resolve) => {
      process.on('uncaughtException', (error) => {
        if (messages.push(error.message) === count) resolve();
      });
      run();
      assert.deepEqual(messages, []);
    });
    return messages;
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of others) process.on('uncaughtException', listener);
  }
}

describe('onProgress of blocking forms', () => {
  let pool: Pool;
  before(() => (pool = new Pool(1)));
  after(() => pool.terminate());

  const items = (flags: Flags): (readonly [Flags, number])[] => Array.from(flags.view, (_, i) => [flags, i] as const);
  const calls: [
    name: string,
    run: (flags: Flags, onProgress: (progress: MapProgress) => void) => readonly unknown[],
  ][] = [
    ['mapSync', (flags, onProgress) => pool.mapSync(inStep, items(flags), { ...options, onProgress })],
    [
      'starmapSync',
      (flags, onProgress) =>
        pool.starmapSync(inStep, items(flags).map((item) => [item] as const), { ...options, onProgress }), // prettier-ignore
    ],
    ['mapAsync(…).getSync', (flags, onProgress) => pool.mapAsync(inStep, items(flags), { ...options, onProgress }).getSync()], // prettier-ignore
  ];
  for (const [name, run] of calls) {
    it(`${name} calls it as results come, while it blocks`, () => {
      const flags = new SharedArray('int32', 5);
      const seen: MapProgress[] = [];
      const result = run(flags, (progress) => {
        seen.push(progress);
        Atomics.store(flags.view, progress.done - 1, 1);
      });
      assert.deepEqual(result, [0, 1, 2, 3, 4]);
      assert.deepEqual(
        seen,
        [1, 2, 3, 4, 5].map((done) => ({ done, total: 5 })),
      );
    });
  }

  it('applySync gives it what the task reports, while it blocks', () => {
    const flags = new SharedArray('int32', 3);
    const seen: unknown[] = [];
    const onProgress = (value: unknown): void => {
      seen.push(value);
      Atomics.store(flags.view, value as number, 1);
    };
    assert.equal(pool.applySync(report, [flags], { timeout: 20_000, onProgress }), 'done');
    assert.deepEqual(seen, [0, 1, 2]);
  });

  it('has heard everything when the call returns, and nothing afterwards', async () => {
    for (const count of [0, 1, 1000]) {
      const seen: MapProgress[] = [];
      pool.mapSync(identity, Array.from({ length: count }).keys(), { onProgress: (progress) => seen.push(progress) });
      assert.deepEqual(seen.at(-1), { done: count, total: count });
      const { length } = seen;
      await pool.apply(identity, [1]);
      assert.equal(seen.length, length);
    }
  });

  it('has heard of the failed items when the call throws', () => {
    const seen: MapProgress[] = [];
    const fail = (x: number): never => {
      throw new RangeError(`no ${x}`);
    };
    const onProgress = (progress: MapProgress): unknown => seen.push(progress);
    assert.throws(() => pool.mapSync(fail, [1, 2], { ...options, onProgress }), { message: 'no 1' });
    assert.deepEqual(seen.at(-1), { done: 2, total: 2 });
  });

  it('that throws is an uncaught exception of its own, and the call goes on', async () => {
    const onProgress = ({ done }: MapProgress): void => {
      throw new EvalError(`broken at ${done}`);
    };
    const messages = await uncaught(3, () => {
      assert.deepEqual(pool.mapSync(identity, ['a', 'b', 'c'], { ...options, onProgress }), ['a', 'b', 'c']);
    });
    assert.deepEqual(messages, ['broken at 1', 'broken at 2', 'broken at 3']);
  });

  it('may block for results of the same pool, and hear of a worker that dies after that', () => {
    const inner: number[] = [];
    const result = pool.mapSync(identity, [1, 2, 3], {
      ...options,
      onProgress: ({ done }) => inner.push(pool.applySync((x: number) => x, [done])),
    });
    assert.deepEqual([result, inner], [[1, 2, 3], [1, 2, 3]]); // prettier-ignore
    const crash = { code: 'ERR_ALLCORES_WORKER_CRASHED', exitCode: 5 };
    assert.throws(
      () =>
        pool.mapSync((x: number) => (x === 1 ? x : process.exit(5)), [1, 2], {
          ...options,
          onProgress: ({ done }) => done === 1 && assert.throws(() => pool.applySync(die), crash),
        }),
      crash,
    );
  });

  it('may terminate the pool', async () => {
    const other = new Pool(1);
    const flags = new SharedArray('int32', 5);
    const onProgress = (): void => void other.terminate();
    assert.throws(() => other.mapSync(inStep, items(flags), { ...options, onProgress }), {
      code: 'ERR_ALLCORES_POOL_CLOSED',
    });
    await other.join();
  });

  it('is not called for a job that nobody blocks for', async () => {
    let heard = 0;
    const other = pool.map(identity, [1, 2, 3], { chunksize: 1, onProgress: () => heard++ });
    pool.mapSync(identity, [1, 2, 3], options);
    assert.equal(heard, 0);
    await other;
    assert.equal(heard, 3);
  });

  it('is called for what came in vain while a wait ran out', () => {
    const flags = new SharedArray('int32', 1);
    const seen: unknown[] = [];
    const onProgress = (value: unknown): unknown => seen.push(value);
    const result = pool.applyAsync(report, [flags], { timeout: 20_000, onProgress });
    while (seen.length === 0) assert.equal(result.waitSync({ timeout: 1 }), false);
    Atomics.store(flags.view, 0, 1);
    assert.equal(result.getSync(), 'done');
  });
});

describe('option progress of blocking forms', () => {
  it('draws while the call blocks', async () => {
    const script = `
      import { writeSync } from 'node:fs';
      import { Pool } from 'allcores';
      process.stderr.isTTY = true;
      run();
      async function run() {
        const pool = new Pool(1);
        const nap = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
        let drawn = '';
        const write = process.stderr.write;
        process.stderr.write = (text) => ((drawn += text), true);
        pool.mapSync(nap, Array(10).fill(0), { progress: true, chunksize: 1 });
        process.stderr.write = write;
        writeSync(1, drawn);
        await pool.terminate();
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { timeout: 20_000 });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    await once(child, 'close');
    assert.match(stdout, /[1-9]\/10/);
    assert.match(stdout, /10\/10/);
  });
});
