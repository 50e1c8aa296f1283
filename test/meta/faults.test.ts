import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { readText } from './layers/tree.js';
import { projectRoot } from './project.js';

/** Of each table that has tests: its section, and what the last cell of each row names. */
function testsNamed(text: string): { readonly section: string; readonly names: readonly string[] }[] {
  let section = '';
  let isTold = false;
  const rows = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('## ')) section = line.slice(3);
    const last = /^\|.*\|([^|]*)\|$/.exec(line)?.[1]?.trim();
    if (last === undefined) isTold = false;
    else if (last === 'Test') isTold = true;
    else if (isTold && !/^-+$/.test(last)) {
      rows.push({ section, names: [...last.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name) });
    }
  }
  return rows;
}

describe('docs/faults.md', () => {
  const rows = testsNamed(readText(projectRoot, 'docs/faults.md'));

  it('names a test for each row, and only tests that exist', () => {
    assert.ok(rows.length > 70);
    const missing = rows.flatMap(({ section, names }) => {
      const base = section === 'Workers that are processes' ? 'lifecycle/processes' : 'lifecycle';
      const files = names.map((name) => (name.includes('/') ? name : `${base}/${name}`));
      if (files.length === 0) return [`a row of ${section}`];
      return files.filter((file) => !existsSync(path.join(projectRoot, 'test', `${file}.test.ts`)));
    });
    assert.deepEqual(missing, []);
  });
});
