import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cmake, compiler, make, python } from '#lib/cli/build/needs.js';
import { nodeGypOfNpm } from '#lib/cli/build/npm.js';
import { impossible, installing, systemsOf } from '#lib/cli/build/system.js';

describe('what the build needs', () => {
  it('is told for the system that this is', () => {
    assert.deepEqual(systemsOf('linux', 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n'), ['debian']);
    assert.deepEqual(systemsOf('linux', 'VERSION_ID="12"\nID=debian\n'), ['debian']);
    assert.deepEqual(systemsOf('linux', 'ID=alpine\n'), ['alpine']);
    assert.deepEqual(systemsOf('linux', 'ID="rocky"\nID_LIKE="rhel centos fedora"\n'), ['fedora']);
    assert.deepEqual(systemsOf('linux', 'ID="rhel"\n'), ['fedora']);
    assert.deepEqual(systemsOf('linux', ''), ['debian', 'alpine', 'fedora']);
    assert.deepEqual(systemsOf('darwin', ''), ['macos']);
  });

  it('is told as commands', () => {
    const missing = [compiler, make, python];
    assert.deepEqual(installing(missing, ['debian'], false), [
      'on Debian, Ubuntu:',
      '  sudo apt-get install -y g++ make python3',
    ]);
    assert.deepEqual(installing(missing, ['alpine', 'fedora'], true), [
      'on Alpine:',
      '  apk add g++ make python3',
      'on Fedora, Red Hat:',
      '  dnf install -y gcc-c++ libstdc++-static make python3',
    ]);
    assert.deepEqual(installing([compiler, make, cmake], ['macos'], false), [
      'on macOS:',
      '  xcode-select --install',
      '  brew install cmake',
    ]);
  });

  it('is not to be had on Windows, where the compilers are not those of the sources', () => {
    for (const platform of ['linux', 'darwin'] as const) assert.equal(impossible(platform), undefined);
    assert.match(
      impossible('win32') ?? '',
      /Microsoft's compiler[^]*install it again[^]*npm run prebuilds -- win32-x64$/,
    );
  });

  it('is a node-gyp that npm comes with', () => {
    const found = nodeGypOfNpm();
    assert.ok(found !== undefined && existsSync(found));
  });
});
