import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from './project.js';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly types: string;
  readonly engines: { readonly node: string };
  readonly files: readonly string[];
  readonly exports: Record<
    string,
    string | Record<'import' | 'require', { readonly types: string; readonly default: string }>
  >;
  readonly scripts: Record<string, string>;
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

const execute = promisify(execFile);
const read = (file: string) => readFileSync(path.join(projectRoot, file), 'utf8');
const exists = (file: string) => existsSync(path.join(projectRoot, file));
const manifest = JSON.parse(read('package.json')) as Manifest;

/** Runs a piece of JavaScript in a Node of its own and gives back what it printed as JSON. */
async function evaluate(type: 'module' | 'commonjs', source: string): Promise<unknown> {
  const args = [`--input-type=${type}`, '--eval', source];
  const { stdout } = await execute(process.execPath, args, { cwd: projectRoot, timeout: 15_000 });
  return JSON.parse(stdout);
}

const DESCRIBE_EXPORTS = `
  const describe = (module) => Object.keys(module).filter((name) => name !== '__esModule' && name !== 'module.exports')
    .sort().map((name) => name + ': ' + typeof module[name]);`;

describe('package.json', () => {
  it('names files that exist once the package is built', () => {
    const targets = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(entry).flatMap((files) => Object.values(files)),
    );
    assert.deepEqual(
      [...targets, manifest.types].filter((file) => !exists(file)),
      [],
    );
  });

  it('puts types first among the conditions of each entry', () => {
    for (const entry of Object.values(manifest.exports)) {
      if (typeof entry === 'string') continue;
      for (const files of Object.values(entry)) assert.equal(Object.keys(files)[0], 'types');
    }
  });

  it('packs everything that a build from source needs', () => {
    for (const file of ['dist', 'include', 'native', 'sources.txt', 'CMakeLists.txt']) {
      assert.ok(manifest.files.includes(file), `${file} is not in "files"`);
      assert.ok(exists(file), `${file} does not exist`);
    }
    assert.ok(exists('LICENSE') && exists('README.md'), 'npm packs LICENSE and README.md by itself');
  });

  it('supports Node 20.19 and later, and runs on one of them now', () => {
    assert.equal(manifest.engines.node, '>=20.19.0');
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    assert.ok(major > 20 || (major === 20 && minor >= 19));
  });

  it('runs nothing when it is installed from a registry', () => {
    for (const script of ['preinstall', 'install', 'postinstall']) assert.equal(manifest.scripts[script], undefined);
    assert.ok(!manifest.files.includes('binding.gyp'), 'package managers run node-gyp where they see a binding.gyp');
  });

  it('depends on nothing twice', () => {
    const twice = Object.keys(manifest.dependencies).filter((name) => name in manifest.devDependencies);
    assert.deepEqual(twice, []);
  });

  it('agrees with the change log and the licence', () => {
    assert.ok(read('CHANGELOG.md').includes(`\n## ${manifest.version}\n`));
    assert.ok(read('LICENSE').startsWith(`${manifest.license} License`));
  });
});

describe('the built package', () => {
  it('gives the same exports to import and to require', async () => {
    const [imported, required] = await Promise.all([
      evaluate('module', `${DESCRIBE_EXPORTS} console.log(JSON.stringify(describe(await import('allcores'))))`),
      evaluate('commonjs', `${DESCRIBE_EXPORTS} console.log(JSON.stringify(describe(require('allcores'))))`),
    ]);
    assert.ok(Array.isArray(imported) && imported.includes('Pool: function'), `no Pool in ${JSON.stringify(imported)}`);
    assert.deepEqual(required, imported);
  });

  it('has one set of classes, however it is loaded', async () => {
    const same = await evaluate(
      'commonjs',
      `import('allcores').then((esm) => console.log(JSON.stringify(esm.Pool === require('allcores').Pool)))`,
    );
    assert.equal(same, true);
  });

  it('does not keep a process alive, nor print anything, by being loaded', async () => {
    const { stdout, stderr } = await execute(process.execPath, ['--input-type=module', '--eval', "import 'allcores'"], {
      cwd: projectRoot,
      timeout: 15_000,
    });
    assert.equal(stdout + stderr, '');
  });
});
