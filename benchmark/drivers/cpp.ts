import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { compiledFile, repositoryFile } from '../paths.js';
import type { CommandDriver } from './driver.js';

/** C++ on all processors, compiled when the run starts. */
function cpp(name: string, settings: string, flags: readonly string[]): CommandDriver {
  const program = compiledFile(`native/kernels_${name.toLowerCase()}`);
  return {
    name,
    kind: 'baseline',
    settings,
    workloads: ['kernels'],
    variants: () => [{ workers: 1 }],
    prepare() {
      const compiler = process.env['CXX'] ?? 'g++';
      mkdirSync(dirname(program), { recursive: true });
      const source = repositoryFile('benchmark/native/kernels.cc');
      const built = spawnSync(compiler, ['-std=c++20', '-O3', '-pthread', source, '-o', program, ...flags], {
        encoding: 'utf8',
      });
      if (built.status !== 0) throw new Error(`${compiler} did not build it: ${built.error?.message ?? built.stderr}`);
    },
    command: (_workload, _variant, quick) => [program, quick ? 'quick' : 'whole'],
  };
}

export const tbb = cpp('TBB', 'oneTBB: parallel_reduce, parallel_for, parallel_sort', ['-DWITH_TBB', '-ltbb']);
export const openmp = cpp('OpenMP', 'OpenMP: parallel for simd, with reductions; sorted by std::execution::par', [
  '-fopenmp',
  '-ffast-math',
  '-ltbb',
]);
