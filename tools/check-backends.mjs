// Compiles what is different on macOS and Windows, native/platform, for each of them, without a warning and without
// linking: so that a change made on Linux does not break them unseen. The rest of the addon knows no system.
//
//   npm run backends:check
import path from 'node:path';
import { readFileSync } from 'node:fs';
import { root } from './native-files.mjs';
import { build, configure } from './prebuild/configure.mjs';
import { chosen } from './prebuild/targets.mjs';

const backends = readFileSync(path.join(root, 'sources.txt'), 'utf8')
  .split('\n')
  .filter((source) => source.startsWith('native/platform/'));

for (const target of chosen(['darwin-arm64', 'win32-x64'])) {
  console.log(`\n${target.name}: ${backends.length} sources`);
  const folder = path.join(root, 'out/backends', target.name);
  configure(folder, target, { CMAKE_BUILD_TYPE: 'Debug', CMAKE_CXX_FLAGS: '-Werror', ALLCORES_UNITY: 'OFF' });
  const suffix = target.system === 'Windows' ? 'obj' : 'o';
  build(folder, ...backends.map((source) => `CMakeFiles/allcores_core.dir/${source}.${suffix}`));
}
