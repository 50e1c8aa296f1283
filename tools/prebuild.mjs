// Builds the addon for other systems into prebuilds/, where the loader finds it: all of them, or those that are named.
//
//   npm run prebuilds                     every target
//   npm run prebuilds -- darwin-arm64 …   only these
import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from './native-files.mjs';
import { writeNodeImports } from './prebuild/node-imports.mjs';
import { chosen } from './prebuild/targets.mjs';
import { zig } from './prebuild/zig.mjs';
import { run } from './run-tool.mjs';

const require = createRequire(import.meta.url);
const headers = [require('node-api-headers').include_dir, path.dirname(require.resolve('node-addon-api/napi.h'))];

/** Ends the process when the command fails. */
function must(command, ...args) {
  const status = run(command, args);
  if (status !== 0) process.exit(status);
}

/** CMake's project names what cmake-js would tell it; for another system than this one we tell it ourselves. */
function configure(folder, target, compiler) {
  const definitions = {
    CMAKE_BUILD_TYPE: 'Release',
    CMAKE_TOOLCHAIN_FILE: path.join(root, 'tools/prebuild/zig.cmake'),
    CMAKE_SYSTEM_NAME: target.system,
    ZIG: compiler,
    ZIG_TARGET: target.zig,
    CMAKE_JS_VERSION: 'none',
    CMAKE_JS_INC: headers.join(';'),
    CMAKE_JS_SRC: target.system === 'Windows' ? writeNodeImports(folder) : '',
  };
  const options = Object.entries(definitions).map(([name, value]) => `-D${name}=${value}`);
  must('cmake', '-S', root, '-B', folder, '-G', 'Ninja', ...options);
}

for (const target of chosen(process.argv.slice(2))) {
  console.log(`\n${target.name}`);
  const folder = path.join(root, 'out/prebuild', target.name);
  mkdirSync(folder, { recursive: true });
  configure(folder, target, zig());
  must('cmake', '--build', folder, '--parallel', process.env.CMAKE_BUILD_PARALLEL_LEVEL ?? '2');
  mkdirSync(path.dirname(target.file), { recursive: true });
  copyFileSync(path.join(folder, 'allcores.node'), target.file);
  console.log(`${path.relative(root, target.file)}: ${Math.round(statSync(target.file).size / 1024)} KB`);
}
