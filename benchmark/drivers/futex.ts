import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { compiledFile, repositoryFile } from '../paths.js';
import { bareName, type CommandDriver } from './driver.js';

const program = compiledFile('native/futex_ping_pong');

/** The floor of any hand-over between two sleepers: two C++ threads, or processes, and two futex words. */
export const futex: CommandDriver = {
  name: 'futex',
  kind: 'baseline',
  settings:
    'two C++ threads, or processes where workers are, that sleep and wake each other; compiled when the run starts',
  workloads: ['latency', 'latency-after-idle', 'kernel-dispatch'],
  variants: () => [{ workers: 1 }],
  prepare() {
    if (process.platform !== 'linux') throw new Error('futexes are a Linux matter');
    const compiler = process.env['CXX'] ?? 'g++';
    mkdirSync(dirname(program), { recursive: true });
    const source = repositoryFile('benchmark/native/futex_ping_pong.cc');
    const built = spawnSync(compiler, ['-std=c++20', '-O2', '-pthread', source, '-o', program], { encoding: 'utf8' });
    if (built.status !== 0) throw new Error(`${compiler} did not build it: ${built.error?.message ?? built.stderr}`);
  },
  command(workload, _variant, quick) {
    const atOnce = bareName(workload) !== 'latency-after-idle';
    const rounds = atOnce ? (quick ? '3000' : '20000') : quick ? '60' : '200';
    return [program, bareName(workload) === workload ? 'threads' : 'processes', atOnce ? '0' : '5000', rounds];
  },
};
