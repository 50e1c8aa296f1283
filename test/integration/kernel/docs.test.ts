import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadKernel, SharedArray } from 'allcores';
import { testExamplesOf } from '../doc-examples.js';
import { build } from './library.js';

testExamplesOf('kernels.md');

describe('docs/kernels.md', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'allcores-page-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('has one kernel in C, which does what the page says when it is run as the page says', async () => {
    const [source, ...others] = [...readFileSync('docs/kernels.md', 'utf8').matchAll(/^```c\n([^]*?)^```/gm)];
    assert.ok(source !== undefined && others.length === 0);
    const file = path.join(folder, 'scale.c');
    writeFileSync(file, source[1]!);
    const kernel = await loadKernel(build(file));
    const x = new SharedArray('float64', [1, 2, 3]);
    const y = new SharedArray('float64', 3);
    await kernel.run(x.length, { inputs: [x], outputs: [y], args: [2] });
    assert.deepEqual([...y], [2, 4, 6]);
  });
});
