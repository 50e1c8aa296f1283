import type { MarkdownRenderer } from 'vitepress';

/**
 * Has each piece of code coloured once. Colouring takes most of the time of a build, and each page is rendered for the site and
 * again for its search.
 */
export function highlightOnce(md: MarkdownRenderer): void {
  const { highlight } = md.options;
  if (!highlight) return;
  const done = new Map<string, string>();
  md.options.highlight = (code, language, attributes) => {
    const key = JSON.stringify([language, attributes, code]);
    const html = done.get(key) ?? highlight(code, language, attributes);
    done.set(key, html);
    return html;
  };
}
