import { existsSync } from 'node:fs';
import path from 'node:path';
import { checkCycles } from './cycles.js';
import { checkFloors, nativeFloors } from './floors.js';
import { filesBelow, readText, type Edge, type Finding } from './tree.js';

/** Headers with a C name that are no operating system's: C's own, and those of the processor. */
const PORTABLE_C_HEADERS = new Set(
  [
    'assert',
    'errno',
    'inttypes',
    'limits',
    'math',
    'stdarg',
    'stdbool',
    'stddef',
    'stdint',
    'stdio',
    'stdlib',
    'string',
  ]
    .concat(['time', 'cpuid', 'immintrin', 'emmintrin', 'xmmintrin', 'arm_acle', 'arm_neon'])
    .map((name) => `${name}.h`),
);

const NODE_HEADERS = new Set(['napi.h', 'node_api.h', 'js_native_api.h', 'node.h', 'uv.h', 'v8.h']);

const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/gm;

/** Checks the C++ folders below `root`/native against the floors and the rules that hold for single folders. */
export function checkNative(root: string): Finding[] {
  const files = filesBelow(root, 'native', /\.(h|cc)$/);
  const edges: Edge[] = [];
  const findings: Finding[] = [];
  for (const file of files) {
    for (const [, quoted, angled] of readText(root, file).matchAll(INCLUDE)) {
      if (angled !== undefined) findings.push(...checkSystemHeader(file, angled));
      // The header for kernels of users: on no floor, since it includes nothing of ours.
      if (quoted === undefined || quoted === 'allcores.h') continue;
      const to = resolveInclude(root, file, quoted);
      if (to === undefined) findings.push({ file, message: `includes "${quoted}", which is not in native/` });
      else edges.push({ from: file, to });
    }
  }
  return [
    ...findings,
    ...checkFloors(files, edges, nativeFloors),
    ...checkCycles(edges),
    ...checkSourceList(root, files),
    ...checkReadmes(root, files),
  ];
}

function resolveInclude(root: string, from: string, name: string): string | undefined {
  const candidates = [path.posix.join(path.posix.dirname(from), name), `native/${name}`, name].map((candidate) =>
    path.posix.normalize(candidate),
  );
  return candidates.find((candidate) => candidate.startsWith('native/') && existsSync(path.join(root, candidate)));
}

function checkSystemHeader(file: string, header: string): Finding[] {
  if (NODE_HEADERS.has(header)) {
    return file.startsWith('native/addon/') ? [] : [{ file, message: `includes <${header}> outside native/addon` }];
  }
  const isStandard = /^[a-z_]+$/.test(header) || PORTABLE_C_HEADERS.has(header);
  if (isStandard || file.startsWith('native/platform/')) return [];
  return [{ file, message: `includes <${header}> outside native/platform` }];
}

/** sources.txt is the one list that CMake and gyp compile: it names every .cc file and nothing else. */
function checkSourceList(root: string, files: readonly string[]): Finding[] {
  const sources = files.filter((file) => file.endsWith('.cc'));
  if (!existsSync(path.join(root, 'sources.txt'))) {
    return sources.length > 0 ? [{ file: 'sources.txt', message: 'is missing' }] : [];
  }
  const listed = readText(root, 'sources.txt').split(/\s+/).filter(Boolean);
  return [
    ...sources.filter((file) => !listed.includes(file)).map((file) => ({ file, message: 'is not in sources.txt' })),
    ...listed
      .filter((file) => !existsSync(path.join(root, file)))
      .map((file) => ({ file: 'sources.txt', message: `names ${file}, which does not exist` })),
    ...listed
      .filter((file, index) => listed.indexOf(file) !== index)
      .map((file) => ({ file: 'sources.txt', message: `names ${file} twice` })),
  ];
}

function checkReadmes(root: string, files: readonly string[]): Finding[] {
  const folders = new Set(files.map((file) => file.split('/').slice(0, 2).join('/')));
  return [...folders]
    .filter((folder) => !existsSync(path.join(root, folder, 'README.md')))
    .map((folder) => ({ file: folder, message: 'has no README.md' }));
}
