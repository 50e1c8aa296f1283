import assert from 'node:assert/strict';
import { run } from './run.js';

const PROGRAM = 'shared-cache/main.mjs';

interface Statistics {
  readonly requests: number;
  readonly keys: number;
  readonly found: number;
  readonly waited: number;
  readonly computed: number;
  readonly evicted: number;
  readonly stored: number;
  readonly locks: number;
  readonly failed: number;
}

/** Runs the program, which must succeed and complain of nothing. */
async function statistics(...args: string[]): Promise<Statistics> {
  const { code, stdout, stderr } = await run(PROGRAM, ...args);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  const form =
    /(\d+) requests for (\d+) keys: (\d+) found, (\d+) waited, (\d+) computed\n(\d+) evicted, (\d+) stored, (\d+) locks\n$/;
  const [requests, keys, found, waited, computed, evicted, stored, locks] = (form.exec(stdout) ?? [])
    .slice(1)
    .map(Number) as [number, number, number, number, number, number, number, number];
  const failed = Number(/^failed (\d+) times: there is no answer for 13$/m.exec(stdout)?.[1] ?? 0);
  assert.equal(found + waited + computed + failed, requests, stdout);
  return { requests, keys, found, waited, computed, evicted, stored, locks, failed };
}

describe('examples: shared-cache/', function () {
  this.timeout(60_000);

  for (const workers of ['1', '4']) {
    it(`computes each key once when all fit, with ${workers} workers`, async () => {
      const args = ['--keys', '12', '--size', '12', '--requests', '1000', '--workers', workers];
      const { keys, computed, evicted, stored, locks, failed } = await statistics(...args);
      assert.deepEqual([keys, computed, evicted, stored, locks, failed], [12, 12, 0, 12, 12, 0]);
    });
  }

  for (const size of [1, 4]) {
    it(`keeps no more than ${size} and computes what it has forgotten again`, async () => {
      const args = ['--keys', '12', '--size', String(size), '--requests', '1000', '--workers', '4'];
      const { computed, evicted, stored, locks } = await statistics(...args);
      assert.deepEqual([stored, locks], [size, size]);
      assert.equal(evicted, computed - size);
      assert.ok(computed > 12);
    });
  }

  it('gives right answers; a key that fails does so for each that asks, and is not stored', async () => {
    const { code, stdout, stderr } = await run(PROGRAM, '--keys', '13', '--size', '20', '--requests', '1000');
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.match(stdout, /^primes below 1000: 168\nprimes below 13000: no answer\n/);
    // 39 of the 1000 requests are for the last of 13 keys.
    assert.match(stdout, /^failed 39 times: there is no answer for 13$/m);
    assert.match(stdout, / 12 computed\n0 evicted, 12 stored, 12 locks\n$/);
  });

  it('refuses a size that is none', async () => {
    for (const [args, message] of [
      [['--size', '0'], /^shared-cache: these must be numbers above 0\n\nUsage:/],
      [['--workers', '0'], /^shared-cache: processes must be an integer/],
      [['--limit', '5'], /^shared-cache: Unknown option '--limit'/],
    ] as const) {
      const { code, stdout, stderr } = await run(PROGRAM, ...args);
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
      assert.match(stderr, message);
    }
  });
});
