// Builds the addon for other systems into prebuilds/, where the loader finds it: all of them, or those that are named.
//
//   npm run prebuilds                     every target
//   npm run prebuilds -- darwin-arm64 …   only these
import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './native-files.mjs';
import { build, configure } from './prebuild/configure.mjs';
import { chosen } from './prebuild/targets.mjs';

for (const target of chosen(process.argv.slice(2))) {
  console.log(`\n${target.name}`);
  const folder = path.join(root, 'out/prebuild', target.name);
  configure(folder, target, { CMAKE_BUILD_TYPE: 'Release', ALLCORES_UNITY: 'ON' });
  build(folder);
  mkdirSync(path.dirname(target.file), { recursive: true });
  copyFileSync(path.join(folder, 'allcores.node'), target.file);
  console.log(`${path.relative(root, target.file)}: ${Math.round(statSync(target.file).size / 1024)} KB`);
}
