import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
/** Inside of the package, so that its own name resolves. */
const folder = path.join(root, 'out', 'docs-scratch');
const page = readFileSync(path.join(root, 'docs', 'process.md'), 'utf8');
const examples = [...page.matchAll(/^## (.*)$|^```js\n([^]*?)^```\n\n```text\n([^]*?)^```/gm)];

describe('docs/process.md', () => {
  before(() => void mkdirSync(folder, { recursive: true }));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('has an output below each example', () => {
    const blocks = page.match(/^```js$/gm)?.length;
    assert.equal(examples.filter(([, , program]) => program !== undefined).length, blocks);
  });

  let heading = '';
  for (const [i, [, title, program, output]] of examples.entries()) {
    if (title !== undefined) heading = title;
    if (program === undefined) continue;
    it(`its example prints what it says: ${heading}, at ${i}`, async () => {
      const file = path.join(folder, `${i}.mjs`);
      writeFileSync(file, program);
      const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 15_000 });
      assert.equal(stdout, output);
    });
  }
});
