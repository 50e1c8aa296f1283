import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '../base/command.js';

/** What `work` gives. @throws {CommandError} that begins with `what`, for an error of the system, which says where */
export function attempt<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new CommandError(`${what}: ${error.message}`);
  }
}

/** A new folder whose name begins so. Its path has no spaces where Makefiles are used. @throws {CommandError} */
export function temporaryFolder(prefix: string): string {
  const parent = process.platform !== 'win32' && /\s/.test(tmpdir()) ? '/tmp' : tmpdir();
  return attempt('A temporary folder cannot be made', () => mkdtempSync(join(parent, prefix)));
}
