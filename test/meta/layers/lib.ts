import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import ts from 'typescript';
import { checkCycles } from './cycles.js';
import { checkFloors, libFloors } from './floors.js';
import { filesBelow, readText, type Edge, type Finding } from './tree.js';

/** Packages whose business is to load an addon. */
const ADDON_LOADERS = new Set(['node-gyp-build', 'bindings', 'pkg-prebuilds']);

/** Checks the TypeScript files below `root`/lib. Type-only and dynamic imports count like any other. */
export function checkLib(root: string): Finding[] {
  const files = filesBelow(root, 'lib', /\.ts$/);
  const dependencies = dependenciesOf(root);
  const edges: Edge[] = [];
  const findings: Finding[] = [];
  for (const file of files) {
    const text = readText(root, file);
    for (const { fileName: specifier } of ts.preProcessFile(text, true, true).importedFiles) {
      if (!isInternal(specifier)) {
        findings.push(...checkPackage(file, specifier, dependencies));
        continue;
      }
      const to = resolveImport(root, file, specifier);
      if (to === undefined) findings.push({ file, message: `imports '${specifier}', which is not in lib/` });
      else edges.push({ from: file, to });
    }
    if (!file.startsWith('lib/binding/')) findings.push(...checkLoading(file, text));
  }
  return [...findings, ...checkFloors(files, edges, libFloors), ...checkCycles(edges)];
}

function dependenciesOf(root: string): Set<string> {
  const manifest = JSON.parse(readText(root, 'package.json')) as { dependencies?: Record<string, string> };
  return new Set(Object.keys(manifest.dependencies ?? {}));
}

function isInternal(specifier: string): boolean {
  return /^(\.|#lib\/|allcores$)/.test(specifier);
}

function resolveImport(root: string, from: string, specifier: string): string | undefined {
  const target = specifier.startsWith('.')
    ? path.posix.join(path.posix.dirname(from), specifier)
    : specifier.replace(/^#lib\//, 'lib/').replace(/^allcores$/, 'lib/index.js');
  const source = target.replace(/\.js$/, '.ts');
  return source.startsWith('lib/') && existsSync(path.join(root, source)) ? source : undefined;
}

function checkPackage(file: string, specifier: string, dependencies: ReadonlySet<string>): Finding[] {
  if (specifier.startsWith('node:')) return [];
  if (builtinModules.includes(specifier)) return [{ file, message: `imports '${specifier}' without node:` }];
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (!dependencies.has(name)) return [{ file, message: `imports '${name}', which is not in dependencies` }];
  if (ADDON_LOADERS.has(name) && !file.startsWith('lib/binding/')) {
    return [{ file, message: `imports '${name}' outside lib/binding` }];
  }
  return [];
}

/** Ways round an import: `process.dlopen`, and the path of a .node file in any string. Comments do not count. */
function checkLoading(file: string, text: string): Finding[] {
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === 'dlopen') {
      findings.push({ file, message: 'loads an addon by dlopen outside lib/binding' });
    }
    if (ts.isStringLiteralLike(node) && node.text.endsWith('.node')) {
      findings.push({ file, message: `names the addon '${node.text}' outside lib/binding` });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return findings;
}
