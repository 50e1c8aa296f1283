import path from 'node:path';
import { createRequire } from 'node:module';
import { node } from '../run.mjs';

const require = createRequire(import.meta.url);

/** The script of a package's command. */
function bin(name, command) {
  const file = require.resolve(`${name}/package.json`);
  const { bin: scripts } = require(file);
  return path.join(path.dirname(file), typeof scripts === 'string' ? scripts : scripts[command]);
}

/** That the entries of package.json are as import, require, TypeScript and bundlers want them. */
export async function shape({ tarball }, report) {
  // Every way to resolve it counts, the one of Node 10 included.
  await node([bin('@arethetypeswrong/cli', 'attw'), '--profile', 'strict', '--no-color', '--no-emoji', tarball]);
  report.say('arethetypeswrong: no problems');
  await node([path.join(path.dirname(require.resolve('publint')), 'cli.js'), 'run', '--strict', tarball]);
  report.say('publint --strict: no problems');
}
