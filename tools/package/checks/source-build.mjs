import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { manifest } from '../tarball.mjs';
import { node, npm } from '../run.mjs';
import { addExamples, installedFolder } from '../user.mjs';

/** That `npx allcores build` makes a binary of what is in the tarball, where none fits. */
export function sourceBuild(way) {
  return async function build({ scratch, tarball }, report) {
    const tools = way === 'cmake-js' ? [`cmake-js@${manifest.devDependencies['cmake-js']}`] : [];
    const folder = await installedFolder(scratch, `build-${way}`, tarball, tools);
    rmSync(path.join(folder, 'node_modules/allcores/prebuilds'), { recursive: true });
    const [[example, printed]] = addExamples(folder);
    await assert.rejects(node([example], { cwd: folder }), /ERR_ALLCORES_ADDON/);
    // Without optimization where the way lets it be had: what is asked is whether it builds and loads.
    const options = { cwd: folder, timeout: 1_500_000, env: { ...process.env, CXXFLAGS: '-O0' } };
    const said = await npm(['exec', '--no', '--', 'allcores', 'build', '--with', way], options);
    assert.match(said, /^Built and loaded: .*allcores\.node$/m);
    assert.match(await node([example], { cwd: folder }), printed);
    report.say(`npx allcores build --with ${way}, ${example}`);
  };
}
