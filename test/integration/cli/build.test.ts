import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { allcores, damage, installedCopy, root, scratchFolder } from './support.js';

const SOURCES = ['native', 'include', 'sources.txt', 'CMakeLists.txt'];
const ADDON = path.join('build', 'Release', 'allcores.node');

/** Has it ended? */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  return process.platform === 'linux' && /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

/** Stands for cmake-js, which takes minutes: looks at what it is given, and builds what the test says. */
const builder = (action: string) => `
const fs = require('node:fs');
for (const file of ${JSON.stringify([...SOURCES, 'binding.gyp', 'node_modules/node-addon-api/napi.h'])}) fs.accessSync(file);
if (process.cwd().includes(' ') || process.argv[2] !== 'build') throw new Error('called in the wrong way');
fs.mkdirSync('build/Release', { recursive: true });
${action}
`;

describe('allcores build', function () {
  this.timeout(60_000);
  const scratch = scratchFolder();
  let copies = 0;

  /** A copy of the package whose cmake-js does what is said. */
  function withBuilder(action: string): string {
    const copy = installedCopy(path.join(scratch, String(copies++)), SOURCES);
    const bin = path.join(copy, 'node_modules', 'cmake-js', 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(path.join(bin, 'cmake-js'), builder(action));
    return copy;
  }

  const builds = `fs.copyFileSync(${JSON.stringify(path.join(root, ADDON))}, '${ADDON}');`;

  it('builds apart from the package, whose path may have spaces, and has the binary loaded', async () => {
    const copy = withBuilder(builds);
    const { code, stdout, stderr } = await allcores(['build'], { from: copy });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, `Built and loaded: ${path.join(copy, ADDON)}\n`);
    const [, folder = ''] = /in (\S+): this takes some minutes/.exec(stderr) ?? [];
    assert.ok(folder !== '' && !existsSync(folder), folder);
    assert.deepEqual(readdirSync(path.join(copy, 'build', 'Release')), ['allcores.node']);
    assert.match((await allcores(['info'], { from: copy })).stdout, /^binary .*, [\d.]+ MiB$/m);
  });

  it('says where the compiler fails, and keeps what it said', async () => {
    const copy = withBuilder(`console.log('compiling'); console.error('out of luck'); process.exitCode = 3;`);
    const { code, stdout, stderr } = await allcores(['build', '--jobs', '2'], { from: copy });
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(stderr, /^Compiling with cmake-js, 2 files at once/);
    assert.match(stderr, /^out of luck$/m);
    const [, log = ''] = /cmake-js has failed\. All that it said is in (\S+)\n$/.exec(stderr) ?? [];
    assert.equal(readFileSync(log, 'utf8'), 'compiling\nout of luck\n');
    rmSync(path.dirname(log), { recursive: true });
    assert.ok(!existsSync(path.join(copy, 'build')));
  });

  it('says so when the compiler fails and says nothing', async () => {
    const copy = withBuilder(`process.exitCode = 3;`);
    const { code, stderr } = await allcores(['build'], { from: copy });
    assert.equal(code, 1, stderr);
    const [, log = ''] = /cmake-js has failed\. All that it said is in (\S+)\n$/.exec(stderr) ?? [];
    assert.equal(readFileSync(log, 'utf8'), '');
    rmSync(path.dirname(log), { recursive: true });
    assert.doesNotMatch(stderr, /^ +at /m);
  });

  it('says where something cannot be written or read, and leaves nothing there', async function () {
    if (process.platform === 'win32') this.skip(); // the folder is not TMPDIR there
    const copy = withBuilder(builds);
    const nowhere = path.join(scratch, 'nowhere').replaceAll(' ', '-');
    const without = await allcores(['build'], { from: copy, env: { TMPDIR: nowhere } });
    assert.equal(without.code, 1);
    assert.match(without.stderr, /^A temporary folder cannot be made: ENOENT.*nowhere\/allcores-.*\n$/);

    rmSync(path.join(copy, 'dist', 'binding.gyp'));
    const TMPDIR = mkdtempSync(path.join(tmpdir(), 'allcores-cli-'));
    try {
      const incomplete = await allcores(['build'], { from: copy, env: { TMPDIR } });
      assert.equal(incomplete.code, 1);
      assert.match(incomplete.stderr, /^The sources cannot be copied to \S+allcores-build-\w+: .*binding\.gyp.*\n$/);
      assert.deepEqual(readdirSync(TMPDIR), []);
    } finally {
      rmSync(TMPDIR, { recursive: true });
    }
  });

  it('says so when its log cannot be written', async function () {
    if (process.platform === 'win32') this.skip(); // an open log cannot be replaced there
    const copy = withBuilder(`fs.rmSync('build.log'); fs.mkdirSync('build.log'); console.log('lost');`);
    const { code, stderr } = await allcores(['build'], { from: copy });
    assert.equal(code, 1);
    const [, log = ''] = /^(\S+build\.log) cannot be written: EISDIR.*\n$/m.exec(stderr) ?? [];
    rmSync(path.dirname(log), { recursive: true });
    assert.doesNotMatch(stderr, /^ +at /m);
  });

  it('puts back what was there when the new binary does not load', async () => {
    const copy = withBuilder(`fs.writeFileSync('${ADDON}', 'another');`);
    damage(copy);
    const { code, stderr } = await allcores(['build'], { from: copy });
    assert.equal(code, 1);
    assert.match(stderr, /^The binary was built, but does not work: /m);
    assert.deepEqual(readdirSync(path.join(copy, 'build', 'Release')), ['allcores.node']);
    assert.equal(readFileSync(path.join(copy, ADDON), 'utf8'), 'no library');
  });

  it('puts back what was there when the new binary cannot be put in its place', async () => {
    const copy = withBuilder(builds);
    damage(copy);
    // Refuses once to rename something to what the loader takes.
    const preload = path.join(scratch, 'refuses.cjs');
    writeFileSync(
      preload,
      `const fs = require('node:fs');
const rename = fs.renameSync;
let refused = false;
fs.renameSync = (from, to) => {
  if (!refused && String(to).endsWith('allcores.node')) {
    refused = true;
    throw Object.assign(new Error('EPERM: operation not permitted, rename'), { code: 'EPERM' });
  }
  rename(from, to);
};
require('node:module').syncBuiltinESMExports();`,
    );
    const env = { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` };
    const { code, stderr } = await allcores(['build'], { from: copy, env });
    assert.equal(code, 1);
    assert.match(stderr, /^The binary cannot be put into the package: EPERM: operation not permitted, rename$/m);
    assert.deepEqual(readdirSync(path.join(copy, 'build', 'Release')), ['allcores.node']);
    assert.equal(readFileSync(path.join(copy, ADDON), 'utf8'), 'no library');
  });

  it('is not kept from its work by what was left of another time', async () => {
    const copy = withBuilder(builds);
    damage(copy);
    for (const left of ['old', 'new']) mkdirSync(path.join(copy, `${ADDON}.${left}`, 'full'), { recursive: true });
    const { code, stderr } = await allcores(['build'], { from: copy });
    assert.equal(code, 0, stderr);
    assert.match((await allcores(['info'], { from: copy })).stdout, /^binary .*, [\d.]+ MiB$/m);
  });

  it('takes the node-gyp of npm, not one that happens to be installed', async () => {
    const copy = withBuilder('');
    const npm = path.join(scratch, 'npm');
    const scripts: [string, string][] = [
      [copy, 'process.exitCode = 3;'],
      [npm, `const fs = require('node:fs'); fs.mkdirSync('build/Release', { recursive: true }); ${builds}`],
    ];
    for (const [folder, script] of scripts) {
      const bin = path.join(folder, 'node_modules', 'node-gyp', 'bin');
      mkdirSync(bin, { recursive: true });
      writeFileSync(path.join(bin, 'node-gyp.js'), script);
    }
    writeFileSync(path.join(npm, 'package.json'), '{}');
    const env = { npm_execpath: path.join(npm, 'bin', 'npm-cli.js') };
    const { code, stderr } = await allcores(['build', '--with', 'node-gyp'], { from: copy, env });
    assert.equal(code, 0, stderr);
  });

  it('leaves nothing behind and nothing running when it is interrupted', async function () {
    if (process.platform === 'win32') this.skip(); // a signal ends a process unasked there
    // What it starts waits for a process of its own, as cmake-js does for compilers.
    const alive = path.join(scratch, 'alive');
    const compiler = `process.on('SIGTERM', () => {}); require('node:fs').writeFileSync(${JSON.stringify(alive)}, String(process.pid)); setInterval(() => {}, 1000);`;
    const copy = withBuilder(
      `require('node:child_process').spawnSync(process.execPath, ['--eval', ${JSON.stringify(compiler)}]);`,
    );
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      rmSync(alive, { force: true });
      const main = path.join(copy, 'dist', 'cli', 'main.js');
      const child = spawn(process.execPath, [main, 'build'], { stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      const closed = once(child, 'close');
      while (!existsSync(alive) || readFileSync(alive, 'utf8') === '') await setTimeout(20);
      child.kill(signal);
      assert.deepEqual(await closed, [null, signal], said);
      const [, folder = ''] = /in (\S+): this takes some minutes/.exec(said) ?? [];
      assert.ok(folder !== '' && !existsSync(folder), said);
      // Dead, or at most not yet waited for by whoever has inherited it.
      const compilerPid = Number(readFileSync(alive, 'utf8'));
      assert.ok(isGone(compilerPid), `process ${compilerPid} still runs`);
    }
  });

  it('puts back what was there when it is interrupted before the new binary has been loaded', async function () {
    if (process.platform === 'win32') this.skip(); // a signal ends a process unasked there
    const copy = withBuilder(builds);
    damage(copy);
    // The process that is to load it does not come to that.
    const [preload, alive] = ['hangs.cjs', 'hanging'].map((file) => path.join(scratch, file)) as [string, string];
    writeFileSync(
      preload,
      `if (process.argv[1].endsWith('child.js')) {
  require('node:fs').writeFileSync(${JSON.stringify(alive)}, String(process.pid));
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}`,
    );
    const main = path.join(copy, 'dist', 'cli', 'main.js');
    const env = { ...process.env, NODE_OPTIONS: `--require ${JSON.stringify(preload)}` };
    const child = spawn(process.execPath, [main, 'build'], { env, stdio: 'ignore' });
    const closed = once(child, 'close');
    while (!existsSync(alive) || readFileSync(alive, 'utf8') === '') await setTimeout(20);
    try {
      child.kill('SIGTERM');
      assert.deepEqual(await closed, [null, 'SIGTERM']);
      assert.deepEqual(readdirSync(path.join(copy, 'build', 'Release')), ['allcores.node']);
      assert.equal(readFileSync(path.join(copy, ADDON), 'utf8'), 'no library');
    } finally {
      process.kill(Number(readFileSync(alive, 'utf8')), 'SIGKILL');
    }
  });

  it('says before what is missing', async () => {
    const copy = withBuilder(builds);
    const empty = path.join(scratch, 'empty');
    mkdirSync(empty);
    const env = { PATH: empty, PYTHON: undefined, npm_config_python: undefined, CXX: undefined };
    const cases: [string, RegExp][] = [
      ['cmake-js', /a C\+\+20 compiler[^]*\n {2}CMake 3\.22 or later\n {2}ninja or make\non /],
      ['node-gyp', /a C\+\+20 compiler[^]*\n {2}make\n {2}Python 3\.8 or later\non /],
    ];
    for (const [name, message] of cases) {
      const { code, stdout, stderr } = await allcores(['build', '--with', name], { from: copy, env });
      assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
      assert.ok(stderr.startsWith(`To build with ${name}, this is missing:\n`), stderr);
      assert.match(stderr, message);
    }
  });

  it('says when there are no sources', async () => {
    const { code, stderr } = await allcores(['build'], { from: installedCopy(path.join(scratch, 'bare')) });
    assert.equal(code, 1);
    assert.match(stderr, /^The sources are not in .*bare: native, include, sources\.txt, CMakeLists\.txt\n$/);
  });
});
