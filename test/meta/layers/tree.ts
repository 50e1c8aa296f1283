import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A breach of the layering rules, or a file that they cannot place. */
export interface Finding {
  /** Path from the root of the tree, with forward slashes. */
  readonly file: string;
  readonly message: string;
}

/** One file that names another one of the same tree. Paths are relative to the root of the tree. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** The files below `folder` whose name matches `pattern`, relative to `root`, sorted. A missing folder has none. */
export function filesBelow(root: string, folder: string, pattern: RegExp): string[] {
  try {
    return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && pattern.test(entry.name))
      .map((entry) => toPosix(path.relative(root, path.join(entry.parentPath, entry.name))))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

export function readText(root: string, file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

export function toPosix(file: string): string {
  return file.split(path.sep).join('/');
}
