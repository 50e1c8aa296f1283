import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const ADDON = path.join('build', 'Release', 'allcores.node');
const WANTED = 'napi_create_external_arraybuffer';
/** As long, so that it fits into its place. */
const INSTEAD = WANTED.replace('napi', 'test');

/** Answers as Electron does: `napi_no_external_buffers_allowed`. */
const REFUSAL = `int ${INSTEAD}(void) { return 22; }\n`;

/** By `require`: Node 20 also throws what an `import` of CommonJS has thrown, though it was caught. */
const LOAD = `try {
  require('allcores');
  console.log('{}');
} catch ({ name, code, message }) {
  console.log(JSON.stringify({ name, code, message }));
}`;

describe('a runtime that refuses buffers over shared memory', function () {
  this.timeout(60_000);
  let folder = '';

  /** A copy of the package whose addon asks a function of ours for its buffers. */
  before(function () {
    if (process.platform !== 'linux') this.skip(); // a library is preloaded, as its loader does
    folder = mkdtempSync(path.join(tmpdir(), 'allcores-refused-'));
    for (const file of ['package.json', 'dist']) {
      cpSync(path.join(root, file), path.join(folder, file), { recursive: true });
    }
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    const addon = readFileSync(path.join(root, ADDON), 'latin1');
    const [before, ...after] = addon.split(`\0${WANTED}\0`);
    assert.ok(after.length > 0, `the addon does not ask for ${WANTED}`);
    mkdirSync(path.dirname(path.join(folder, ADDON)), { recursive: true });
    writeFileSync(path.join(folder, ADDON), [before, ...after].join(`\0${INSTEAD}\0`), 'latin1');
    execFileSync('cc', ['-shared', '-fPIC', '-x', 'c', '-', '-o', path.join(folder, 'refusal.so')], { input: REFUSAL });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is told from others as the package is loaded, with what to do', () => {
    const printed = execFileSync(process.execPath, ['--input-type=commonjs', '--eval', LOAD], {
      cwd: folder,
      env: { ...process.env, LD_PRELOAD: path.join(folder, 'refusal.so') },
      encoding: 'utf8',
    });
    const error = JSON.parse(printed) as Record<string, string>;
    assert.equal(error['name'], 'ProcessError');
    assert.equal(error['code'], 'ERR_ALLCORES_EXTERNAL_BUFFERS');
    const message = `ArrayBuffers over shared memory, which this runtime refuses \\(Node ${process.version}.*plain Node`;
    assert.match(error['message'] ?? '', new RegExp(message));
  });
});
