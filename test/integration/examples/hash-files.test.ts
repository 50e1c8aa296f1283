import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { run, temporaryFolder } from './run.js';

describe('examples: hash-files.mjs', function () {
  this.timeout(60_000);
  const at = temporaryFolder();
  const contents = new Map<string, Buffer>();
  before(() => {
    mkdirSync(at('tree', 'a', 'deep'), { recursive: true });
    // Names in the order of their paths, where `a.txt` is before `a/…`; the large one takes several reads.
    const names = ['a-.bin', 'a.txt', 'a/deep/large', 'a/z', 'empty', 'ö'];
    const sizes = [10, 1, 3 * 1024 * 1024 + 5, 1024 * 1024, 0, 100];
    for (const [i, name] of names.entries()) {
      contents.set(at('tree', name), randomBytes(sizes[i]!));
      writeFileSync(at('tree', name), contents.get(at('tree', name))!);
    }
    symlinkSync(at('tree', 'gone'), at('tree', 'link'));
  });

  const lineOf = (file: string): string =>
    `${createHash('sha256').update(contents.get(file)!).digest('hex')}  ${file}\n`;
  const tree = (): string => [...contents.keys()].map(lineOf).join('');

  for (const workers of ['1', '3']) {
    it(`prints what node:crypto computes, in the order of the paths, with ${workers} workers`, async () => {
      const outcome = await run('hash-files.mjs', at('tree'), '--workers', workers);
      assert.deepEqual(outcome, { code: 0, stdout: tree(), stderr: '' });
    });
  }

  it('tells what it cannot read, goes on, and exits with 1', async () => {
    const large = at('tree', 'a', 'deep', 'large');
    const { code, stdout, stderr } = await run('hash-files.mjs', at('gone'), large, at('tree', 'link'), at('tree'));
    assert.deepEqual({ code, stdout }, { code: 1, stdout: lineOf(large) + tree() });
    assert.match(stderr, /^hash-files: .*\/gone: ENOENT[^\n]*\nhash-files: .*\/link: ENOENT[^\n]*\n$/);
  });

  it('refuses an option that it does not know and a number of workers that is none', async () => {
    for (const [args, message] of [
      [['--fast'], /^hash-files: Unknown option '--fast'/],
      [['--workers', 'many'], /^hash-files: processes must be an integer/],
    ] as const) {
      const { code, stdout, stderr } = await run('hash-files.mjs', ...args);
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
      assert.match(stderr, message);
    }
  });
});
