/** How the addon finds Node-API on Windows, where a library names the program that it takes symbols from. */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const { symbols } = createRequire(import.meta.url)('node-api-headers');

/** Whoever runs this may be called otherwise than node.exe. */
const SOURCE = (names) => `#include <windows.h>

// Calls of what is declared as imported go through these, which an import library would have the system fill in, from
// a program of one name. They are filled in when the addon is loaded, from the program that it is.
extern "C" {
${names.map((name) => `void* __imp_${name};`).join('\n')}
}

namespace {

struct Import {
  const char* name;
  void** address;
};

const Import kImports[] = {
${names.map((name) => `    {"${name}", &__imp_${name}},`).join('\n')}
};

const bool kFilledIn = [] {
  const HMODULE program = GetModuleHandleW(nullptr);
  for (const Import& import : kImports) *import.address = reinterpret_cast<void*>(GetProcAddress(program, import.name));
  return true;
}();

}  // namespace
`;

/** Writes that source into a folder and gives its path back. */
export function writeNodeImports(folder) {
  const file = path.join(folder, 'node_imports.cc');
  const { js_native_api_symbols: language, node_api_symbols: node } = symbols.v9;
  writeFileSync(file, SOURCE([...language, ...node]));
  return file;
}
