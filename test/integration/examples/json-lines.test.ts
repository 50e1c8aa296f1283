import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { outcomeOf, run, start, temporaryFolder } from './run.js';

interface Entry {
  readonly path: string;
  readonly status: number;
  readonly ms: number;
}

const PROGRAM = 'json-lines.mjs';
const LINES = 100_000;

/** The table that the program prints, computed in the plain way. */
function tableOf(text: string): string {
  const entries = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry);
  const paths = [...new Set(entries.map(({ path }) => path))].sort();
  return paths
    .map((path) => {
      const own = entries.filter((entry) => entry.path === path);
      const mean = own.reduce((sum, { ms }) => sum + ms, 0) / own.length;
      const failed = own.filter(({ status }) => status >= 500).length;
      const slowest = Math.max(...own.map(({ ms }) => ms));
      return `${path}: ${own.length} requests, ${failed} failed, mean ${mean.toFixed(1)} ms, slowest ${slowest} ms\n`;
    })
    .join('');
}

describe(`examples: ${PROGRAM}`, function () {
  this.timeout(60_000);
  const at = temporaryFolder();
  let text = '';
  before(async () => {
    const outcome = await run(PROGRAM, '--generate', String(LINES), at('log'));
    assert.deepEqual(outcome, { code: 0, stdout: '', stderr: '' });
    text = readFileSync(at('log'), 'utf8');
    assert.equal(text.split('\n').length, LINES + 1);
  });

  for (const workers of [1, 2]) {
    it(`sums up a file, of which little is in memory at once, with ${workers} workers`, async () => {
      const { code, stdout, stderr } = await run(PROGRAM, at('log'), '--workers', String(workers));
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      const end = stdout.lastIndexOf('\n', stdout.length - 2) + 1;
      assert.equal(stdout.slice(0, end), tableOf(text));
      const [, read, most] =
        /^100000 lines, 0 bad; (.*) MiB read, at most (.*) MiB of it/.exec(stdout.slice(end)) ?? [];
      assert.equal(read, (text.length / 2 ** 20).toFixed(1));
      // What is in memory: two pieces a worker, and the one that was just read while a result is given out.
      assert.ok(Number(most) <= 2 * workers + 1, stdout);
      assert.ok(Number(most) < Number(read), stdout);
    });
  }

  it('reads stdin, numbers bad lines in the order of the file, and exits with 1', async () => {
    const lines = text.split('\n').slice(0, 5000);
    lines[17] = '{"path": "/page/0", ';
    lines[4000] = '';
    lines.push('{"path": 7}'); // and no line end
    const child = start(PROGRAM);
    child.stdin.end(lines.join('\n'));
    const { code, stdout, stderr } = await outcomeOf(child);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^line 18: [^\n]*JSON[^\n]*\nline 4001: [^\n]*JSON[^\n]*\nline 5001: it needs a path and ms\n$/,
    );
    const good = lines.filter((_, i) => ![17, 4000, 5000].includes(i)).join('\n');
    assert.ok(stdout.startsWith(tableOf(good)), stdout);
    assert.match(stdout, /^5001 lines, 3 bad;/m);
  });

  it('prints what it has when it is interrupted', async () => {
    const child = start(PROGRAM);
    const outcome = outcomeOf(child);
    // The complaint about the second line tells that both have arrived; the stream stays open.
    child.stderr.once('data', () => child.kill('SIGINT'));
    child.stdin.write('{"path": "/a", "status": 200, "ms": 5}\nnothing\n');
    const { code, stdout, stderr } = await outcome;
    assert.equal(code, 130);
    assert.match(stderr, /^line 2: [^\n]*\ninterrupted: this is the beginning only\n$/);
    assert.match(stdout, /^\/a: 1 requests, 0 failed, mean 5\.0 ms, slowest 5 ms\n2 lines, 1 bad;/);
  });

  it('says what is wrong with a file, and with a line that has no end', async () => {
    writeFileSync(at('endless'), Buffer.alloc(17 * 1024 * 1024, 'x'));
    for (const [file, message] of [
      [at('gone'), /^json-lines: ENOENT/],
      [at(), /^json-lines: EISDIR/],
      [at('endless'), /^json-lines: a line is longer than 16777216 bytes/],
    ] as const) {
      const { code, stdout, stderr } = await run(PROGRAM, file);
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
      assert.match(stderr, message);
    }
  });
});
