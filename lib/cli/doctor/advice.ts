import type { Failure } from '../child/run.js';
import { bytes } from '../base/text.js';
import type { Limit, Machine } from '../info/machine.js';
import type { CheckName } from './checks.js';

/** What one check came to. */
export interface Finding {
  readonly name: CheckName;
  readonly failure: Failure;
  readonly machine: Machine;
}

interface Rule {
  applies(finding: Finding): boolean;
  readonly advice: string | ((finding: Finding) => string);
}

/** What a pool, its workers and their channels need at least: below this it is worth a word. */
const FEW_FILES = 128;
const FEW_TASKS = 256;
const SMALL_MEMORY = 64 * 2 ** 20;

const below = (limit: Limit, least: number): boolean => typeof limit === 'number' && limit < least;
const says =
  (pattern: RegExp) =>
  ({ failure }: Finding): boolean =>
    pattern.test(failure.message);

/** Do limits leave too little for threads, processes or open files? */
function isTight({ machine: { limits } }: Finding): boolean {
  const { openFiles, processes, pids } = limits;
  return below(openFiles, FEW_FILES) || below(processes, FEW_TASKS) || below(pids, FEW_TASKS);
}

/** Was a thread, a process or an open file refused? */
function isRefused({ failure: { name, message, code = '' } }: Finding): boolean {
  const refused = /too many (processes|open files)|EAGAIN|no descriptor left|EMFILE|ENFILE|ERR_WORKER_INIT_FAILED/i;
  return name === 'NotStarted' || refused.test(`${message} ${code}`);
}

function onLimits({ machine: { limits } }: Finding): string {
  const { openFiles = 'unknown', processes = 'unknown', pids = 'unknown' } = limits;
  return (
    `Threads, processes or open files may have run out. Tasks of the control group: ${pids} (pids.max, in Docker ` +
    `--pids-limit); processes: ${processes} (ulimit -u); open files: ${openFiles} (ulimit -n).`
  );
}

/** Of the system's calls: those of Node.js and of this library have a `_`. */
const isErrno = (code = ''): boolean => /^E[A-Z\d]+$/.test(code);

/** The first rule that applies counts: from what is certain to what is likely. */
const rules: readonly Rule[] = [
  {
    applies: ({ failure }) => failure.code === 'ERR_ALLCORES_EXTERNAL_BUFFERS',
    advice: 'Run the command, and what uses the library, with a plain Node.js: no binary helps here.',
  },
  {
    applies: ({ failure: { name, code } }) => name === 'NotStarted' && (code === 'EPERM' || code === 'EACCES'),
    advice: 'This system does not let Node.js start processes of its own: a sandbox has to allow that.',
  },
  { applies: isRefused, advice: onLimits },
  {
    applies: ({ name, failure }) => name === 'addon' && / cannot load /.test(failure.message),
    advice: 'The binary does not fit this system or is damaged: `npx allcores build` makes one for it.',
  },
  {
    applies: ({ name, failure }) => name === 'addon' && failure.code === 'ERR_ALLCORES_ADDON',
    advice: ({ machine: { platform, arch, libc } }) =>
      `No binary for ${[platform, arch, libc].filter(Boolean).join(' ')} came with the package: ` +
      '`npx allcores build` makes one, and says what it needs for that.',
  },
  {
    applies: ({ failure }) => /^(ERR_)?MODULE_NOT_FOUND$/.test(failure.code ?? ''),
    advice: 'A part of the package, or a package that it needs, is missing: install it again.',
  },
  {
    // With tight limits Node.js itself crashes as it starts its threads.
    applies: (finding) => finding.name === 'addon' && finding.failure.name === 'Crash' && !isTight(finding),
    advice: 'The binary crashes as it loads: `npx allcores build` makes one for this system. Please report it.',
  },
  {
    applies: ({ name, failure, machine }) => name === 'named' && machine.platform === 'linux' && isErrno(failure.code),
    advice: ({ failure, machine: { sharedMemory } }) => {
      if (sharedMemory === undefined) {
        return 'Nothing is mounted at /dev/shm: mount -t tmpfs tmpfs /dev/shm, or in Docker --shm-size=1g.';
      }
      if (failure.code === 'ENOSPC' || failure.code === 'ENOMEM') {
        const { size, free } = sharedMemory;
        const room = `/dev/shm has ${bytes(size)}, ${bytes(free)} of them free`;
        return `${room}: mount -o remount,size=1g /dev/shm, in Docker --shm-size=1g, or remove what is left there.`;
      }
      return `/dev/shm cannot be written (${failure.code}): it should be a tmpfs of mode 1777, mounted read-write.`;
    },
  },
  {
    applies: says(/no shared memory left|system gives no memory|No memory/i),
    advice: ({ machine: { memory, platform } }) =>
      below(memory.free, SMALL_MEMORY)
        ? `Only ${bytes(memory.free)} of memory are free.`
        : platform === 'linux'
          ? 'The system refuses anonymous shared memory: a seccomp profile or sandbox has to allow memfd_create, ' +
            'ftruncate and mmap, and the memory limit of the container or ulimit -v must leave room.'
          : 'The system refuses shared memory: look at its limits of memory and of POSIX shared memory.',
  },
  {
    applies: (finding) => isTight(finding) && finding.failure.name !== 'AssertionError',
    advice: onLimits,
  },
  {
    applies: ({ failure }) => failure.name === 'Late',
    advice: 'The machine may be overloaded, or something holds processes up: try again with --timeout 120.',
  },
  {
    applies: ({ name, failure }) => name === 'workers' && failure.name !== 'AssertionError',
    advice:
      'Workers may be threads meanwhile, the default. A sandbox has to allow new processes that inherit descriptors.',
  },
];

const REPORT = 'This should not happen: please report it, with what `npx allcores info` prints.';

/** What to do about a check that failed. */
export function adviceFor(finding: Finding): string {
  const advice = rules.find((rule) => rule.applies(finding))?.advice ?? REPORT;
  return typeof advice === 'string' ? advice : advice(finding);
}
