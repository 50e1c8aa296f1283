import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { outputOf, programNamed } from './programs.js';
import type { Installing } from './system.js';
import { temporaryFolder } from './temporary.js';

/** A tool without which the addon cannot be compiled. */
export interface Need {
  readonly what: string;
  readonly install: Installing;
  isMet(): boolean;
}

const PROBE = '#include <bit>\n#include <concepts>\n#include <span>\nint main() { return std::popcount(0u); }\n';

export const compiler: Need = {
  what: 'a C++20 compiler with its standard library (g++ 11, clang 14, Xcode 14, or later)',
  install: {
    debian: 'g++',
    alpine: 'g++',
    fedora: 'gcc-c++ libstdc++-static',
    macos: 'xcode-select --install',
  },
  isMet() {
    // Without its tools macOS has a compiler that does nothing but offer to install them.
    if (process.platform === 'darwin' && outputOf('xcode-select', ['-p']) === undefined) return false;
    const chosen = process.env['CXX']?.split(' ').filter(Boolean);
    const candidates = chosen?.length ? [chosen] : [['c++'], ['g++'], ['clang++']];
    return candidates.some(([program = '', ...args]) => compiles(program, args));
  },
};

/** Compiles and links as the addon is. */
function compiles(program: string, before: readonly string[]): boolean {
  const folder = temporaryFolder('allcores-probe-');
  try {
    const options = process.platform === 'linux' ? ['-static-libstdc++'] : [];
    const args = [...before, '-std=c++20', ...options, '-x', 'c++', '-', '-o', join(folder, 'probe')];
    return outputOf(program, args, PROBE) !== undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const cmake: Need = {
  what: 'CMake 3.22 or later',
  install: {
    debian: 'cmake',
    alpine: 'cmake',
    fedora: 'cmake',
    macos: 'brew install cmake',
  },
  isMet() {
    const [, major = 0, minor = 0] = /version (\d+)\.(\d+)/.exec(outputOf('cmake', ['--version']) ?? '') ?? [];
    return Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 22);
  },
};

const MAKE = { debian: 'make', alpine: 'make', fedora: 'make', macos: 'xcode-select --install' };

export const make: Need = {
  what: 'make',
  install: MAKE,
  isMet: () => programNamed('make') !== undefined,
};

export const ninjaOrMake: Need = {
  what: 'ninja or make',
  install: MAKE,
  isMet: () => ['ninja', 'make'].some((name) => programNamed(name) !== undefined),
};

export const python: Need = {
  what: 'Python 3.8 or later',
  install: {
    debian: 'python3',
    alpine: 'python3',
    fedora: 'python3',
    macos: 'brew install python',
  },
  isMet() {
    const { npm_config_python: configured, PYTHON: set } = process.env;
    const test = 'import sys; sys.exit(sys.version_info < (3, 8))';
    return [configured, set, 'python3', 'python', 'py'].some(
      (name) => name !== undefined && outputOf(name, ['-c', test]) !== undefined,
    );
  },
};
