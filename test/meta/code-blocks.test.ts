import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { codeBlocks, codeBlocksOf, placeOf, type CodeBlock } from './documents.js';
import { filesBelow, readText } from './layers/tree.js';
import { projectRoot } from './project.js';
import { typeErrorsOf } from './typed-blocks.js';

/** What is run or checked, and `text` and `markdown`, which are outputs, drawings and forms. */
const LANGUAGES = new Set(['c', 'js', 'markdown', 'python', 'sh', 'text', 'ts']);
const COMMANDS = ['.ci/run', 'cmake', 'curl', 'node', 'npm', 'npx', 'sudo apt-get'];

const of = (language: string) => codeBlocks.filter((block) => block.language === language);

/** The pages that docs.test.ts files name, as paths from the root. Their examples are run. */
const run = new Set(
  filesBelow(projectRoot, 'test/integration', /^docs\.test\.ts$/).flatMap((file) =>
    [...readText(projectRoot, file).matchAll(/'([\w./-]+\.md)'/g)].map(([, page = '']) =>
      path.posix.join('docs', page),
    ),
  ),
);

/** The commands of a block that are none, or that run a file which does not exist. */
function badCommands({ page, code }: Pick<CodeBlock, 'page' | 'code'>): string[] {
  const commands = code.split(/\n|&&/).map((line) => line.replace(/#.*/, '').trim());
  return commands.filter((command) => {
    if (command === '') return false;
    if (!COMMANDS.some((known) => command.startsWith(`${known} `))) return true;
    const file = /^node ([\w./-]+\.m?js)/.exec(command)?.[1];
    const folders = ['', path.dirname(page)];
    return file !== undefined && !folders.some((folder) => existsSync(path.join(projectRoot, folder, file)));
  });
}

describe('code blocks of documents', () => {
  it('name a language that is checked', () => {
    assert.deepEqual(codeBlocks.filter(({ language }) => !LANGUAGES.has(language)).map(placeOf), []);
  });

  it('are found with their languages and lines', () => {
    const text = 'a\n\n```js\n1;\n```\n\n```\nplain\n```\n';
    assert.deepEqual(codeBlocksOf('page.md', text), [
      { page: 'page.md', line: 3, language: 'js', code: '1;\n' },
      { page: 'page.md', line: 7, language: '', code: 'plain\n' },
    ]);
  });

  it('in JavaScript are on pages whose examples are run', () => {
    assert.ok(run.has('README.md') && run.has('docs/pool.md'));
    assert.deepEqual(
      of('js')
        .filter(({ page }) => !run.has(page))
        .map(placeOf),
      [],
    );
  });

  it('in C are on a page whose kernels are built and run', () => {
    assert.deepEqual(
      of('c')
        .filter(({ page }) => page !== 'docs/kernels.md')
        .map(placeOf),
      [],
    );
  });

  it('in TypeScript agree with the types of the package', () => {
    assert.deepEqual(typeErrorsOf(of('ts')), []);
  });

  it('in TypeScript are refused when they do not', () => {
    const code = "import { Pool } from 'allcores';\nnew Pool('two');\n";
    const [error = ''] = typeErrorsOf([{ page: 'page.md', line: 3, language: 'ts', code }]);
    assert.match(error, /^page\.md:5: .*'string' is not assignable/);
  });

  it('for a shell run commands and files that exist', () => {
    assert.deepEqual(badCommands({ page: 'README.md', code: 'make\nnode examples/none.mjs\nnpm ci\n' }), [
      'make',
      'node examples/none.mjs',
    ]);
    const bad = of('sh').flatMap((block) => badCommands(block).map((command) => `${placeOf(block)}: ${command}`));
    assert.deepEqual(bad, []);
  });

  it('in Python are valid', function () {
    const parse = (code: string) =>
      spawnSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], { input: code });
    if (parse('').error !== undefined) this.skip();
    assert.notEqual(parse('def').status, 0);
    assert.deepEqual(
      of('python')
        .filter(({ code }) => parse(code).status !== 0)
        .map(placeOf),
      [],
    );
  });
});
