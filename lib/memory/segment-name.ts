import { constants } from 'node:os';
import { SharedMemoryError } from '../base/errors.js';
import { shown } from '../base/validate.js';

/** What generated names begin with: allcores memory. Python's begin with `psm_`. */
const PREFIX = 'acm_';

/** A name that is most likely free. It is no secret: only the user who creates memory may attach to it. */
export function generatedName(): string {
  const number = Math.floor(Math.random() * 2 ** 32);
  return PREFIX + number.toString(16).padStart(8, '0');
}

/** @throws {TypeError | SharedMemoryError} for what no system takes as a name, or takes as something else */
export function requireName(name: unknown): string {
  if (typeof name !== 'string') throw new TypeError(`name must be a string, got ${shown(name)}`);
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) {
    throw new SharedMemoryError(
      `name must be a file name, without '/' and zero characters, got ${shown(name)}`,
      'EINVAL',
    );
  }
  return name;
}

/** Of a number of the C library's, which on Windows are not those that Node's own errors have. */
function codeOf(error: number): string {
  return Object.entries(constants.errno).find(([, number]) => number === error)?.[0] ?? `errno ${error}`;
}

/** The error for a number of the system's. */
export function refusalOf(
  error: number,
  name: string,
  action: 'create' | 'attach' | 'unlink',
  size = 0,
): SharedMemoryError {
  const code = codeOf(error);
  return new SharedMemoryError(describe(code, shown(name), action, size), code);
}

function describe(code: string, name: string, action: 'create' | 'attach' | 'unlink', size: number): string {
  switch (code) {
    case 'EEXIST':
      return `name must be one that no shared memory has, got ${name}, which exists`;
    case 'ENOENT':
      if (action === 'unlink') return `Shared memory ${name} is unlinked already`;
      return `name must be that of shared memory that exists, got ${name}, which does not`;
    case 'EACCES':
    case 'EPERM':
      if (process.platform === 'win32' && action === 'unlink') {
        return `Shared memory ${name} can be unlinked by the process that created it, and no other`;
      }
      return `name must be that of shared memory of this user, got ${name}, which may not be used`;
    case 'ENAMETOOLONG':
      return `name must be short enough for this system (255 bytes on Linux, 30 on macOS), got ${name}`;
    case 'EINVAL':
    case 'EISDIR':
    case 'ELOOP':
      return `name must be that of shared memory, got ${name}, which is something else or empty`;
    case 'ENOMEM':
    case 'ENOSPC':
      return `No shared memory left for ${size} bytes`;
    default:
      return `Shared memory ${name}: the system refused to ${action} it (${code})`;
  }
}
