import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compiles a kernel of this folder, with `$CC` or cc, and gives the library's path. */
export function build(source) {
  const folder = mkdtempSync(join(tmpdir(), 'allcores-example-'));
  const library = join(folder, source.replace(/\.c$/, '.so'));
  const file = fileURLToPath(new URL(source, import.meta.url));
  const include = fileURLToPath(new URL('../../include', import.meta.url));
  const flags = ['-O3', '-ffp-contract=off', '-shared', '-fPIC', '-I', include, file, '-o', library, '-lm'];
  execFileSync(process.env['CC'] ?? 'cc', flags, { stdio: 'inherit' });
  return { library, folder };
}
