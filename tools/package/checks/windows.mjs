import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { program, run } from '../run.mjs';
import { addExamples, addPrograms, installedFolder } from '../user.mjs';
import { fetchedNode } from './nodes.mjs';

/** Newer ones crash as they start under the Wine of Debian 12. */
const NODE = 22;

const PRINTED = 'process.platform + " " + process.version';

/** Wine is not on the search path everywhere. */
const wine = () => program('wine64') ?? ['/usr/lib/wine/wine64'].find((file) => existsSync(file));

/** Runs the binary for Windows under Wine. */
export async function windows({ cache, scratch, tarball }, report) {
  const what = 'win32-x64';
  const found = wine();
  if (found === undefined) return report.skip(what, 'there is no wine64 (Debian: wine64)');
  const folder = await installedFolder(scratch, 'windows', tarball);
  const node = path.join(folder, 'node.exe');
  const renamed = path.join(folder, 'renamed.exe');
  for (const file of [node, renamed]) cpSync(await fetchedNode(cache, 'win-x64', NODE), file);
  const env = {
    ...process.env,
    WINEPREFIX: path.join(scratch, 'wine'),
    WINEDEBUG: '-all',
    NODE_SKIP_PLATFORM_CHECK: '1',
  };
  const options = { cwd: folder, env, timeout: 300_000 };
  // Node under Wine writes to files and reads from nothing, but not to pipes.
  const execute = async (file, ...args) => {
    const output = path.join(folder, 'output.txt');
    const command = 'wine=$1; shift; "$wine" "$@" >output.txt 2>&1 </dev/null || { cat output.txt >&2; exit 1; }';
    await run('sh', ['-c', command, 'sh', found, file, ...args], options);
    return readFileSync(output, 'utf8').replaceAll('\r\n', '\n');
  };
  try {
    // Wine itself has something to say when it is started for the first time.
    const [version = ''] = /^win32 v\S+$/m.exec(await execute(node, '--print', PRINTED)) ?? [];
    assert.match(version, new RegExp(`^win32 v${NODE}\\.`));
    const programs = [...addExamples(folder).slice(0, 2), [addPrograms(folder, 'tour.mjs')[0], /^ok$/m]];
    for (const [file, printed] of programs) assert.match(await execute(node, file), printed, file);
    // The addon takes Node's functions from the program that runs, whatever its name.
    assert.match(await execute(renamed, programs[0][0]), programs[0][1]);
    const names = programs.map(([file]) => file).join(', ');
    report.say(`${what}, ${version} under Wine: ${names}; with another name of node.exe: ${programs[0][0]}`);
  } finally {
    const server = program('wineserver') ?? '/usr/lib/wine/wineserver';
    await run(server, ['--kill', '--wait'], options).catch(() => report.say('wineserver could not be ended'));
  }
}
