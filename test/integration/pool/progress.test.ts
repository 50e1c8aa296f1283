import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Pool, type MapProgress } from 'allcores';

function identity<T>(x: T): T {
  return x;
}

/** The reports of one call, checked for what holds for all. */
async function reports(run: (onProgress: (progress: MapProgress) => void) => Promise<unknown>): Promise<MapProgress[]> {
  const seen: MapProgress[] = [];
  await run((progress) => void seen.push(progress));
  for (const [i, { done }] of seen.entries()) assert.ok(i === 0 || done >= seen[i - 1]!.done, 'descending');
  return seen;
}

async function drain(source: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of source);
}

describe('onProgress', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  for (const count of [1, 40, 20_000]) {
    it(`of map ends with done === total, ${count} items`, async () => {
      const seen = await reports((onProgress) =>
        pool.map(identity, Array.from({ length: count }).keys(), { onProgress }),
      );
      assert.deepEqual(seen.at(-1), { done: count, total: count });
      assert.ok(seen.every(({ total }) => total === count));
    });
  }

  it('of map with chunksize comes after each chunk', async () => {
    const seen = await reports((onProgress) =>
      pool.map(identity, ['a', 'b', 'c', 'd', 'e'], { onProgress, chunksize: 2 }),
    );
    assert.equal(seen.length, 3);
  });

  it('of an empty map reports 0 of 0', async () => {
    assert.deepEqual(await reports((onProgress) => pool.map(identity, [], { onProgress })), [{ done: 0, total: 0 }]);
  });

  it('of starmap and mapAsync likewise', async () => {
    const starmap = await reports((onProgress) => pool.starmap(identity, [[1], [2]], { onProgress }));
    const mapAsync = await reports((onProgress) => pool.mapAsync(identity, [1, 2, 3], { onProgress }).get());
    assert.deepEqual(
      [starmap.at(-1), mapAsync.at(-1)],
      [
        { done: 2, total: 2 },
        { done: 3, total: 3 },
      ],
    );
  });

  it('of imap has no total until the source has ended, and ends with done === total', async () => {
    const seen = await reports((onProgress) => drain(pool.imap(identity, [1, 2, 3, 4, 5], { onProgress })));
    assert.deepEqual(seen.at(-1), { done: 5, total: 5 });
    assert.ok(seen.slice(0, -1).every(({ total }) => total === undefined));
  });

  it('of imapUnordered comes after each chunk, and ends so as soon as all results are there', async () => {
    let ended!: () => void;
    const end = new Promise<void>((resolve) => (ended = resolve));
    const seen: MapProgress[] = [];
    const iterator = pool.imapUnordered(identity, [1, 2, 3, 4, 5], {
      chunksize: 2,
      onProgress: (progress) => {
        seen.push(progress);
        if (progress.total !== undefined) ended();
      },
    });
    await iterator.next();
    await end;
    const counts = seen.map(({ done }) => done);
    assert.equal(counts.length, 4); // three chunks, and the end
    assert.deepEqual(seen.at(-1), { done: 5, total: 5 });
    await iterator.return?.();
  });

  it('of an imap that is left has no total', async () => {
    const seen = await reports(async (onProgress) => {
      for await (const _ of pool.imap(identity, new Array<number>(1000).fill(1), { onProgress })) break;
    });
    assert.equal(seen.at(-1)?.total, undefined);
  });

  it('of a map with errors counts the failed items', async () => {
    const fail = (x: number): number => {
      if (x === 1) throw new RangeError('one');
      return x;
    };
    const seen = await reports((onProgress) => pool.map(fail, [1, 2, 3], { onProgress }).catch(() => {}));
    assert.deepEqual(seen.at(-1), { done: 3, total: 3 });
  });

  it('that throws is an uncaught exception of its own, and the map goes on', async () => {
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const uncaught = once(process, 'uncaughtException');
    try {
      const result = await pool.map(identity, [1, 2], {
        chunksize: 2,
        onProgress: () => {
          throw new EvalError('a broken listener');
        },
      });
      assert.deepEqual(result, [1, 2]);
      assert.equal(((await uncaught) as Error[])[0]?.message, 'a broken listener');
    } finally {
      for (const listener of others) process.on('uncaughtException', listener);
    }
  });
});

const MAP = 'await pool.map((x) => x, [1, 2, 3], { progress: true })';

/** Makes a call with a progress bar in a Node of its own, whose stderr passes for a terminal or not. */
async function drawn(isTTY: boolean, call = MAP): Promise<string> {
  const script = `
    import { Pool } from 'allcores';
    process.stderr.isTTY = ${isTTY};
    await run();
    async function run() {
      const pool = new Pool(1);
      ${call};
      await pool.terminate();
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { timeout: 20_000 });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await once(child, 'close');
  return stderr;
}

describe('option progress', () => {
  it('draws a bar on stderr if that is a terminal', async () => {
    assert.match(await drawn(true), /3\/3/);
  });

  it('draws one for imap, which ends with the results, whether they are asked for or not', async () => {
    const imap = 'pool.imap((x) => x, [1, 2, 3], { progress: true })';
    assert.match(await drawn(true, `for await (const _ of ${imap})`), /3\/3/);
    // Less than all: a bar that had not ended would keep the program alive.
    assert.match(await drawn(true, `const source = ${imap}; for (let i = 0; i < 3; i++) await source.next()`), /3\/3/);
    assert.match(await drawn(true, `for await (const _ of ${imap}) break`), /\/0/);
  });

  it('draws none for an imap that is refused', async () => {
    assert.equal(await drawn(true, 'try { pool.imap((x) => x, 5, { progress: true }); } catch {}'), '');
  });

  it('draws nothing elsewhere', async () => {
    assert.equal(await drawn(false), '');
  });
});
