/** The C++ files of the project. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const FOLDERS = ['native', 'test/native', 'benchmark', 'examples'];

/** Every .h and .cc file below {@link FOLDERS}, as absolute paths in a stable order. */
export function nativeFiles() {
  return FOLDERS.flatMap((folder) => {
    const base = path.join(root, folder);
    return entriesOf(base)
      .filter((entry) => entry.isFile() && /\.(h|cc)$/.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name));
  }).sort();
}

/** A folder that is not there has no files: a part of the tree may still be to come. */
function entriesOf(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}
