import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { npmInstall, run } from '../run.mjs';
import { addExamples, addPrograms } from '../user.mjs';

/** Supported versions of Node; what is there of each is the newest one. */
const VERSIONS = [20, 22, 24, 26];

/**
 * A Node of another version, or for another system, in a folder that is kept.
 *
 * @param {string} system as npm's package of it is named: `linux-x64`
 * @returns path of the program
 */
export async function fetchedNode(cache, system, version) {
  const name = `node-${system}`;
  const folder = path.join(
    cache,
    'nodes',
    system === `${process.platform}-${process.arch}` ? '' : system,
    `${version}`,
  );
  const found = path.join(folder, 'node_modules', name, 'bin', system.startsWith('win') ? 'node.exe' : 'node');
  if (!existsSync(found)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
    // By force, since npm refuses what is made for another system.
    await npmInstall(folder, [`${name}@${version}`, '--force']);
  }
  return found;
}

/** That the package works on every version of Node that is supported. */
export function onNode(version) {
  return async function onOne(context, report) {
    const { platform, arch } = process;
    if (platform !== 'linux' || !['x64', 'arm64'].includes(arch)) {
      return report.skip('all', `npm's packages of Node are used on Linux only, this is ${platform}-${arch}`);
    }
    const [program, folder] = await Promise.all([
      fetchedNode(context.cache, `${platform}-${arch}`, version),
      context.installed(),
    ]);
    const found = (await run(program, ['--version'])).trim();
    const own = addPrograms(folder, 'esm.mjs', 'tour.mjs').map((file) => [file, /^ok$/m]);
    const programs = [...addExamples(folder), ...own];
    for (const [file, printed] of programs) assert.match(await run(program, [file], { cwd: folder }), printed, file);
    report.say(`${found}: ${programs.map(([file]) => file).join(', ')}`);
  };
}

export const nodes = VERSIONS.map((version) => [`node-${version}`, onNode(version)]);
