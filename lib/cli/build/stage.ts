import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError } from '../base/command.js';
import { manifest, packageFolder } from '../base/package.js';
import { install, resolveFrom } from './npm.js';
import { attempt, temporaryFolder } from './temporary.js';
import type { Way } from './ways.js';

const SOURCES = ['native', 'include', 'sources.txt', 'CMakeLists.txt'];

/** Headers that the addon is compiled against: needed for nothing else, so no dependency of the package. */
const HEADERS = 'node-addon-api';

/** What is said in a staged folder while it is built. */
export function logOf(folder: string): string {
  return join(folder, 'build.log');
}

/**
 * A folder with the sources and an empty log, to compile in. Not the package's own: that may have spaces in its path, which
 * Makefiles cannot have, and nothing half done is left in it.
 *
 * @throws {CommandError}
 */
export function stage(): string {
  const missing = SOURCES.filter((source) => !existsSync(join(packageFolder, source)));
  if (missing.length > 0) throw new CommandError(`The sources are not in ${packageFolder}: ${missing.join(', ')}`);
  const folder = temporaryFolder('allcores-build-');
  try {
    attempt(`The sources cannot be copied to ${folder}`, () => fill(folder));
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return folder;
}

function fill(folder: string): void {
  for (const source of SOURCES) cpSync(join(packageFolder, source), join(folder, source), { recursive: true });
  // Package managers that see it at the top of a package compile the addon as they install that, so it is not packed there.
  cpSync(join(packageFolder, 'dist', 'binding.gyp'), join(folder, 'binding.gyp'));
  const { name, version, binary } = manifest;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version, binary, private: true }));
  writeFileSync(logOf(folder), '');
}

/**
 * Adds to a staged folder the packages that the build uses: those that are at hand are copied, others installed.
 * @returns the script to run
 * @throws {CommandError}
 */
export async function addPackages(folder: string, way: Way, verbose: boolean): Promise<string> {
  const script = way.script();
  const headers = resolveFrom([packageFolder, process.cwd()], `${HEADERS}/package.json`);
  const wanted = [...(headers === undefined ? [HEADERS] : []), ...(script === undefined ? [way.name] : [])].map(
    (name) => (name in manifest.devDependencies ? `${name}@${manifest.devDependencies[name]}` : name),
  );
  if (wanted.length > 0) {
    console.error(`Getting ${wanted.join(' and ')} from npm …`);
    await install(wanted, folder, logOf(folder), verbose);
  }
  const modules = join(folder, 'node_modules');
  if (headers !== undefined) {
    attempt(`${HEADERS} cannot be copied to ${folder}`, () =>
      cpSync(dirname(headers), join(modules, HEADERS), { recursive: true, dereference: true }),
    );
  }
  return script ?? join(modules, way.installed);
}
