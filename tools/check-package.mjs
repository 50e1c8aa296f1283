// Packs the built package, installs the tarball as users do, and tries it there: tools/package/README.md.
//
//   node tools/check-package.mjs                 with the addon of this machine
//   node tools/check-package.mjs --prebuilds     with the addons of `npm run prebuilds`, the foreign ones run as far as possible
//   node tools/check-package.mjs --only yarn,shape
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './native-files.mjs';
import { runChecks } from './package/checks.mjs';
import { arm64 } from './package/checks/arm64.mjs';
import { command } from './package/checks/command.mjs';
import { consumers, installed } from './package/checks/consumers.mjs';
import { inspected } from './package/checks/inspected.mjs';
import * as managers from './package/checks/managers.mjs';
import { musl } from './package/checks/musl.mjs';
import { noCompiler } from './package/checks/no-compiler.mjs';
import { nodes } from './package/checks/nodes.mjs';
import { readOnly } from './package/checks/read-only.mjs';
import { shape } from './package/checks/shape.mjs';
import { sourceBuild } from './package/checks/source-build.mjs';
import { windows } from './package/checks/windows.mjs';
import { pack } from './package/tarball.mjs';

/** Those that fetch or take longest come first. */
const CHECKS = [
  ...nodes,
  ['shape', shape],
  ['consumers', consumers],
  ['yarn', managers.yarn],
  ['pnpm', managers.pnpm],
  ['npm', managers.npm],
  ['no-compiler', noCompiler],
  ['read-only', readOnly],
  ['command', command],
];

/** Those that need all binaries. */
const FOREIGN = [
  ['arm64', arm64],
  ['windows', windows],
  ['musl', musl],
  ['inspected', inspected],
];

/** Those that take minutes. */
const LONG = [
  ['build-node-gyp', sourceBuild('node-gyp')],
  ['build-cmake-js', sourceBuild('cmake-js')],
];

/** Those that are named. Ends the process when one is unknown. */
function chosen({ prebuilds, only }) {
  if (only === undefined) {
    if (prebuilds) return [...LONG, ...FOREIGN, ...CHECKS];
    const others = [...FOREIGN, ...LONG].map(([name]) => name);
    console.log(`only with --prebuilds, which wants the binaries for other systems and minutes: ${others.join(', ')}`);
    return CHECKS;
  }
  const names = only.split(',');
  const checks = [...LONG, ...(prebuilds ? FOREIGN : []), ...CHECKS];
  const known = checks.map(([name]) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`there is no check ${unknown.join(', ')}; there are: ${known.join(', ')}`);
    process.exit(2);
  }
  return checks.filter(([name]) => names.includes(name));
}

const { values } = parseArgs({ options: { prebuilds: { type: 'boolean', default: false }, only: { type: 'string' } } });
const checks = chosen(values);
const scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'allcores-package-')));
try {
  // Another user looks into it, too.
  chmodSync(scratch, 0o755);
  const tarball = await pack(path.join(scratch, 'staged'), values.prebuilds);
  const context = { scratch, tarball, cache: path.join(root, 'out') };
  let folder;
  context.installed = () => (folder ??= installed(context));
  if (!(await runChecks(checks, context))) process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
