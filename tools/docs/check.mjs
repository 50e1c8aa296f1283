// npm run docs:check [-- WORDS]: opens each page of the built site in Chromium, or those whose path has one of the words, and
// fails on whatever a reader would stumble over. Leaves pictures of some pages in out/docs-look/.
//
//   CHROMIUM   the browser; default: /usr/bin/chromium
import { existsSync } from 'node:fs';
import path from 'node:path';
import { trySearch } from './check/search.mjs';
import { folder, pagesOfSite, serveSite } from './check/site.mjs';
import { launch, openTab, VARIANTS, visit } from './check/visit.mjs';

const PICTURES = {
  '/index.html': 'home',
  '/docs/getting-started.html': 'getting-started',
  '/docs/from-python.html': 'table',
  '/docs/reference/classes/Pool.html': 'reference',
};
const TABS = 2;

if (!existsSync(folder)) {
  console.error(`${folder} does not exist: run npm run docs first`);
  process.exit(1);
}
const words = process.argv.slice(2);
const addresses = pagesOfSite().filter((address) => words.length === 0 || words.some((word) => address.includes(word)));
const begin = performance.now();
const { origin, close } = await serveSite();
const browser = await launch();
const visited = new Map();
const problems = [];

function variantsOf(address, picture) {
  return address.startsWith('/docs/reference/') && picture === undefined ? VARIANTS.two : VARIANTS.all;
}

async function work(queue) {
  const tab = await openTab(browser, origin);
  for (let address = queue.pop(); address !== undefined; address = queue.pop()) {
    const picture = PICTURES[address];
    try {
      visited.set(address, await visit(tab, address, { variants: variantsOf(address, picture), picture }));
    } catch (error) {
      problems.push(`${address}: ${error.message}`);
    }
  }
  return tab;
}

/** Links that lead to no page, or to no place of one. Those to other sites are not followed. */
function deadLinks() {
  const dead = new Set();
  for (const [from, { links }] of visited) {
    for (const link of links) {
      const url = new URL(link);
      if (url.origin !== origin) continue;
      const target = decodeURIComponent(url.pathname.replace(/\/$/, '/index.html'));
      const anchor = decodeURIComponent(url.hash.slice(1));
      const anchors = visited.get(target)?.anchors;
      if (!existsSync(path.join(folder, target))) dead.add(`${from}: links to ${target}, which does not exist`);
      else if (anchor !== '' && anchors?.includes(anchor) === false) dead.add(`${from}: ${target} has no #${anchor}`);
    }
  }
  return [...dead];
}

try {
  const queue = [...addresses].reverse();
  const tabs = await Promise.all(Array.from({ length: TABS }, () => work(queue)));
  if (words.length === 0) problems.push(...(await trySearch(tabs[0], 'starmap', '/docs/pool.html')));
  for (const [address, page] of visited) {
    problems.push(...page.problems.map((problem) => `${address}: ${problem}`));
  }
  problems.push(...deadLinks());
} finally {
  await browser.close();
  close();
}

const seconds = ((performance.now() - begin) / 1000).toFixed(0);
for (const problem of problems) console.error(problem);
console.log(`${visited.size} pages in ${seconds} s, ${problems.length} problems; pictures in out/docs-look`);
process.exitCode = problems.length === 0 && visited.size > 0 ? 0 : 1;
