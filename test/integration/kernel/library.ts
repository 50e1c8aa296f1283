import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'allcores-kernels-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let built = 0;

/** Builds a kernel of `sources/`, or one with a path of its own, and gives the library's path, which is another each time. */
export function build(source: string): string {
  const library = join(folder, `${++built}-${basename(source)}.so`);
  const [compiler, standard] = extname(source) === '.c' ? ['cc', '-std=c11'] : ['c++', '-std=c++20'];
  const file = resolve('test/integration/kernel/sources', source);
  execFileSync(compiler, [standard, '-O2', '-Wall', '-Werror', '-shared', '-fPIC', '-Iinclude', file, '-o', library]);
  return library;
}
