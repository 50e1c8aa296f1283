import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { allcores, installedCopy, root, run, scratchFolder } from './support.js';

const COMMANDS = ['info', 'doctor', 'build', 'bench', 'new-kernel'];

describe('allcores', function () {
  this.timeout(40_000);
  const copy = installedCopy(scratchFolder());

  it('prints help, also without an addon', async () => {
    const asked = await Promise.all([[], ['help'], ['--help'], ['-h']].map((args) => allcores(args, { from: copy })));
    for (const { code, stdout, stderr } of asked) {
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      assert.match(stdout, /^Usage: allcores COMMAND/);
      for (const command of COMMANDS) assert.match(stdout, new RegExp(`^ {2}${command} +\\w`, 'm'));
    }
  });

  it('tells the options of each command, also without an addon', async () => {
    for (const command of COMMANDS) {
      const [first, second] = await Promise.all(
        [
          [command, '--help'],
          ['help', command],
        ].map((args) => allcores(args, { from: copy })),
      );
      assert.deepEqual(first, second);
      assert.deepEqual({ code: first?.code, stderr: first?.stderr }, { code: 0, stderr: '' });
      assert.match(first?.stdout ?? '', new RegExp(`^Usage: allcores ${command} `));
    }
  });

  it('prints the version', async () => {
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
    for (const option of ['--version', '-v']) {
      assert.deepEqual(await allcores([option]), { code: 0, stdout: `${version}\n`, stderr: '' });
    }
  });

  it('refuses what makes no sense with exit code 2, and says where help is', async () => {
    const cases: [string[], RegExp][] = [
      [
        ['inform'],
        /^Unknown command 'inform'\. There are: info, doctor, build, bench, new-kernel\nTry: allcores help\n$/,
      ],
      [['help', 'inform'], /^Unknown command 'inform'/],
      [['info', '--fast'], /^Unknown option '--fast'\nTry: allcores info --help\n$/],
      [['info', 'all'], /^Unexpected argument 'all'/],
      [['info', '--json=1'], /--json' does not take an argument/],
      [['doctor', '--timeout'], /'--timeout <value>' argument missing/],
      [
        ['doctor', '--timeout', 'soon'],
        /^--timeout must be a number of seconds greater than 0 and at most 2000000, got 'soon'/,
      ],
      [['doctor', '--timeout', '0'], /^--timeout must be/],
      [['build', '--with', 'make'], /^--with must be cmake-js or node-gyp, got 'make'/],
      [['build', '--jobs', '1.5'], /^--jobs must be an integer of at least 1, got '1\.5'/],
      [['bench', '--rounds', '99'], /^--rounds must be an integer from 1 to 5, got '99'/],
      [['new-kernel'], /^A name is missing/],
      [['new-kernel', 'a', 'b'], /^Unexpected argument 'b'/],
      [
        ['new-kernel', '../up'],
        /^NAME must be up to 64 letters, digits, - and _, beginning with a letter, got '\.\.\/up'/,
      ],
    ];
    for (const [args, message] of cases) {
      const { code, stdout, stderr } = await allcores(args);
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' }, args.join(' '));
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /^ +at /m);
    }
  });

  it('does not mind a reader that has had enough', async () => {
    const main = path.join(root, 'dist', 'cli', 'main.js');
    const { stdout, stderr } = await run('sh', ['-c', '"$0" "$1" info --json | head -n 1', process.execPath, main]);
    assert.deepEqual({ stdout, stderr }, { stdout: '{\n', stderr: '' });
  });
});
