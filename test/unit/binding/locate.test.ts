import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { locateAddon, unloadable } from '#lib/binding/locate.js';

const folder = join('prebuilds', `${process.platform}-${process.arch}`);
const built = join('build', 'Release', 'allcores.node');

/** The beginning of a program of 64 bits that is loaded by `interpreter`: the second of its two segments. */
function elf(interpreter: string): Buffer {
  const file = Buffer.alloc(64 + 2 * 56 + interpreter.length);
  file.writeBigUInt64LE(64n, 32); // where the segments are told of
  file.writeUInt16LE(56, 54); // bytes for each
  file.writeUInt16LE(2, 56);
  file.writeUInt32LE(6, 64);
  file.writeUInt32LE(3, 120);
  file.writeBigUInt64LE(176n, 128);
  file.writeBigUInt64LE(BigInt(interpreter.length), 152);
  file.write(interpreter, 176, 'latin1');
  return file;
}

describe('the place of the addon', () => {
  const execPath = process.execPath;
  let root = '';

  const write = (name: string, content: string | Buffer = '') => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
    return join(root, name);
  };
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'allcores-locate-'))));
  afterEach(() => {
    process.execPath = execPath;
    rmSync(root, { recursive: true, force: true });
  });

  it('is that of one that was built in place, if there is one', () => {
    write(join(folder, 'allcores.glibc.node'));
    const place = write(built);
    assert.equal(locateAddon(root), place);
  });

  it('is that of the prebuilt one for the C library of the program', function () {
    if (process.platform !== 'linux') this.skip();
    const [glibc, musl] = ['glibc', 'musl'].map((libc) => write(join(folder, `allcores.${libc}.node`)));
    process.execPath = write('glibc', elf('/lib64/ld-linux-x86-64.so.2\0'));
    assert.equal(locateAddon(root), glibc);
    process.execPath = write('musl', elf('/lib/ld-musl-x86_64.so.1\0'));
    assert.equal(locateAddon(root), musl);
  });

  it('takes a program that it cannot read for one of glibc', function () {
    if (process.platform !== 'linux') this.skip();
    const glibc = write(join(folder, 'allcores.glibc.node'));
    for (const program of [join(root, 'nothing'), write('empty'), write('short', elf('x').subarray(0, 80))]) {
      process.execPath = program;
      assert.equal(locateAddon(root), glibc);
    }
  });

  it('says what it has looked for, and what to do, when there is none', () => {
    assert.throws(() => locateAddon(root), {
      name: 'ProcessError',
      code: 'ERR_ALLCORES_ADDON',
      message: new RegExp(`${process.platform}-${process.arch}.*allcores.*${process.version}.*npx allcores build`),
    });
    assert.throws(
      () => locateAddon(root),
      (error: Error) => error.message.includes(built) && error.message.includes(root),
    );
  });

  it('keeps what the system said of one that cannot be loaded', () => {
    const cause = new Error('invalid ELF header');
    const error = unloadable('/x/allcores.node', cause);
    assert.equal(error.cause, cause);
    assert.match(error.message, /cannot load \/x\/allcores\.node: invalid ELF header .*npx allcores build/);
  });
});
