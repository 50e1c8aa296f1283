import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { program, run } from '../run.mjs';
import { addExamples, addPrograms, installedFolder } from '../user.mjs';

const NOBODY = 65_534;

/** Tries to create a file. Its end is 1 where that is refused. */
const PROBE = `
try { require('node:fs').writeFileSync('node_modules/probe', ''); console.log('written'); }
catch (error) { console.log(error.code); }`;

function eachFolder(folder, change) {
  change(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isDirectory()) change(path.join(entry.parentPath, entry.name));
  }
}

/** Ways in which the installed package can be kept from being written; root is above the bits of a folder. */
const WAYS = {
  'bits of the folders': {
    lacks: () => (process.getuid() === 0 ? 'root may write in spite of them' : undefined),
    command: (args) => [process.execPath, ...args],
  },
  'bits of the folders, as another user': {
    lacks: () => (process.getuid() === 0 ? lacking('setpriv') : 'only root can become another user'),
    command: (args) => [
      'setpriv',
      `--reuid=${NOBODY}`,
      `--regid=${NOBODY}`,
      '--clear-groups',
      process.execPath,
      ...args,
    ],
  },
  'a mount that is read-only': {
    lacks: () => (process.getuid() === 0 ? lacking('unshare') : 'only root can mount'),
    command: (args) => [
      'unshare',
      '--mount',
      'sh',
      '-c',
      'mount --bind node_modules node_modules && mount -o remount,bind,ro node_modules && exec "$0" "$@"',
      process.execPath,
      ...args,
    ],
  },
};

const lacking = (name) => (program(name) === undefined ? `there is no ${name}` : undefined);

async function tryWay(name, folder, programs, report) {
  const { lacks, command } = WAYS[name];
  const reason = lacks();
  if (reason !== undefined) return report.skip(name, reason);
  const execute = (...args) => {
    const [file, ...rest] = command(args);
    return run(file, rest, { cwd: folder, env: { ...process.env, HOME: '/nonexistent' } });
  };
  let answer;
  try {
    answer = (await execute('--eval', PROBE)).trim();
  } catch (error) {
    return report.skip(name, `this machine does not let it be set up:\n${error.message}`);
  }
  assert.match(answer, /^(EACCES|EROFS|EPERM)$/, `${name}: a file could be created`);
  for (const [file, printed] of programs) {
    const [script, ...args] = file.split(' ');
    assert.match(await execute(script, ...args), printed, name);
  }
  report.say(`${name} (${answer}): ${programs.map(([file]) => file).join(', ')}`);
}

/** That nothing is written into the folder of the package. */
export async function readOnly({ scratch, tarball }, report) {
  if (process.platform === 'win32') return report.skip('all', 'there are no bits to take away');
  const folder = await installedFolder(scratch, 'read-only', tarball);
  const programs = [
    ...addExamples(folder).slice(0, 2),
    ...addPrograms(folder, 'esm.mjs').flatMap((name) => [
      [name, /^ok$/m],
      [`${name} process`, /^ok$/m],
    ]),
  ];
  const modules = path.join(folder, 'node_modules');
  assert.ok(existsSync(modules));
  eachFolder(modules, (each) => chmodSync(each, 0o555));
  try {
    for (const name of Object.keys(WAYS)) await tryWay(name, folder, programs, report);
  } finally {
    eachFolder(modules, (each) => chmodSync(each, 0o755));
  }
}
