import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { node, npm, run } from '../run.mjs';

/** Runs `npx allcores` where the package is installed. */
export async function command(context, report) {
  const folder = await context.installed();
  const npx = (...args) => npm(['exec', '--no', '--', 'allcores', ...args], { cwd: folder });
  const { library } = JSON.parse(await npx('info', '--json'));
  assert.ok(library.addon?.startsWith(realpathSync(folder)), `no addon of the installed package: ${inspect(library)}`);
  await npx('new-kernel', 'scale');
  const kernel = path.join(folder, 'scale');
  await run('cmake', ['-B', 'build'], { cwd: kernel });
  await run('cmake', ['--build', 'build'], { cwd: kernel });
  assert.equal(await node(['run.mjs'], { cwd: kernel }), 'scale: 1000000 elements, their sum is 2000000\n');
  report.say('npx allcores info and new-kernel');
}
