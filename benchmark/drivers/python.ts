import { spawnSync } from 'node:child_process';
import { repositoryFile } from '../paths.js';
import { bareName, cores, plainVariants, type CommandDriver } from './driver.js';

const interpreter = process.env['PYTHON'] ?? 'python3';

const sharedObjects = ['lock', 'queue', 'dict', 'list', 'value'];

function prepare(): void {
  const { status, error } = spawnSync(interpreter, ['-c', 'import multiprocessing'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${interpreter} does not run here${error ? ` (${error.message})` : ''}`);
}

function commandOf(api: 'Pool' | 'ProcessPoolExecutor'): CommandDriver['command'] {
  return (name, { workers }, quick) => {
    const workload = bareName(name);
    return [
      interpreter,
      repositoryFile(`benchmark/python/${sharedObjects.includes(workload) ? 'shared' : 'bench'}.py`),
      JSON.stringify({ workload, api, workers, cores, quick }),
    ];
  };
}

/** What most people do numeric work with: one thread, but for what its BLAS does. */
export const numpy: CommandDriver = {
  name: 'NumPy',
  kind: 'baseline',
  settings: 'ndarray.sum, dot, numpy.add with out, ndarray.sort',
  workloads: ['kernels'],
  variants: () => [{ workers: 1 }],
  prepare() {
    const { status } = spawnSync(interpreter, ['-c', 'import numpy']);
    if (status !== 0) throw new Error(`${interpreter} has no NumPy`);
  },
  command: (_workload, _variant, quick) => [
    interpreter,
    repositoryFile('benchmark/python/kernels.py'),
    JSON.stringify({ quick }),
  ],
};

/** Python's own `multiprocessing`, the library that this one is modelled on. */
export const python: CommandDriver = {
  name: 'Python',
  kind: 'baseline',
  settings:
    'multiprocessing.Pool with the default start method and chunk sizes; shared objects in two Processes, buffers of 64 MB through a Pipe',
  workloads: [
    ...'noop-in-flight noop-at-once latency latency-after-idle map-plain imap'.split(' '),
    ...'small-objects large-objects copy-1mb copy-64mb scaling cold-start'.split(' '),
    ...sharedObjects,
  ],
  variants: plainVariants,
  prepare,
  command: commandOf('Pool'),
};

export const pythonExecutor: CommandDriver = {
  name: 'Python executor',
  kind: 'baseline',
  workers: 'processes',
  settings: 'concurrent.futures.ProcessPoolExecutor with the default start method',
  variants: plainVariants,
  prepare,
  command: commandOf('ProcessPoolExecutor'),
};
