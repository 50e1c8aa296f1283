import { cpSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CommandError } from '../base/command.js';
import { manifest, packageFolder } from '../base/package.js';
import { install, resolveFrom } from './npm.js';
import type { Way } from './ways.js';

const SOURCES = ['native', 'include', 'sources.txt', 'CMakeLists.txt'];

/** Headers that the addon is compiled against: needed for nothing else, so no dependency of the package. */
const HEADERS = 'node-addon-api';

/**
 * A folder with the sources, to compile in. Not the package's own: that may have spaces in its path, which Makefiles cannot
 * have, and nothing half done is left in it.
 */
export function stage(): string {
  const missing = SOURCES.filter((source) => !existsSync(join(packageFolder, source)));
  if (missing.length > 0) throw new CommandError(`The sources are not in ${packageFolder}: ${missing.join(', ')}`);
  const parent = process.platform !== 'win32' && /\s/.test(tmpdir()) ? '/tmp' : tmpdir();
  const folder = mkdtempSync(join(parent, 'allcores-build-'));
  for (const source of SOURCES) cpSync(join(packageFolder, source), join(folder, source), { recursive: true });
  // Package managers that see it at the top of a package compile the addon as they install that, so it is not packed there.
  cpSync(join(packageFolder, 'dist', 'binding.gyp'), join(folder, 'binding.gyp'));
  const { name, version, binary } = manifest;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version, binary, private: true }));
  return folder;
}

/**
 * Adds to a staged folder the packages that the build uses: those that are at hand are copied, others installed.
 * @returns the script to run
 */
export async function addPackages(folder: string, way: Way, log: string, verbose: boolean): Promise<string> {
  const script = way.script();
  const headers = resolveFrom([packageFolder, process.cwd()], `${HEADERS}/package.json`);
  const wanted = [...(headers === undefined ? [HEADERS] : []), ...(script === undefined ? [way.name] : [])].map(
    (name) => (name in manifest.devDependencies ? `${name}@${manifest.devDependencies[name]}` : name),
  );
  if (wanted.length > 0) {
    console.error(`Getting ${wanted.join(' and ')} from npm …`);
    await install(wanted, folder, log, verbose);
  }
  const modules = join(folder, 'node_modules');
  if (headers !== undefined) cpSync(dirname(headers), join(modules, HEADERS), { recursive: true, dereference: true });
  return script ?? join(modules, way.installed);
}
