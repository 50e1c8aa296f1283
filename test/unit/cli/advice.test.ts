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
