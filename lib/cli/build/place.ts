import { copyFileSync, existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../base/command.js';
import { packageFolder } from '../base/package.js';
import { runJob } from '../child/run.js';

/** Where both ways put what they build, and where the loader looks first. */
const RELEASE = join('build', 'Release');

const TIMEOUT = 60_000;

/** The binary that was built in a staged folder; undefined: there is none. */
export function builtIn(folder: string): string | undefined {
  const release = join(folder, RELEASE);
  return existsSync(release) ? readdirSync(release).find((file) => /\.node$/.test(file)) : undefined;
}

/**
 * Puts a binary into the package and has a process load it. What was there before comes back if that fails.
 * @returns where it is now
 * @throws {CommandError}
 */
export async function place(folder: string, file: string): Promise<string> {
  const target = join(packageFolder, RELEASE, file);
  const [fresh, former] = [`${target}.new`, `${target}.old`];
  try {
    mkdirSync(join(packageFolder, RELEASE), { recursive: true });
    copyFileSync(join(folder, RELEASE, file), fresh);
    rmSync(former, { force: true });
    // Renamed, not written over: programs that run now have it mapped.
    if (existsSync(target)) renameSync(target, former);
    renameSync(fresh, target);
  } catch (error) {
    throw new CommandError(`The binary cannot be put into the package: ${(error as Error).message}`);
  }
  const outcome = await runJob('probe', undefined, TIMEOUT);
  const loads = 'value' in outcome;
  if (loads && realpathSync(outcome.value.addon) === realpathSync(target)) {
    rmSync(former, { force: true });
    return target;
  }
  rmSync(target);
  if (existsSync(former)) renameSync(former, target);
  const why = loads ? `${outcome.value.addon} is loaded instead` : outcome.failure.message;
  throw new CommandError(`The binary was built, but does not work: ${why}`);
}
