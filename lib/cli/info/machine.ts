import { readFileSync, statfsSync } from 'node:fs';
import { availableParallelism, cpus, freemem, release, totalmem, type as systemName } from 'node:os';
import { join } from 'node:path';

/** A limit of the system's: a number, or without end, or unknown here. */
export type Limit = number | 'unlimited' | undefined;

/** What is known of a machine without the library. Memory is in bytes. */
export interface Machine {
  readonly node: string;
  readonly nodeApi: string;
  readonly platform: string;
  readonly arch: string;
  readonly system: string;
  /** The C library of Linux, with its version if it tells. */
  readonly libc: string | undefined;
  readonly processors: { readonly installed: number; readonly usable: number; readonly model: string | undefined };
  readonly memory: { readonly installed: number; readonly free: number; readonly limit: Limit };
  /** Where named shared memory lies; undefined if nothing is mounted there, or elsewhere than on Linux. */
  readonly sharedMemory: { readonly size: number; readonly free: number } | undefined;
  readonly limits: {
    readonly stack: Limit;
    readonly openFiles: Limit;
    readonly processes: Limit;
    readonly pids: Limit;
  };
  /** Environment variables that change what Node or this library do. */
  readonly environment: Readonly<Record<string, string>>;
}

const SHARED_MEMORY = '/dev/shm';

interface Report {
  readonly header: { readonly glibcVersionRuntime?: string };
  readonly userLimits?: Readonly<Record<string, { readonly soft: Limit }>>;
}

export function inspectMachine(): Machine {
  const { header, userLimits } = process.report.getReport() as unknown as Report;
  const installed = cpus();
  const memoryLimit = process.constrainedMemory();
  return {
    node: process.version,
    nodeApi: process.versions['napi'] ?? '',
    platform: process.platform,
    arch: process.arch,
    system: `${systemName()} ${release()}`,
    libc: process.platform === 'linux' ? libcName(header.glibcVersionRuntime) : undefined,
    processors: { installed: installed.length, usable: availableParallelism(), model: installed[0]?.model },
    memory: {
      installed: totalmem(),
      free: freemem(),
      // Without a limit the kernel tells the largest number that it has, or none.
      limit: memoryLimit > 0 && memoryLimit < totalmem() ? memoryLimit : 'unlimited',
    },
    sharedMemory: process.platform === 'linux' ? sharedMemory() : undefined,
    limits: {
      stack: userLimits?.['stack_size_bytes']?.soft ?? kilobytes(userLimits?.['stack_size_kbytes']?.soft),
      openFiles: userLimits?.['open_files']?.soft,
      processes: userLimits?.['max_user_processes']?.soft,
      pids: process.platform === 'linux' ? pidsLimit() : undefined,
    },
    environment: Object.fromEntries(
      Object.entries(process.env)
        .filter(([name]) => name.startsWith('ALLCORES_') || name === 'NODE_OPTIONS' || name.startsWith('UV_'))
        .map(([name, value = '']) => [name, value]),
    ),
  };
}

/** musl has no way to tell its version. */
function libcName(glibcVersion: string | undefined): string {
  return glibcVersion === undefined ? 'musl' : `glibc ${glibcVersion}`;
}

function kilobytes(limit: Limit): Limit {
  return typeof limit === 'number' ? limit * 1024 : limit;
}

function sharedMemory(): Machine['sharedMemory'] {
  try {
    // Where nothing is mounted it is a folder of the disk below, or of none.
    if (!readFileSync('/proc/self/mounts', 'utf8').includes(` ${SHARED_MEMORY} `)) return undefined;
    const { bsize, blocks, bavail } = statfsSync(SHARED_MEMORY);
    return { size: bsize * blocks, free: bsize * bavail };
  } catch {
    return undefined;
  }
}

/** How many tasks, threads included, the control group may have; the least along its path, in either version of groups. */
function pidsLimit(): Limit {
  let least: Limit = 'unlimited';
  for (const [, controllers = '', group = ''] of (textOf('/proc/self/cgroup') ?? '').matchAll(/^\d+:(.*?):(.*)$/gm)) {
    if (controllers !== '' && controllers !== 'pids') continue;
    const mount = join('/sys/fs/cgroup', controllers);
    for (let folder = join(mount, group); folder.startsWith(mount); folder = join(folder, '..')) {
      const limit = Number(textOf(join(folder, 'pids.max')) ?? Number.NaN);
      if (limit < (least === 'unlimited' ? Infinity : (least ?? 0))) least = limit;
    }
  }
  return least;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
