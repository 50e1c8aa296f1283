import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ProcessError } from '../base/errors.js';

/** What loads an ELF program of 64 bits, as its header says; empty when it cannot be learnt. */
function interpreterOf(program: string): string {
  let file: number | undefined;
  try {
    file = openSync(program, 'r');
    const header = readAt(file, 0, 64);
    const size = header.readUInt16LE(54);
    const segments = readAt(file, Number(header.readBigUInt64LE(32)), size * header.readUInt16LE(56));
    const interpreter = 3;
    let at = 0;
    while (segments.readUInt32LE(at) !== interpreter) at += size;
    const [offset, length] = [segments.readBigUInt64LE(at + 8), segments.readBigUInt64LE(at + 32)];
    return readAt(file, Number(offset), Number(length)).toString('latin1');
  } catch {
    return '';
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function readAt(file: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
}

/** Name of the prebuilt binary for the C library of the program that runs us: a system may have more than one. */
function prebuiltName(): string {
  if (process.platform !== 'linux') return 'allcores.node';
  return interpreterOf(process.execPath).includes('ld-musl') ? 'allcores.musl.node' : 'allcores.glibc.node';
}

const { arch, platform, version } = process;

function failure(what: string, options?: ErrorOptions): ProcessError {
  const message = `allcores ${what} (${platform}-${arch}, Node ${version}). Build it here: npx allcores build`;
  return new ProcessError(message, options, 'ERR_ALLCORES_ADDON');
}

/**
 * The binary for this system: one that was built in place, or else a prebuilt one.
 * @throws {ProcessError} when there is neither
 */
export function locateAddon(root: string): string {
  const built = join(root, 'build', 'Release', 'allcores.node');
  if (existsSync(built)) return built;
  const prebuilt = join(root, 'prebuilds', `${platform}-${arch}`, prebuiltName());
  if (existsSync(prebuilt)) return prebuilt;
  const places = [prebuilt, built].map((place) => relative(root, place));
  throw failure(`has no binary for this system: neither ${places.join(' nor ')} is in ${root}`);
}

/** What to throw when the system cannot load a binary. */
export function unloadable(addon: string, cause: unknown): ProcessError {
  return failure(`cannot load ${addon}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
}

/** What to throw where the runtime has no buffers over shared memory. */
export function buffersRefused(): ProcessError {
  const { electron } = process.versions;
  const runtime = electron === undefined ? `Node ${version}` : `Electron ${electron}`;
  const message =
    `allcores needs ArrayBuffers over shared memory, which this runtime refuses (${runtime}, as Electron does since ` +
    'version 21). Start a plain Node.js process, for example by child_process.fork with its path as `execPath`, and use allcores there';
  return new ProcessError(message, undefined, 'ERR_ALLCORES_EXTERNAL_BUFFERS');
}
