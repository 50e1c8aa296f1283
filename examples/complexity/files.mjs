/** Finds the JavaScript files of a folder and the packages that they belong to. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * The .js, .mjs and .cjs files below `folder` as `{ path, bytes }`, the largest first: with the long ones begun early,
 * no core is left alone with one of them at the end. Links are not followed.
 */
export function javaScriptFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[mc]?js$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => ({ path: file, bytes: statSync(file).size }))
    .sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
}

/** Name in the nearest package.json above a file that has one; packages mark subfolders with nameless ones. */
export function packageNames() {
  const known = new Map();
  const nameOf = (folder) => {
    if (!known.has(folder)) {
      const parent = path.dirname(folder);
      known.set(folder, nameIn(folder) ?? (parent === folder ? '(no package)' : nameOf(parent)));
    }
    return known.get(folder);
  };
  return (file) => nameOf(path.dirname(path.resolve(file)));
}

function nameIn(folder) {
  try {
    const { name } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    return undefined; // none, or not one that can be read: the next folder up decides
  }
}
