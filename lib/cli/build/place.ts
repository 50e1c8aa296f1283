import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../base/command.js';
import { manifest, packageFolder } from '../base/package.js';
import { runJob } from '../child/run.js';
import { Replacement } from './replacement.js';
import { attempt } from './temporary.js';

/** What both ways build, and where the loader looks first. */
const BINARY = join('build', 'Release', `${manifest.name}.node`);

const TIMEOUT = 60_000;

/** Is there a binary in a staged folder? */
export function isBuilt(folder: string): boolean {
  return existsSync(join(folder, BINARY));
}

/** Of the binary that has not yet been loaded. */
let unproven: Replacement | undefined;

/** Puts back what was there before a binary that has not yet been loaded, if there is such. */
export function abandonPlacing(): void {
  unproven?.undo();
  unproven = undefined;
}

/**
 * Puts the binary of a staged folder into the package and has a process load it. What was there before comes back if that fails.
 * @returns where it is now
 * @throws {CommandError}
 */
export async function place(folder: string): Promise<string> {
  const target = join(packageFolder, BINARY);
  const replacement = attempt(
    'The binary cannot be put into the package',
    () => new Replacement(join(folder, BINARY), target),
  );
  unproven = replacement;
  const outcome = await runJob('probe', undefined, TIMEOUT);
  unproven = undefined;
  const loads = 'value' in outcome;
  if (loads && realpathSync(outcome.value.addon) === realpathSync(target)) {
    replacement.keep();
    return target;
  }
  const why = loads ? `${outcome.value.addon} is loaded instead` : outcome.failure.message;
  const what = `The binary was built, but does not work: ${why}`;
  attempt(`${what}\nWhat was there before cannot be put back`, () => replacement.undo());
  throw new CommandError(what);
}
