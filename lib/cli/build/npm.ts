import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CommandError } from '../base/command.js';
import { programNamed } from './programs.js';
import { runLogged } from './run-logged.js';

/** npm's own folder: of the npm that runs this command, of the one on the path, or of the one that Node came with. */
function npmFolders(): string[] {
  const running = process.env['npm_execpath'];
  const onPath = process.platform === 'win32' ? undefined : programNamed('npm');
  const beside = dirname(process.execPath);
  return [
    ...(running === undefined ? [] : [dirname(dirname(running))]),
    ...(onPath === undefined ? [] : [dirname(dirname(realpathSync(onPath)))]),
    join(beside, '..', 'lib', 'node_modules', 'npm'),
    join(beside, 'node_modules', 'npm'),
  ].filter((folder) => existsSync(join(folder, 'package.json')));
}

/** A file of a package, as a module of one of these folders would find it. */
export function resolveFrom(folders: readonly string[], file: string): string | undefined {
  for (const folder of folders) {
    try {
      return createRequire(join(folder, 'package.json')).resolve(file);
    } catch {
      // Not there: the next one.
    }
  }
  return undefined;
}

/** The node-gyp that npm comes with. */
export function nodeGypOfNpm(): string | undefined {
  return resolveFrom(npmFolders(), 'node-gyp/bin/node-gyp.js');
}

/** Installs packages into a folder of their own. @throws {CommandError} */
export async function install(
  packages: readonly string[],
  folder: string,
  log: string,
  verbose: boolean,
): Promise<void> {
  const npm = npmFolders().find((candidate) => existsSync(join(candidate, 'bin', 'npm-cli.js')));
  if (npm === undefined) {
    throw new CommandError(`npm is not there to get ${packages.join(', ')}: install npm, or these packages yourself.`);
  }
  const options = [
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--location=project',
    '--prefix',
    folder,
  ];
  const args = [join(npm, 'bin', 'npm-cli.js'), 'install', ...options, ...packages];
  if (await runLogged(args, folder, log, verbose)) return;
  throw new CommandError(`npm could not install ${packages.join(', ')}. What it said is in ${log}`);
}
