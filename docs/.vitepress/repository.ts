import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of package.json. Pages are named by their path below it, also on the site. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The first heading of a page. */
export function titleOf(page: string): string {
  const heading = /^# (.+)$/m.exec(readFileSync(path.join(root, page), 'utf8'));
  if (heading === null) throw new Error(`${page} must begin with a heading`);
  return heading[1]!.replaceAll('`', '');
}

/** All pages below a folder: a folder's own README before its other pages, and those before the ones in folders. */
export function pagesBelow(folder: string): string[] {
  const entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  const pages = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.md')).map(({ name }) => name);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return [...pages.filter((name) => name === 'README.md'), ...pages.filter((name) => name !== 'README.md').sort()]
    .map((name) => `${folder}/${name}`)
    .concat(folders.sort().flatMap((name) => pagesBelow(`${folder}/${name}`)));
}
