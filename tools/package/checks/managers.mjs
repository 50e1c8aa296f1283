import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { node, npmInstall, retried } from '../run.mjs';
import { addPrograms, installedFolder, userFolder } from '../user.mjs';

const PROGRAMS = [['esm.mjs'], ['cjs.cjs'], ['esm.mjs', 'process'], ['cjs.cjs', 'process']];

/** A package manager as npm brings it. @returns its script */
async function tool(folder, wanted, script) {
  const found = path.join(folder, 'node_modules', script);
  if (!existsSync(found)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
    await npmInstall(folder, [wanted]);
  }
  return found;
}

async function runPrograms(folder, start, report, manager) {
  addPrograms(folder, 'esm.mjs', 'cjs.cjs');
  for (const args of PROGRAMS) assert.equal(await start(args), 'ok\n', `${manager}: ${args.join(' ')}`);
  report.say(`${manager}: ${PROGRAMS.map((args) => args.join(' ')).join(', ')}`);
}

/** Nothing hoisted: the program sees what it has asked for, and the package sees its own dependencies. */
export async function npm({ scratch, tarball }, report) {
  const folder = await installedFolder(scratch, 'npm', tarball, ['acorn@8', '--install-strategy=nested']);
  await runPrograms(folder, (args) => node(args, { cwd: folder }), report, 'npm, nested');
}

export async function pnpm({ cache, scratch, tarball }, report) {
  const script = await tool(path.join(cache, 'pnpm'), 'pnpm@10', 'pnpm/bin/pnpm.cjs');
  const folder = userFolder(scratch, 'pnpm');
  const options = ['--store-dir', path.join(scratch, 'pnpm-store'), '--prefer-offline', '--no-hoist'];
  const said = await retried(() => node([script, 'add', ...options, tarball, 'acorn@8'], { cwd: folder }));
  assert.ok(!/build scripts/.test(said), said);
  assert.ok(!existsSync(path.join(folder, 'node_modules/cli-progress')), 'node_modules is not strict');
  await runPrograms(folder, (args) => node(args, { cwd: folder }), report, 'pnpm 10');
}

/** With scripts, which Yarn may run: it has to find none. */
export async function yarn({ cache, scratch, tarball }, report) {
  const script = await tool(path.join(cache, 'yarn'), '@yarnpkg/cli-dist@4', '@yarnpkg/cli-dist/bin/yarn.js');
  const folder = userFolder(scratch, 'yarn');
  writeFileSync(path.join(folder, 'yarn.lock'), '');
  const env = {
    ...process.env,
    YARN_ENABLE_TELEMETRY: '0',
    YARN_ENABLE_IMMUTABLE_INSTALLS: '0',
    YARN_ENABLE_SCRIPTS: '1',
    YARN_ENABLE_HARDENED_MODE: '0',
    YARN_NODE_LINKER: 'pnp',
    YARN_GLOBAL_FOLDER: path.join(scratch, 'yarn-global'),
  };
  const execute = (...args) => node([script, ...args], { cwd: folder, env });
  const said = await retried(() => execute('add', `allcores@file:${tarball}`, 'acorn@^8'));
  assert.ok(!/build scripts|must be built/.test(said), said);
  assert.ok(existsSync(path.join(folder, '.pnp.cjs')) && !existsSync(path.join(folder, 'node_modules')));
  const unplugged = readdirSync(path.join(folder, '.yarn/unplugged'));
  assert.ok(unplugged.length === 1 && unplugged[0].startsWith('allcores-'), `unplugged: ${unplugged.join(', ')}`);
  await runPrograms(folder, (args) => execute('node', ...args), report, 'Yarn 4, Plug and Play');
}
