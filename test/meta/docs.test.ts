import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { documents } from './documents.js';
import { readText } from './layers/tree.js';
import { projectRoot } from './project.js';

interface Group {
  readonly text: string;
  readonly pages: readonly string[];
}

describe('documents', () => {
  it('link only to files that exist', () => {
    const dead = documents.flatMap((file) =>
      [...readText(projectRoot, file).matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)]
        .map(([, link = '']) => path.join(path.dirname(file), link))
        .filter((target) => !existsSync(path.join(projectRoot, target)))
        .map((target) => `${file}: ${target}`),
    );
    assert.deepEqual(dead, []);
  });

  it('name only npm scripts that exist', () => {
    const { scripts } = JSON.parse(readText(projectRoot, 'package.json')) as { scripts: Record<string, string> };
    const unknown = documents.flatMap((file) =>
      [...readText(projectRoot, file).matchAll(/npm run ([\w:]+)/g)]
        .map(([, script = '']) => script)
        .filter((script) => !Object.hasOwn(scripts, script))
        .map((script) => `${file}: ${script}`),
    );
    assert.deepEqual(unknown, []);
  });

  it('in docs/ are each in one group of the navigation', () => {
    const groups = JSON.parse(readText(projectRoot, 'docs/.vitepress/navigation.json')) as readonly Group[];
    const listed = groups.flatMap(({ pages }) => pages);
    const times = (page: string) => listed.filter((other) => other === page).length;
    const pages = documents.filter(
      (page) => /^docs\/[^/]+$|^[^/]+$|^examples\//.test(page) && page !== 'docs/index.md',
    );
    assert.deepEqual(
      pages.filter((page) => times(page) !== 1),
      [],
    );
  });
});
