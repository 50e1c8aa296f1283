// Gathers the type declarations that the exports reach in `dist/types/`, as those of CommonJS modules, which both `import`
// and `require` may take: so there is one set of classes for TypeScript, as there is one at run time. The declarations
// beside the ES modules of `dist/lib/` would tell CommonJS that `require('allcores')` is not possible.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';

const FROM = 'dist/lib';
const TO = 'dist/types';

/** Every declaration file that `file` leads to, itself included. */
async function reached(file, found = new Map()) {
  if (found.has(file)) return found;
  const text = await readFile(path.join(FROM, file), 'utf8');
  // The maps lead to sources that the package does not have.
  found.set(file, text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
  for (const { fileName: name } of ts
    .preProcessFile(text)
    .importedFiles.filter((each) => each.fileName.startsWith('.'))) {
    await reached(path.posix.join(path.posix.dirname(file), name.replace(/\.js$/, '.d.ts')), found);
  }
  return found;
}

await rm(TO, { recursive: true, force: true });
const declarations = await reached('index.d.ts');
await Promise.all(
  [...declarations].map(async ([file, text]) => {
    await mkdir(path.join(TO, path.dirname(file)), { recursive: true });
    await writeFile(path.join(TO, file), text);
  }),
);
await writeFile(path.join(TO, 'package.json'), '{ "type": "commonjs" }\n');
await writeFile('dist/allcores.d.ts', "export * from './types/index.js';\n");
console.log(`${declarations.size} files of declarations in ${TO}`);
