// Looks at what `npm run prebuilds` has made: that each binary is for the oldest system that is promised, needs nothing but
// what every such system has, and shows nothing but what Node asks for. All of them, or those that are named.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './native-files.mjs';
import { inspect } from './prebuild/inspect.mjs';
import { chosen } from './prebuild/targets.mjs';

/** The version of Node-API that the addon is made for: see binding.gyp. */
const { js_native_api_symbols: language, node_api_symbols: node } = createRequire(import.meta.url)('node-api-headers')
  .symbols.v9;
const nodeApi = new Set([...language, ...node]);

const ENTRY_POINTS = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];

/** What Zig has no option to hide, by kind of system. It is no symbol that anything else binds to. */
const UNHIDDEN = {
  // New and delete, as weak symbols that the system's own ones go before, and names for the library's beginning.
  darwin: /^(_Z(n[wa]|d[la])\w+|__dso_handle|_mh_dylib_header)$/,
  // Of the C++ library; on this system a symbol is asked for from one library by its name.
  win32: /^(_GCC_specific_handler|_Unwind_\w+|unw_\w+)$/,
};

/** Node 20 needs this one itself: glibc 2.28. */
const OLDEST_GLIBC = 28;

/** Libraries that belong to the system, by the end of a target's name or its beginning. */
const SYSTEM_LIBRARIES = {
  glibc: /^(lib(c|m|dl|pthread)\.so\.\d|ld-linux-(x86-64|aarch64)\.so\.\d)$/,
  musl: /^libc\.so$/,
  darwin: /^(\/usr\/lib\/libSystem\.B\.dylib|@rpath\/allcores\.node)$/,
  win32: /^(kernel32|ntdll|advapi32|api-ms-win-(crt|core)-[a-z0-9-]+)\.dll$/i,
};

/** What follows from the kind of system. */
const RULES = {
  glibc({ marks }) {
    const newest = Math.max(...marks.map((mark) => Number(/^GLIBC_2\.(\d+)/.exec(mark)?.[1] ?? 0)));
    assert.ok(newest <= OLDEST_GLIBC, `needs glibc 2.${newest}`);
    RULES.musl({ marks });
    return `glibc 2.${newest}`;
  },
  musl({ marks }) {
    for (const mark of ['NOW', 'NODELETE']) assert.ok(marks.includes(mark), `is not marked ${mark}`);
    return 'musl';
  },
  darwin({ marks }, { name }) {
    assert.ok(marks.includes('minos 11.0'), `is for ${marks}`);
    if (name === 'darwin-arm64') assert.ok(marks.includes('LC_CODE_SIGNATURE'), 'is not signed');
    return 'macOS 11.0';
  },
  win32: () => 'Windows 10',
};

function check(target) {
  const kind = Object.keys(RULES).find((key) => target.name.startsWith(key) || target.name.endsWith(key));
  const facts = inspect(target);
  const exported = facts.exported.filter((name) => !UNHIDDEN[kind]?.test(name)).sort();
  assert.deepEqual(exported, ENTRY_POINTS, 'what it exports');
  const foreign = facts.libraries.filter((name) => !SYSTEM_LIBRARIES[kind].test(name));
  assert.deepEqual(foreign, [], 'libraries that not every system has');
  const newer = facts.asked.filter((name) => /^(napi|node_api)_/.test(name) && !nodeApi.has(name));
  assert.deepEqual(newer, [], 'what is not in Node-API 9');
  return RULES[kind](facts, target);
}

for (const target of chosen(process.argv.slice(2))) {
  const name = path.relative(root, target.file);
  assert.ok(existsSync(target.file), `${name} is not there: npm run prebuilds -- ${target.name}`);
  const needs = check(target);
  const bytes = readFileSync(target.file);
  const [whole, packed] = [bytes, gzipSync(bytes)].map(({ length }) => Math.round(length / 1024));
  console.log(`${name}: ${needs}, ${whole} KB, ${packed} KB packed`);
}
