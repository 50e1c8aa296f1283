import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../../../test/lifecycle/processes/fixtures/segfault.cc', import.meta.url));
const headers = fileURLToPath(new URL('../../../../node_modules/node-api-headers/include', import.meta.url));

/** Compiles an addon whose `fault()` reads invalid memory. Gives the folder to be removed afterwards, and the addon in it. */
export function compileSegfault(): { readonly folder: string; readonly addon: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'allcores-segfault-'));
  const addon = path.join(folder, 'segfault.node');
  execFileSync('c++', ['-shared', '-fPIC', '-O0', `-I${headers}`, '-o', addon, source]);
  return { folder, addon };
}
