import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { allcores, root, run } from './support.js';

describe('allcores new-kernel', function () {
  this.timeout(60_000); // a compiler runs
  let folder = '';
  before(() => {
    // Inside of the package, so that its own name resolves.
    mkdirSync(path.join(root, 'out'), { recursive: true });
    folder = mkdtempSync(path.join(root, 'out', 'new kernel-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('writes a kernel that builds and runs as it is', async () => {
    const { code, stdout, stderr } = await allcores(['new-kernel', 'test', '--folder', 'some/where'], { cwd: folder });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.match(stdout, /^some\/where\/test is written\./);
    const cwd = path.join(folder, 'some', 'where', 'test');
    assert.deepEqual(readdirSync(cwd).sort(), ['CMakeLists.txt', 'README.md', 'run.mjs', 'test.c']);
    for (const args of [
      ['-B', 'build', '-DCMAKE_C_FLAGS=-Wall -Wextra -Werror'],
      ['--build', 'build'],
    ]) {
      const step = await run('cmake', args, { cwd });
      assert.equal(step.code, 0, step.stdout + step.stderr);
    }
    const expected = { code: 0, stdout: 'test: 1000000 elements, their sum is 2000000\n', stderr: '' };
    assert.deepEqual(await run(process.execPath, ['run.mjs'], { cwd }), expected);
  });

  it('says where it cannot find the header', async () => {
    assert.equal((await allcores(['new-kernel', 'lost-2'], { cwd: folder })).code, 0);
    const cwd = path.join(folder, 'lost-2');
    writeFileSync(path.join(cwd, 'package.json'), '{ "name": "lost" }');
    const { code, stderr } = await run('cmake', ['-B', 'build'], { cwd });
    assert.notEqual(code, 0);
    assert.match(stderr, /allcores is not installed here: npm install allcores/);
  });

  it('overwrites nothing', async () => {
    mkdirSync(path.join(folder, 'taken'));
    writeFileSync(path.join(folder, 'file'), '');
    for (const name of ['taken', 'file']) {
      const { code, stdout, stderr } = await allcores(['new-kernel', name], { cwd: folder });
      const expected = { code: 1, stdout: '', stderr: `${name} is there already: nothing was written\n` };
      assert.deepEqual({ code, stdout, stderr }, expected);
    }
    assert.deepEqual(readdirSync(path.join(folder, 'taken')), []);
  });

  it('says why it cannot write', async () => {
    writeFileSync(path.join(folder, 'no-folder'), '');
    const { code, stderr } = await allcores(['new-kernel', 'a', '--folder', 'no-folder/in'], { cwd: folder });
    assert.equal(code, 1);
    assert.match(stderr, /^no-folder\/in\/a cannot be written: .*\n$/);
    assert.ok(!existsSync(path.join(folder, 'a')));
  });
});
