/** A build of this project for another system, as CMake is told of it. */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from '../native-files.mjs';
import { run } from '../run-tool.mjs';
import { writeNodeImports } from './node-imports.mjs';
import { zig } from './zig.mjs';

const require = createRequire(import.meta.url);
const headers = [require('node-api-headers').include_dir, path.dirname(require.resolve('node-addon-api/napi.h'))];

/** Ends the process when the command fails. */
export function must(command, ...args) {
  const status = run(command, args);
  if (status !== 0) process.exit(status);
}

/**
 * Configures the build in `folder`. The project asks for what cmake-js would tell it; for another system than this one we
 * tell it ourselves.
 *
 * @param {string} folder
 * @param {import('./targets.mjs').Target} target
 * @param {Record<string, string>} more further definitions
 */
export function configure(folder, target, more) {
  mkdirSync(folder, { recursive: true });
  const definitions = {
    CMAKE_TOOLCHAIN_FILE: path.join(root, 'tools/prebuild/zig.cmake'),
    CMAKE_SYSTEM_NAME: target.system,
    ZIG: zig(),
    ZIG_TARGET: target.zig,
    CMAKE_JS_VERSION: 'none',
    CMAKE_JS_INC: headers.join(';'),
    CMAKE_JS_SRC: target.system === 'Windows' ? writeNodeImports(folder) : '',
    ...more,
  };
  const options = Object.entries(definitions).map(([name, value]) => `-D${name}=${value}`);
  must('cmake', '-S', root, '-B', folder, '-G', 'Ninja', ...options);
}

/** Builds what is named, or all. */
export function build(folder, ...names) {
  const jobs = process.env.CMAKE_BUILD_PARALLEL_LEVEL ?? '2';
  const chosen = names.length === 0 ? [] : ['--target', ...names];
  must('cmake', '--build', folder, '--parallel', jobs, ...chosen);
}
