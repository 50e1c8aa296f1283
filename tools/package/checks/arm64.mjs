import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { program, run } from '../run.mjs';
import { addExamples, addPrograms, installedFolder } from '../user.mjs';
import { fetchedNode } from './nodes.mjs';

const LIBRARIES = '/usr/aarch64-linux-gnu';
const EMULATOR = 'qemu-aarch64-static';

/** Runs the binary for arm64 under QEMU. */
export async function arm64({ cache, scratch, tarball }, report) {
  const what = 'linux-arm64, glibc';
  if (program(EMULATOR) === undefined) return report.skip(what, `there is no ${EMULATOR} (Debian: qemu-user-static)`);
  if (!existsSync(path.join(LIBRARIES, 'lib/ld-linux-aarch64.so.1'))) {
    return report.skip(what, `there is no C library in ${LIBRARIES} (Debian: libc6-arm64-cross)`);
  }
  const folder = await installedFolder(scratch, 'arm64', tarball);
  const emulated = path.join(folder, 'node');
  const found = await fetchedNode(cache, 'linux-arm64', 22);
  writeFileSync(emulated, `#!/bin/sh\nexec ${EMULATOR} -L ${LIBRARIES} '${found}' "$@"\n`, { mode: 0o755 });
  // The kernel cannot run Node's own path for workers that are processes.
  writeFileSync(path.join(folder, 'emulated.cjs'), `process.execPath = ${JSON.stringify(emulated)};\n`);
  const programs = [...addExamples(folder).slice(0, 2), [addPrograms(folder, 'tour.mjs')[0], /^ok$/m]];
  const options = { cwd: folder, timeout: 300_000 };
  const version = (await run(emulated, ['--print', 'process.arch + " " + process.version'], options)).trim();
  assert.match(version, /^arm64 v22\./);
  for (const [file, printed] of programs) {
    assert.match(await run(emulated, ['--require', './emulated.cjs', file], options), printed, file);
  }
  report.say(`${what}, ${version} under QEMU: ${programs.map(([file]) => file).join(', ')}`);
}
