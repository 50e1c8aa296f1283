import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A file in the place of another, which is kept until the new one has proved itself. Renamed, not written over: programs that
 * run now have it mapped. Both are in a new folder beside it meanwhile, so nothing left of another time is in the way.
 */
export class Replacement {
  readonly #target: string;
  readonly #folder: string;
  readonly #former: string;

  /** Puts a copy of `source` there. If that fails, what was there before is there again. */
  constructor(source: string, target: string) {
    this.#target = target;
    mkdirSync(dirname(target), { recursive: true });
    this.#folder = mkdtempSync(`${target}-`);
    this.#former = join(this.#folder, 'former');
    const fresh = join(this.#folder, 'fresh');
    try {
      copyFileSync(source, fresh);
      if (existsSync(target)) renameSync(target, this.#former);
      renameSync(fresh, target);
    } catch (error) {
      this.#putBack();
      throw error;
    }
  }

  /** The new file stays. */
  keep(): void {
    try {
      rmSync(this.#folder, { recursive: true, force: true });
    } catch {
      // It is in nobody's way.
    }
  }

  /** What was there before comes back. */
  undo(): void {
    if (!existsSync(this.#former)) rmSync(this.#target, { force: true });
    this.#putBack();
  }

  #putBack(): void {
    if (existsSync(this.#former)) renameSync(this.#former, this.#target);
    this.keep();
  }
}
