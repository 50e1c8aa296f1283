import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

let entries: Set<string> | undefined;

/**
 * Whether a script is the one that this thread was started with, which a worker must not run again. Links are followed
 * and an extension that was left out is found, as Node does.
 */
export function isEntry(url: string): boolean {
  entries ??= entryUrls();
  return entries.has(url) || entries.has(url.replace(/[?#].*$/, ''));
}

function entryUrls(): Set<string> {
  const urls = new Set<string>();
  const [, path] = process.argv;
  if (!path) return urls;
  const add = (find: () => string): void => {
    try {
      urls.add(pathToFileURL(find()).href);
    } catch {
      // No such file, as for `node -e` and code that a worker was given as a text
    }
  };
  add(() => path);
  add(() => realpathSync(path));
  add(() => realpathSync(createRequire(pathToFileURL(path)).resolve(path)));
  return urls;
}
