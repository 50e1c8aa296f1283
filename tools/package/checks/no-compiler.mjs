import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { node, run } from '../run.mjs';
import { addExamples, installedFolder } from '../user.mjs';

/**
 * That an install needs neither a compiler nor anything else but Node: none of it is on the search path. Also with the
 * setting that asks packages to compile as they are installed, which has no meaning here: see docs/platforms.md.
 */
export async function noCompiler({ scratch, tarball }, report) {
  const bin = path.join(scratch, 'only-node');
  mkdirSync(bin);
  symlinkSync(process.execPath, path.join(bin, 'node'));
  for (const [name, settings] of [
    ['no-compiler', {}],
    ['from-source', { npm_config_build_from_source: 'true' }],
  ]) {
    const options = { env: { ...process.env, PATH: bin, CC: '/bin/false', CXX: '/bin/false', ...settings } };
    const folder = await installedFolder(scratch, name, tarball, [], options);
    const [[example, printed]] = addExamples(folder);
    assert.match(await node([example], { ...options, cwd: folder }), printed);
    const script = path.join(folder, 'node_modules/allcores/dist/cli/main.js');
    const info = JSON.parse(await run('node', [script, 'info', '--json'], { ...options, cwd: folder }));
    assert.match(info.library.addon, /prebuilds/);
    report.say([example, ...Object.entries(settings).map((entry) => entry.join('='))].join(' with '));
  }
}
