import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const docs = path.join(root, 'docs');
const rows = readFileSync(path.join(docs, 'conformance.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| [^-]/.test(line) && !/^\| (Behaviour|Case) /.test(line))
  .map((line) => line.slice(1, -1).split(' | ').map((cell) => cell.trim())); // prettier-ignore

/** Titles of a test file, as they are written: a template stands for all that it makes. */
function titlesOf(file: string): Set<string> {
  const titles = readFileSync(file, 'utf8').matchAll(/\bit\((['"`])(.*?)\1,/g);
  return new Set([...titles].map(([, , title = '']) => title));
}

describe('docs/conformance.md', () => {
  it('names only tests that exist', () => {
    const missing: string[] = [];
    for (const row of rows) {
      const [title = '', cell = ''] = row.toReversed();
      const [, target] = /\]\(([^)]+)\)/.exec(cell) ?? [];
      if (target === undefined) continue;
      const file = path.join(docs, target);
      if (!existsSync(file) || !titlesOf(file).has(title)) missing.push(`${target}: ${title}`);
    }
    assert.deepEqual(missing, []);
  });

  it('gives a reason for each case without a test', () => {
    const unexplained = rows.filter(
      ([, test, reason]) => test === '' && !/^(with `|does not apply: )\w/.test(reason ?? ''),
    );
    assert.deepEqual(unexplained, []);
  });

  it('names each case once', () => {
    const cases = rows.map(([name = '']) => name).filter((name) => /^`\w*Test\w*\.test/.test(name));
    assert.ok(cases.length > 200, `${cases.length} cases`);
    assert.equal(new Set(cases).size, cases.length);
  });
});
