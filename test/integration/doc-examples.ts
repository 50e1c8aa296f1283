import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Tests that each program on a page of docs/ prints what stands below it. */
export function testExamplesOf(page: string): void {
  const text = readFileSync(path.join(root, 'docs', page), 'utf8');
  const examples = [...text.matchAll(/^## (.*)$|^```js\n([^]*?)^```\n\n```text\n([^]*?)^```/gm)];

  describe(`docs/${page}`, () => {
    let folder: string;
    before(() => {
      // Inside of the package, so that its own name resolves.
      const scratch = path.join(root, 'out', 'docs-scratch');
      mkdirSync(scratch, { recursive: true });
      folder = mkdtempSync(path.join(scratch, 'page-'));
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it('has an output below each example', () => {
      const blocks = text.match(/^```js$/gm)?.length;
      assert.equal(examples.filter(([, , program]) => program !== undefined).length, blocks);
    });

    let heading = page;
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
}
