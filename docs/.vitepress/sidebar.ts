import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { pagesBelow, root, titleOf } from './repository.js';

type Item = DefaultTheme.SidebarItem;

interface Group {
  readonly text: string;
  /** Paths of pages in the repository. One that is not there yet is left out. */
  readonly pages: readonly string[];
  /** Folders all of whose pages are listed by themselves. */
  readonly folders?: readonly { readonly text: string; readonly below: string }[];
}

/** What typedoc writes of the reference: see `navigationJson` in typedoc.json. */
interface ReferenceEntry {
  readonly title: string;
  readonly path?: string;
  readonly children?: readonly ReferenceEntry[];
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
const linkTo = (page: string) => `/${page}`;

/** Folders are told apart by their paths, since several are called the same. */
function folderItem(page: string): Item {
  const isFolder = /^(lib|native)\//.test(page);
  return { text: isFolder ? path.dirname(page) : titleOf(page), link: linkTo(page) };
}

function groupItem({ text, pages, folders = [] }: Group): Item {
  const present = pages.filter((page) => existsSync(path.join(root, page)));
  const items: Item[] = present.map((page) => ({ text: titleOf(page), link: linkTo(page) }));
  for (const folder of folders) {
    items.push({ text: folder.text, collapsed: true, items: pagesBelow(folder.below).map(folderItem) });
  }
  return { text, collapsed: false, items };
}

function referenceItem({ title, path: page, children = [] }: ReferenceEntry): Item {
  const item: Item = { text: title };
  if (page !== undefined) item.link = `/docs/reference/${page}`;
  if (children.length > 0) Object.assign(item, { collapsed: true, items: children.map(referenceItem) });
  return item;
}

const reference: Item = { text: 'Reference', link: '/docs/reference/README.md' };

/** The reference has a sidebar of its own, since it is longer than all others; each has a way to the other. */
export function sidebar(): Record<string, Item[]> {
  const groups = (readJson('docs/.vitepress/navigation.json') as readonly Group[]).map(groupItem);
  const entries = readJson('docs/reference/navigation.json') as readonly ReferenceEntry[];
  return {
    '/docs/reference/': [
      { ...reference, items: entries.map(referenceItem) },
      { text: 'Guide', link: '/docs/README.md' },
    ],
    '/': [...groups.slice(0, -1), reference, ...groups.slice(-1)],
  };
}
