import { readFileSync } from 'node:fs';

/** Systems by how software is installed on them. */
export type System = 'debian' | 'alpine' | 'fedora' | 'macos';

const NAMES: Readonly<Record<System, string>> = {
  debian: 'Debian, Ubuntu',
  alpine: 'Alpine',
  fedora: 'Fedora, Red Hat',
  macos: 'macOS',
};

const LINUX: readonly System[] = ['debian', 'alpine', 'fedora'];
const INSTALLERS: Partial<Record<System, string>> = {
  debian: 'apt-get install -y',
  alpine: 'apk add',
  fedora: 'dnf install -y',
};

/**
 * The system this is; all that it might be, for a Linux that says nothing of these.
 *
 * @param release the text of /etc/os-release
 */
export function systemsOf(platform: NodeJS.Platform, release: string): readonly System[] {
  if (platform === 'darwin') return ['macos'];
  const ids = [...release.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)/gm)].flatMap(([, value = '']) => value.split(' '));
  const names = new Set(ids);
  const known = LINUX.filter((system) => names.has(system));
  if (known.length > 0) return known;
  return names.has('rhel') ? ['fedora'] : LINUX;
}

/** Why the addon cannot be compiled on a system, whatever is installed there, and what to do instead. */
export function impossible(platform: NodeJS.Platform): string | undefined {
  if (platform !== 'win32') return undefined;
  return `The addon cannot be compiled on Windows: cmake-js and node-gyp use Microsoft's compiler there, and the sources are
for Clang and GCC. The package brings a binary for Windows on x64: install it again if that is missing. On arm64 use
Node for x64. In a checkout on Linux, Clang makes the binary: npm run prebuilds -- win32-x64`;
}

export function osRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}

/** How to get something: names of packages on Linux, commands elsewhere. Nothing: it comes with something else. */
export type Installing = Readonly<Record<System, string>>;

/** What to type to get what is missing, a system after the other. */
export function installing(
  missing: readonly { readonly install: Installing }[],
  systems: readonly System[],
  isRoot: boolean,
): string[] {
  return systems.flatMap((system) => {
    const wanted = [...new Set(missing.map(({ install }) => install[system]).filter(Boolean))];
    const installer = INSTALLERS[system];
    const commands = installer === undefined ? wanted : [`${isRoot ? '' : 'sudo '}${installer} ${wanted.join(' ')}`];
    return [`on ${NAMES[system]}:`, ...commands.map((command) => `  ${command}`)];
  });
}
