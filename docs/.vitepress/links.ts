import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { MarkdownEnv, MarkdownRenderer } from 'vitepress';
import { root } from './repository.js';

const isOutside = (href: string) => /^(?:[a-z]+:|#|\/)/i.test(href);

/**
 * Where a link of a page leads on the site. Pages link to each other, and to source files, as they lie in the repository,
 * so that they can be read there; the site has each page at its path, each linked source file below /source/,
 * and the reference of a class in the place of its file.
 */
export function siteLink(href: string, page: string): string {
  if (isOutside(href)) return href;
  const [, file = '', anchor = ''] = /^([^#]*)(#.*)?$/.exec(href) ?? [];
  const target = path.posix.join(path.posix.dirname(page), decodeURI(file));
  const reference = referenceOf(target);
  if (reference !== undefined) return reference;
  if (target.endsWith('.md')) return `/${target}${anchor}`;
  const place = path.join(root, target);
  if (!existsSync(place)) return href; // reported as dead by the build
  return statSync(place).isDirectory() ? `/${path.posix.join(target, 'README.md')}${anchor}` : `/source/${target}.txt`;
}

/** The page of the reference for the class that a file of lib/ is named after: lib/pool/async-result.ts has AsyncResult. */
function referenceOf(file: string): string | undefined {
  if (!/^lib\/.*\.ts$/.test(file)) return undefined;
  const words = path.basename(file, '.ts').split('-');
  const page = `docs/reference/classes/${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}.md`;
  return existsSync(path.join(root, page)) ? `/${page}` : undefined;
}

export function repositoryLinks(md: MarkdownRenderer): void {
  md.core.ruler.push('repository-links', (state) => {
    const { path: file, realPath } = state.env as Partial<MarkdownEnv> & { readonly realPath?: string };
    if (file === undefined) return; // a piece of text on its own, such as a title
    const page = path.relative(root, realPath ?? file).replaceAll(path.sep, '/');
    for (const token of state.tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null;
      if (href !== null) token.attrSet('href', siteLink(href, page));
    }
  });
}
