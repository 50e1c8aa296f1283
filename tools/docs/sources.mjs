// Copies each source file that a page links to beside the site, as text that a browser shows, so that no link leaves it:
// links.ts in docs/.vitepress leads there.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const target = path.join(root, 'out/docs-public/source');
const IMAGES = /\.(?:svg|png|jpg|webp)$/;

const FOLDERS = ['benchmark', 'docs', 'examples', 'lib', 'native', 'test'];

function pagesBelow(folder) {
  return readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
}

rmSync(target, { recursive: true, force: true });
const pages = [...readdirSync(root).filter((name) => name.endsWith('.md')), ...FOLDERS.flatMap(pagesBelow)].filter(
  (page) => !page.startsWith('docs/reference/'),
);

const linked = new Set(
  pages.flatMap((page) =>
    [...readFileSync(path.join(root, page), 'utf8').matchAll(/\]\(\s*(?!\w+:|#|\/)([^)#\s]+)/g)]
      .map(([, link]) => path.posix.join(path.posix.dirname(page), link))
      .filter((file) => !file.endsWith('.md') && !IMAGES.test(file) && isFile(path.join(root, file))),
  ),
);

function isFile(file) {
  return existsSync(file) && statSync(file).isFile();
}

for (const file of linked) {
  const copy = path.join(target, `${file}.txt`);
  mkdirSync(path.dirname(copy), { recursive: true });
  copyFileSync(path.join(root, file), copy);
}
console.log(`${linked.size} source files beside the site`);
