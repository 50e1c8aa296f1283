import assert from 'node:assert/strict';
import { currentProcess, Pool } from 'allcores';

const kept: Uint8Array[] = [];

function name(): string {
  return currentProcess().name;
}

function hoard(bytes: number): string {
  kept.push(new Uint8Array(bytes).fill(1));
  return currentProcess().name;
}

function counts(names: readonly string[]): Map<string, number> {
  const seen = new Map<string, number>();
  for (const of of names) seen.set(of, (seen.get(of) ?? 0) + 1);
  return seen;
}

describe('recycling of workers', () => {
  it('maxTasksPerChild replaces a worker after exactly so many tasks', async () => {
    const pool = new Pool(1, { maxTasksPerChild: 4 });
    try {
      const names = await Promise.all(Array.from({ length: 12 }, () => pool.apply(name)));
      assert.deepEqual(
        [...counts(names)],
        [
          ['PoolWorker-1', 4],
          ['PoolWorker-2', 4],
          ['PoolWorker-3', 4],
        ],
      );
      assert.equal(pool.stats().crashed, 0);
      assert.ok(pool.stats().recycled >= 2);
    } finally {
      await pool.terminate();
    }
  });

  it('maxTasksPerChild of 1 gives each task a fresh worker', async () => {
    const pool = new Pool(2, { maxTasksPerChild: 1 });
    try {
      const names = await Promise.all(Array.from({ length: 8 }, () => pool.apply(name)));
      assert.equal(new Set(names).size, 8);
    } finally {
      await pool.terminate();
    }
  });

  it('counts a chunk of a map as one task', async () => {
    const pool = new Pool(1, { maxTasksPerChild: 2 });
    try {
      const names = await pool.map(name, Array.from({ length: 12 }).keys(), { chunksize: 3 });
      assert.deepEqual([...counts(names).values()], [6, 6]);
    } finally {
      await pool.terminate();
    }
  });

  it('counts asynchronous tasks too', async () => {
    const pool = new Pool(1, { maxTasksPerChild: 2 });
    try {
      const later = async (): Promise<string> => {
        await Promise.resolve();
        return name();
      };
      const names = await Promise.all(Array.from({ length: 4 }, () => pool.apply(later)));
      assert.deepEqual([...counts(names).values()], [2, 2]);
    } finally {
      await pool.terminate();
    }
  });

  it('maxMemoryPerChild replaces a worker whose heap has grown beyond it', async () => {
    const pool = new Pool(1, { maxMemoryPerChild: 64 << 20 });
    try {
      const names: string[] = [];
      for (let i = 0; i < 8; i++) names.push(await pool.apply(hoard, [20 << 20]));
      assert.ok(new Set(names).size >= 2, names.join());
      assert.ok(new Set(names).size < 8, names.join());
      assert.equal(pool.stats().crashed, 0);
    } finally {
      await pool.terminate();
    }
  });

  it('refuses limits that are no integers of at least 1', () => {
    for (const value of [0, -1, 0.5]) {
      assert.throws(() => new Pool(1, { maxTasksPerChild: value }), {
        name: 'RangeError',
        message: `maxTasksPerChild must be an integer of at least 1, got ${value}`,
      });
    }
    assert.throws(() => new Pool(1, { maxMemoryPerChild: '12' as never }), {
      name: 'TypeError',
      message: "maxMemoryPerChild must be an integer, got '12'",
    });
  });
});
