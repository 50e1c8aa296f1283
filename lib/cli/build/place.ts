import { copyFileSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError } from '../base/command.js';
import { manifest, packageFolder } from '../base/package.js';
import { runJob } from '../child/run.js';

/** What both ways build, and where the loader looks first. */
const BINARY = join('build', 'Release', `${manifest.name}.node`);

const TIMEOUT = 60_000;

/** Is there a binary in a staged folder? */
export function isBuilt(folder: string): boolean {
  return existsSync(join(folder, BINARY));
}

/**
 * Puts the binary of a staged folder into the package and has a process load it. What was there before comes back if that fails.
 * @returns where it is now
 * @throws {CommandError}
 */
export async function place(folder: string): Promise<string> {
  const target = join(packageFolder, BINARY);
  const [fresh, former] = [`${target}.new`, `${target}.old`];
  try {
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(folder, BINARY), fresh);
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
