import assert from 'node:assert/strict';
import { adviceFor } from '#lib/cli/doctor/advice.js';
import type { CheckName } from '#lib/cli/doctor/checks.js';
import { inspectMachine, type Machine } from '#lib/cli/info/machine.js';

const GIB = 2 ** 30;

const machine: Machine = {
  ...inspectMachine(),
  platform: 'linux',
  arch: 'x64',
  libc: 'musl',
  memory: { installed: 8 * GIB, free: 4 * GIB, limit: 'unlimited' },
  sharedMemory: { size: GIB, free: GIB },
  limits: { stack: 8 * 2 ** 20, openFiles: 1024, processes: 'unlimited', pids: 'unlimited' },
};

describe('advice', () => {
  const cases: [
    title: string,
    CheckName,
    { message: string; name?: string; code?: string },
    Partial<Machine>,
    RegExp,
  ][] = [
    [
      'a runtime without buffers over shared memory',
      'addon',
      { message: 'allcores needs ArrayBuffers over shared memory', code: 'ERR_ALLCORES_EXTERNAL_BUFFERS' },
      {},
      /plain Node\.js/,
    ],
    [
      'no binary',
      'addon',
      { message: 'allcores has no binary for this system', code: 'ERR_ALLCORES_ADDON' },
      {},
      /^No binary for linux x64 musl.*`npx allcores build`/,
    ],
    [
      'another libc',
      'addon',
      { message: "allcores cannot load allcores.node: GLIBC_2.36' not found", code: 'ERR_ALLCORES_ADDON' },
      {},
      /does not fit.*build/,
    ],
    ['a crash at load', 'addon', { message: 'was killed by SIGILL', name: 'Crash' }, {}, /crashes as it loads/],
    [
      'a process that could not be started',
      'addon',
      { message: 'could not be started (spawn node ENOMEM)', name: 'NotStarted', code: 'ENOMEM' },
      {},
      /may have run out.*ulimit -n/,
    ],
    [
      'a process that may not be started',
      'addon',
      { message: 'could not be started (spawn node EPERM)', name: 'NotStarted', code: 'EPERM' },
      {},
      /a sandbox has to allow/,
    ],
    [
      'a binary that finds no open file left',
      'addon',
      { message: 'allcores cannot load allcores.node: Too many open files', code: 'ERR_ALLCORES_ADDON' },
      {},
      /may have run out/,
    ],
    [
      'a crash at load under tight limits',
      'addon',
      { message: 'was killed by SIGABRT', name: 'Crash' },
      { limits: { ...machine.limits, openFiles: 30 } },
      /open files: 30 \(ulimit -n\)/,
    ],
    [
      'no binary under tight limits',
      'addon',
      { message: 'allcores has no binary for this system', code: 'ERR_ALLCORES_ADDON' },
      { limits: { ...machine.limits, openFiles: 30 } },
      /^No binary/,
    ],
    [
      'a package that is not complete',
      'addon',
      { message: "Cannot find package 'acorn'", code: 'ERR_MODULE_NOT_FOUND' },
      {},
      /install it again/,
    ],
    ['another error at load', 'addon', { message: 'x is not a function', name: 'TypeError' }, {}, /please report it/],
    ['a slow load', 'addon', { message: 'was not over after 30 s', name: 'Late' }, {}, /--timeout 120/],
    [
      'no /dev/shm',
      'named',
      { message: '', code: 'ENOENT' },
      { sharedMemory: undefined },
      /mount -t tmpfs.*--shm-size/,
    ],
    [
      'a full one',
      'named',
      { message: '', code: 'ENOSPC' },
      { sharedMemory: { size: 65_536, free: 0 } },
      /^\/dev\/shm has 64 KiB, 0 B of them free: .*remount/,
    ],
    ['a closed one', 'named', { message: '', code: 'EACCES' }, {}, /cannot be written \(EACCES\).*1777/],
    [
      'a name that stays',
      'named',
      { message: 'the name is still there', name: 'AssertionError', code: 'ERR_ASSERTION' },
      {},
      /please report it/,
    ],
    ['no open file left for a name', 'named', { message: '', code: 'EMFILE' }, {}, /may have run out/],
    ['no memfd', 'threads', { message: 'allcores: no shared memory left for a pool' }, {}, /seccomp.*memfd_create/],
    [
      'no memory',
      'kernels',
      { message: 'allcores: the system gives no memory for shared objects' },
      { memory: { installed: GIB, free: 2 ** 20, limit: 'unlimited' } },
      /^Only 1 MiB of memory are free\.$/,
    ],
    [
      'few tasks in the control group',
      'threads',
      { message: 'was killed by SIGABRT', name: 'Crash' },
      { limits: { ...machine.limits, pids: 20 } },
      /control group: 20 \(pids\.max/,
    ],
    [
      'no process',
      'workers',
      { message: 'The system could not start node: there are too many processes' },
      {},
      /ulimit -u/,
    ],
    ['a sandbox', 'workers', { message: 'ended' }, {}, /^Workers may be threads meanwhile/],
    ['a hang', 'cancel', { message: 'was not over', name: 'Late' }, {}, /overloaded/],
    ['wrong numbers', 'kernels', { message: '1 !== 2', name: 'AssertionError' }, {}, /report it.*npx allcores info/],
  ];
  for (const [title, name, failure, different, expected] of cases) {
    it(`of ${title}`, () => {
      assert.match(adviceFor({ name, failure, machine: { ...machine, ...different } }), expected);
    });
  }
});
