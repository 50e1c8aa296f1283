import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { targets } from '../../prebuild/targets.mjs';
import { program, run } from '../run.mjs';

/** A program that has the names of Node-API, none of which does anything, and loads an addon. */
function host() {
  const { js_native_api_symbols: language, node_api_symbols: node } = createRequire(import.meta.url)('node-api-headers')
    .symbols.v9;
  return `#include <dlfcn.h>
#include <stdio.h>
${[...language, ...node].map((name) => `int ${name}(void) { return 9; }`).join('\n')}
int main(int count, char** values) {
  void* addon = dlopen(values[1], RTLD_NOW);
  if (!addon) return puts(dlerror()), 1;
  int (*version)(void) = (int (*)(void))dlsym(addon, "node_api_module_get_api_version_v1");
  if (!version || !dlsym(addon, "napi_register_module_v1")) return puts("no entry points"), 1;
  return printf("Node-API %d\\n", version()), 0;
}
`;
}

/** Loads the binary for musl: that it finds all that it needs there, and runs what it runs as it is loaded. */
export async function musl({ scratch }, report) {
  const what = 'linux-x64, musl';
  if (program('musl-gcc') === undefined) return report.skip(what, 'there is no musl-gcc (Debian: musl-tools)');
  const [source, built] = ['host.c', 'host'].map((name) => path.join(scratch, `musl-${name}`));
  writeFileSync(source, host());
  await run('musl-gcc', ['-rdynamic', '-o', built, source]);
  const { file } = targets.find(({ name }) => name === 'linux-x64-musl');
  assert.equal(await run(built, [file]), 'Node-API 9\n');
  report.say(`${what}: loaded by a program that has the names of Node-API`);
}
