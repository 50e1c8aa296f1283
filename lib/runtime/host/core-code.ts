import { constants, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { compiledCore } from '../../base/told.js';

/** Linux: a file without a name, which nobody else can open and which is gone with its last descriptor. */
const UNNAMED = 0o20000000 | constants.O_DIRECTORY;

let code: Uint8Array<SharedArrayBuffer> | undefined;
let file: CodeFile | undefined;

/** A file that a process inherits. */
interface CodeFile {
  readonly descriptor: number;
  readonly bytes: number;
}

/**
 * The compiled code of what every worker loads, for workers to begin with: compiling it takes each of them longer than
 * all else in its start that is ours. Made when the first worker is started. Good for this version of Node and its flags;
 * elsewhere it is recognized as that and not used. Undefined where this library was loaded in another way.
 */
export function coreCode(): Uint8Array<SharedArrayBuffer> | undefined {
  if (code === undefined && compiledCore !== undefined) {
    const compiled = compiledCore();
    code = new Uint8Array(new SharedArrayBuffer(compiled.length));
    code.set(compiled);
  }
  return code;
}

/** The same in a file, which stays open. Undefined as well where there is no place for it. */
export function coreCodeFile(): CodeFile | undefined {
  if (file !== undefined) return file.bytes > 0 ? file : undefined;
  file = { descriptor: -1, bytes: 0 };
  if (process.platform !== 'linux') return undefined;
  const bytes = coreCode();
  if (bytes === undefined) return undefined;
  try {
    const descriptor = openSync(tmpdir(), constants.O_RDWR | UNNAMED, 0o600);
    if (writeSync(descriptor, bytes, 0, bytes.length, 0) < bytes.length) return undefined;
    file = { descriptor, bytes: bytes.length };
    return file;
  } catch {
    return undefined; // no such folder, or one that may not be written to
  }
}
