/** What LLVM's tools tell of a shared library, whatever system it is for. */
import { execFileSync } from 'node:child_process';
import { llvmTool } from '../run-tool.mjs';

/**
 * @typedef {object} Facts
 * @property {string[]} exported what it shows to others
 * @property {string[]} asked what it takes from others, as far as that can be told
 * @property {string[]} libraries what it needs
 * @property {string[]} marks what its header says of how to load it, one thing a string
 */

const outputs = new Map();

function output(tool, ...args) {
  const key = [tool, ...args].join(' ');
  if (!outputs.has(key)) {
    outputs.set(key, execFileSync(llvmTool(tool), args, { encoding: 'utf8', maxBuffer: 1 << 26 }));
  }
  return outputs.get(key);
}

/** The first group of every match. */
const all = (text, pattern) => [...text.matchAll(pattern)].map(([, group]) => group);

function libraries(file) {
  const [, list = ''] = /NeededLibraries \[([^]*?)\]/.exec(output('llvm-readobj', '--needed-libs', file)) ?? [];
  return list.split('\n').map((line) => line.trim()).filter(Boolean); // prettier-ignore
}

/** @returns {Facts} */
function inspectElf(file) {
  const [found] = JSON.parse(
    output('llvm-readobj', '--elf-output-style=JSON', '--dyn-symbols', '--version-info', '--dynamic-table', file),
  );
  const symbols = found.DynamicSymbols.map(({ Symbol: { Name, Section } }) => ({
    name: Name.Name.replace(/@.*/, ''),
    defined: Section.Name !== 'Undefined',
  })).filter(({ name }) => name !== '');
  const versions = found.VersionRequirements.flatMap(({ Dependency }) => Dependency.Entries);
  return {
    exported: symbols.filter(({ defined }) => defined).map(({ name }) => name),
    asked: symbols.filter(({ defined }) => !defined).map(({ name }) => name),
    libraries: libraries(file),
    marks: [
      ...versions.map(({ Entry }) => Entry.Name),
      ...found.DynamicSection.filter(({ Type }) => Type === 'FLAGS_1').flatMap(({ Flags }) => Flags),
    ],
  };
}

/** @returns {Facts} */
function inspectMachO(file) {
  const header = output('llvm-objdump', '--macho', '--private-headers', file);
  return {
    exported: all(output('llvm-nm', '--extern-only', '--defined-only', '--just-symbol-name', file), /^_(\S+)$/gm),
    asked: all(output('llvm-nm', '--undefined-only', '--just-symbol-name', file), /^_(\S+)$/gm),
    libraries: libraries(file),
    marks: [...all(header, /^\s*(minos \S+)$/gm), ...all(header, /cmd (LC_CODE_SIGNATURE)/g)],
  };
}

/** @returns {Facts} */
function inspectPe(file) {
  const text = output('llvm-readobj', '--coff-exports', '--coff-imports', file);
  return {
    exported: all(text, /^Export \{\n\s+Ordinal: \d+\n\s+Name: (\S+)/gm),
    asked: all(text, /^\s+Symbol: (\S+) /gm),
    libraries: libraries(file),
    marks: [],
  };
}

/** @param {import('./targets.mjs').Target} target */
export function inspect({ system, file }) {
  const inspectors = { Linux: inspectElf, Darwin: inspectMachO, Windows: inspectPe };
  return inspectors[system](file);
}
