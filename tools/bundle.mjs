// Bundles the compiled library into one CommonJS file, with an ES module in front of it and an entry for workers.
//
// A worker's start is dominated by how many files it loads, and loading ES modules costs it more than CommonJS. One file for
// all of them also means one instance: for `import`, for `require`, and for code inside a worker, whose
// `currentTask()` has to be the worker's own.
import { writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import * as library from '../dist/lib/index.js';

const names = Object.keys(library).sort();

await build({
  stdin: {
    contents: [
      `export { ${names.join(', ')} } from './dist/lib/index.js';`,
      `export { startWorker } from './dist/lib/runtime/entry/worker.js';`,
    ].join('\n'),
    resolveDir: '.',
  },
  outfile: 'dist/allcores.cjs',
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  // `import.meta` is not to be had in CommonJS.
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: `const importMetaUrl = require('node:url').pathToFileURL(__filename).href;` },
  // What starts a worker is no part of the library's surface.
  footer: {
    js: `{ const { startWorker, ...library } = module.exports;
module.exports = Object.defineProperty(library, 'startWorker', { value: startWorker }); }`,
  },
  // Less text for every worker to read and keep; stacks of this file are left out of users' errors anyway.
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
});

await writeFile('dist/worker.cjs', `require('./allcores.cjs').startWorker();\n`);
await writeFile(
  'dist/allcores.js',
  `import library from './allcores.cjs';\nexport const { ${names.join(', ')} } = library;\n`,
);
