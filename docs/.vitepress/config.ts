import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { highlightOnce } from './highlight.js';
import { repositoryLinks } from './links.js';
import { sidebar } from './sidebar.js';

/** Four cores; within the page, so that nothing is asked for. */
const icon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="#3a5ccc"><path d="M1 1h6v6H1zM9 1h6v6H9zM1 9h6v6H1zM9 9h6v6H9z"/></svg>',
)}`;

export default defineConfig({
  title: 'allcores',
  description: "Python's multiprocessing for Node.js on a native core",
  lang: 'en',
  // Every page of the repository is a page at the same path; docs/index.md alone becomes the first one.
  srcDir: '..',
  srcExclude: ['**/{build,coverage,node_modules,out,prebuilds}/**', 'test/**/fixtures/**', 'templates/**'],
  rewrites: { 'docs/index.md': 'index.md' },
  outDir: '../out/docs-site',
  cacheDir: '../out/docs-cache',
  vite: { publicDir: fileURLToPath(new URL('../../out/docs-public', import.meta.url)) },
  head: [['link', { rel: 'icon', href: icon }]],
  markdown: {
    config(md) {
      highlightOnce(md);
      repositoryLinks(md);
    },
  },
  themeConfig: {
    nav: [
      { text: 'Start', link: '/docs/getting-started.md' },
      { text: 'Guide', link: '/docs/pool.md' },
      { text: 'Measured', link: '/docs/benchmark.md' },
      { text: 'Reference', link: '/docs/reference/README.md' },
    ],
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: 'local' },
  },
});
