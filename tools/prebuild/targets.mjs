/** The systems that a package carries a binary for, by name. */
import path from 'node:path';
import { root } from '../native-files.mjs';

/**
 * @typedef {object} Target
 * @property {string} name
 * @property {string} zig the compiler's name of it, with the oldest version of the system
 * @property {string} system CMake's name of the system
 * @property {string} file where the binary goes, which is where lib/binding/locate.ts looks for it
 */

/** @returns {Target} */
function target(folder, libc, zig, system) {
  const name = [folder, libc].filter(Boolean).join('-');
  const file = ['allcores', libc, 'node'].filter(Boolean).join('.');
  return { name, zig, system, file: path.join(root, 'prebuilds', folder, file) };
}

export const targets = [
  target('linux-x64', 'glibc', 'x86_64-linux-gnu.2.28', 'Linux'),
  target('linux-x64', 'musl', 'x86_64-linux-musl', 'Linux'),
  target('linux-arm64', 'glibc', 'aarch64-linux-gnu.2.28', 'Linux'),
  target('linux-arm64', 'musl', 'aarch64-linux-musl', 'Linux'),
  target('darwin-x64', '', 'x86_64-macos.11.0', 'Darwin'),
  target('darwin-arm64', '', 'aarch64-macos.11.0', 'Darwin'),
  target('win32-x64', '', 'x86_64-windows-gnu', 'Windows'),
];

/** Those that are named; all of them when none is. Ends the process when one is unknown. */
export function chosen(names) {
  const known = targets.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`there is no target ${unknown.join(', ')}; there are: ${known.join(', ')}`);
    process.exit(2);
  }
  return names.length === 0 ? targets : targets.filter(({ name }) => names.includes(name));
}
