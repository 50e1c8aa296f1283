/** Runs LLVM's command line tools by their Debian name, or by the plain one where that is the right version. */
import { spawnSync } from 'node:child_process';

/** Formatting and warnings differ from version to version, so the version is fixed. */
const LLVM_VERSION = 19;

/** Name of the executable of `tool` in {@link LLVM_VERSION}; ends the process with advice if there is none. */
export function llvmTool(tool) {
  for (const name of [`${tool}-${LLVM_VERSION}`, tool]) {
    const probe = spawnSync(name, ['--version'], { encoding: 'utf8' });
    if (probe.status === 0 && probe.stdout.includes(`version ${LLVM_VERSION}.`)) return name;
  }
  console.error(`${tool} ${LLVM_VERSION} is not installed (Debian: apt-get install ${tool}-${LLVM_VERSION})`);
  process.exit(2);
}

/** Runs a command with its output passed through and returns its exit code. */
export function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) throw error;
  return status ?? 1;
}
