/** Folders of somebody who uses the package. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../native-files.mjs';
import { npmInstall } from './run.mjs';

const PROGRAMS = path.join(root, 'tools/package/programs');

/** Creates a folder with a package.json in which everything is as npm has it by itself: `.js` would be CommonJS. */
export function userFolder(parent, name) {
  const folder = path.join(parent, name);
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  return folder;
}

/** The same with the package and `others` installed. */
export async function installedFolder(parent, name, tarball, others = [], options = {}) {
  const folder = userFolder(parent, name);
  await npmInstall(folder, [tarball, ...others], options);
  return folder;
}

/** Writes a file unless it is there: another check may be running it. */
function add(file, text) {
  if (!existsSync(file)) writeFileSync(file, text);
}

/** Puts programs of `programs/` into a folder. @returns their names there */
export function addPrograms(folder, ...names) {
  for (const name of names) add(path.join(folder, name), readFileSync(path.join(PROGRAMS, name)));
  return names;
}

/** Puts the examples of README.md and some of `examples/` into a folder. @returns what they are, with what they print */
export function addExamples(folder) {
  const [primes, words] = [...readFileSync(path.join(root, 'README.md'), 'utf8').matchAll(/^```js\n([^]*?)^```$/gm)];
  add(path.join(folder, 'readme-1.mjs'), primes[1]);
  add(path.join(folder, 'readme-2.mjs'), words[1]);
  const examples = ['pool-apply-async.mjs', 'manager-dict.mjs', 'process-each.mjs'];
  for (const name of examples) add(path.join(folder, name), readFileSync(path.join(root, 'examples', name)));
  return [
    ['readme-1.mjs', /^148933\n$/],
    ['readme-2.mjs', /^2 1\n$/],
    ['pool-apply-async.mjs', /^result: 50$[^]*^after: /m],
    ['manager-dict.mjs', /^squares: \{ '1': 1, '2': 4, '3': 9, '4': 16 \}$[^]*^processes: 4$/m],
    ['process-each.mjs', /^hello Alice, from Process-1$[^]*^Process-3 ended with exit code 0$/m],
  ];
}
