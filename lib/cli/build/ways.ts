import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageFolder } from '../base/package.js';
import { cmake, compiler, make, ninjaOrMake, python, type Need } from './needs.js';
import { nodeGypOfNpm, resolveFrom } from './npm.js';

/** A way to compile the addon. */
export interface Way {
  readonly name: 'cmake-js' | 'node-gyp';
  readonly needs: readonly Need[];
  /** Its script; undefined: it has to be installed first. */
  script(): string | undefined;
  /** Where that is in a folder that it was installed into. */
  readonly installed: string;
  args(jobs: number): string[];
}

const local = [packageFolder, process.cwd()];

const cmakeJs: Way = {
  name: 'cmake-js',
  needs: [compiler, cmake, ninjaOrMake],
  script: () => resolveFrom(local, 'cmake-js/bin/cmake-js'),
  installed: 'cmake-js/bin/cmake-js',
  args: (jobs) => ['build', '--CDALLCORES_TESTS=OFF', '--CDALLCORES_UNITY=ON', '--parallel', String(jobs)],
};

const nodeGyp: Way = {
  name: 'node-gyp',
  needs: [compiler, make, python],
  // Others may be of any age.
  script: () => nodeGypOfNpm() ?? resolveFrom(local, 'node-gyp/bin/node-gyp.js'),
  installed: 'node-gyp/bin/node-gyp.js',
  args: (jobs) => ['rebuild', '--jobs', String(jobs), ...nodeHeaders()],
};

/** Node's headers, where they were installed beside it: node-gyp would download them. */
function nodeHeaders(): string[] {
  if (process.env['npm_config_nodedir'] !== undefined) return [];
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? [`--nodedir=${prefix}`] : [];
}

export const ways: readonly Way[] = [cmakeJs, nodeGyp];

/** Those to try, the best one first: cmake-js only if it is there or asked for. */
export function candidates(name: string | undefined): readonly Way[] {
  if (name !== undefined) return ways.filter((way) => way.name === name);
  return ways.filter((way) => way === nodeGyp || way.script() !== undefined);
}
