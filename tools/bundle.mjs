// Bundles the compiled library into two CommonJS files, with an ES module in front of them and entries for workers.
//
// A worker's start is dominated by how many files it loads and how much text it compiles. So `dist/core.cjs` holds what a
// worker needs and nothing else; `dist/allcores.cjs` holds the rest and takes those modules from it. Each module exists
// once, for `import`, for `require`, and for code inside a worker, whose `currentTask()` has to be the worker's own.
// The text of the core is in `dist/core-text.cjs`, so that a worker can be given its code as its owner has compiled it.
// The command line is apart from all that, in `dist/cli/`: it has to start where the library cannot be loaded.
import { chmod, copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import * as library from '../dist/lib/index.js';

const WORKER = 'dist/lib/runtime/entry/worker.js';
const CHILD = 'dist/lib/runtime/entry/child.js';
const CORE_TEXT = 'dist/core-text.cjs';
const common = {
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  // `import.meta` is not to be had in CommonJS. Its URL is seldom asked for.
  define: {
    'import.meta.filename': '__filename',
    'import.meta.dirname': '__dirname',
    'import.meta.url': 'importMeta.url',
  },
  banner: { js: `const importMeta = { get url() { return require('node:url').pathToFileURL(__filename).href; } };` },
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
};

/** Modules that a worker needs, entry included. */
async function modulesOf(...entryPoints) {
  const { metafile } = await build({ ...common, entryPoints, write: false, metafile: true, outdir: 'dist' });
  return Object.keys(metafile.inputs);
}

/**
 * Modules of Node that take a millisecond or more to load and that most processes never use: loaded when something of
 * them is asked for. They may be imported by names only.
 */
const LATE = `const late = (name) => new Proxy({}, { get: (_target, key) => require(name)[key] });`;
const late = {
  name: 'late',
  setup({ onEnd, onResolve }) {
    onResolve({ filter: /^node:(os|v8|worker_threads)$/ }, ({ path: name }) => ({
      path: `late:${name}`,
      external: true,
    }));
    onEnd(async () => {
      const text = await readFile(CORE_TEXT, 'utf8');
      await writeFile(CORE_TEXT, text.replaceAll(/require\("late:(.+?)"\)/g, 'late("$1")'));
    });
  },
};

const modules = await modulesOf(WORKER, CHILD);
const keyOf = new Map(modules.map((file, index) => [path.resolve(file), `m${index}`]));

await build({
  ...common,
  stdin: { contents: modules.map((file, i) => `export * as m${i} from './${file}';`).join('\n'), resolveDir: '.' },
  outfile: CORE_TEXT,
  plugins: [late],
  banner: { js: `${common.banner.js}\n${LATE}` },
});
// Not by `require`, which takes no compiled code and gives none. The text is ASCII, and `latin1` is read without being decoded.
await writeFile(
  'dist/core.cjs',
  `const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const filename = require('node:path').join(__dirname, 'core-text.cjs');
const given = process[Symbol.for('allcores.code')];
const head = '(function (exports, require, module, __filename, __dirname, compiledCode) {';
const script = new Script(head + readFileSync(filename, 'latin1') + '\\n})', { filename, cachedData: given });
script.runInThisContext()(exports, require, module, filename, __dirname, () => script.createCachedData());
module.exports.beganWithCode = given !== undefined && !script.cachedDataRejected;
`,
);

/** Replaces each module of the core by its exports, taken from the core as it loads: as quick to use as one's own. */
const fromCore = {
  name: 'from-core',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^\.\/core\.cjs$/ }, () => ({ path: './core.cjs', external: true }));
    onResolve({ filter: /^live:/ }, ({ path: name }) => ({ path: name.slice('live:'.length), namespace: 'live' }));
    onLoad({ filter: /./, namespace: 'live' }, ({ path: key }) => ({
      contents: `module.exports = require('./core.cjs').${key};`,
    }));
    onLoad({ filter: /\.js$/ }, async ({ path: file }) => {
      const key = keyOf.get(file);
      if (key === undefined) return undefined;
      // Exports that change are looked up each time they are used.
      if (/^export let /m.test(await readFile(file, 'utf8'))) {
        return { contents: `export * from 'live:${key}';` };
      }
      const names = Object.keys(await import(file)).join(', ');
      const contents = `const { ${names} } = require('./core.cjs').${key};\nexport { ${names} };`;
      return { contents: names === '' ? 'export {};' : contents };
    });
  },
};

const names = Object.keys(library).sort().join(', ');
await build({
  ...common,
  entryPoints: ['dist/lib/index.js'],
  outfile: 'dist/allcores.cjs',
  plugins: [fromCore],
});
await writeFile('dist/allcores.js', `import library from './allcores.cjs';\nexport const { ${names} } = library;\n`);
await writeFile(
  'dist/worker.cjs',
  `process[Symbol.for('allcores.code')] = require('node:worker_threads').workerData.code;
require('./core.cjs').${keyOf.get(path.resolve(WORKER))}.startWorker();
`,
);
// A process is told by its arguments where the addon and its mailbox are, and everything else by what is in that.
await writeFile(
  'dist/child.cjs',
  `process[Symbol.for('allcores.told')] = { allcores: true, addon: process.argv[2], isMainThread: true };
const length = Number(process.argv[4]);
if (length > 0) {
  const { closeSync, readSync } = require('node:fs');
  const code = Buffer.allocUnsafeSlow(length);
  // At its place: all processes share the position in the file.
  if (readSync(5, code, 0, length, 0) === length) process[Symbol.for('allcores.code')] = code;
  closeSync(5);
}
require('./core.cjs').${keyOf.get(path.resolve(CHILD))}.startChild(Number(process.argv[3]));
`,
);

// As modules, and not minified: functions travel from here. What the library exports comes from the package itself.
await rm('dist/cli', { recursive: true, force: true });
await build({
  entryPoints: ['main', 'child/child', 'child/jobs'].map((name) => ({
    in: `dist/lib/cli/${name}.js`,
    out: path.basename(name),
  })),
  outdir: 'dist/cli',
  chunkNames: 'shared-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  logLevel: 'warning',
});
await chmod('dist/cli/main.js', 0o755);
// For `allcores build`. Package managers that see it at the top of a package compile that as they install it.
await copyFile('binding.gyp', 'dist/binding.gyp');

const sizes = ['core-text.cjs', 'allcores.cjs'].map(
  async (file) => `${file} ${(await readFile(`dist/${file}`)).length}`,
);
console.log((await Promise.all(sizes)).join(', '));
