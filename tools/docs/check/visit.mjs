// Opens pages of the site as readers do: wide and narrow, light and dark.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { inspectPage } from './inspect.mjs';

const pictures = fileURLToPath(new URL('../../../out/docs-look', import.meta.url));
const WIDTHS = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };

/**
 * Each width in each scheme; and less, for pages that are made by a program and all alike. From one to the next little changes,
 * since each change takes as long as a page does.
 */
export const VARIANTS = {
  all: [
    ['desktop', 'light'],
    ['desktop', 'dark'],
    ['phone', 'dark'],
    ['phone', 'light'],
  ],
  two: [
    ['desktop', 'light'],
    ['phone', 'dark'],
  ],
};
const FLAGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-gpu',
  '--no-first-run',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
}

/** A tab that notes whatever its page complains of, until it is asked for that. */
export async function openTab(browser, origin) {
  const context = await browser.newContext({ reducedMotion: 'reduce', baseURL: origin });
  const page = await context.newPage();
  // Each page is opened by itself: what it fetches ahead would only cost time.
  await page.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
  let complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText;
    // What a page that is being left had asked for.
    if (why !== 'net::ERR_ABORTED') complaints.push(`request failed: ${request.url()} ${why}`);
  });
  page.on('request', (request) => {
    const { protocol, origin: from } = new URL(request.url());
    if (protocol !== 'data:' && from !== origin) complaints.push(`asks a foreign host: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  const takeComplaints = () => {
    const taken = complaints;
    complaints = [];
    return taken;
  };
  return { page, takeComplaints };
}

async function show(page, width, scheme) {
  if (page.viewportSize()?.width !== WIDTHS[width].width) await page.setViewportSize(WIDTHS[width]);
  const isDark = () => page.evaluate(() => document.documentElement.classList.contains('dark'));
  if ((await isDark()) === (scheme === 'dark')) return;
  await page.emulateMedia({ colorScheme: scheme });
  await page.waitForFunction((dark) => document.documentElement.classList.contains('dark') === dark, scheme === 'dark');
}

/** @returns what is wrong with a page, its links and its anchors */
export async function visit({ page, takeComplaints }, address, { variants = VARIANTS.all, picture } = {}) {
  const problems = new Set();
  let inspected = { links: [], anchors: [] };
  await page.goto(address, { waitUntil: 'load' });
  await page.waitForFunction(() => document.querySelector('#app')?.__vue_app__ !== undefined);
  // Begins as the page before has ended.
  const isNarrow = page.viewportSize()?.width === WIDTHS.phone.width;
  for (const [width, scheme] of isNarrow ? variants.toReversed() : variants) {
    await show(page, width, scheme);
    inspected = await page.evaluate(inspectPage);
    for (const problem of inspected.problems) problems.add(`${width}, ${scheme}: ${problem}`);
    if (picture !== undefined) await take(page, `${picture}-${width}-${scheme}`);
  }
  for (const complaint of takeComplaints()) problems.add(complaint);
  return { problems: [...problems], links: inspected.links, anchors: inspected.anchors };
}

/** Of the first screens, which is where a reader looks first. */
async function take(page, name) {
  mkdirSync(pictures, { recursive: true });
  const { width } = page.viewportSize();
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const clip = { x: 0, y: 0, width, height: Math.min(height, 2400) };
  await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true, clip });
}
