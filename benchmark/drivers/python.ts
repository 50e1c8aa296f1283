import { spawnSync } from 'node:child_process';
import { repositoryFile } from '../paths.js';
import { cores, workerCounts, type CommandDriver } from './driver.js';

const interpreter = process.env['PYTHON'] ?? 'python3';

const sharedObjects = ['lock', 'queue', 'dict', 'list', 'value'];

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
  variants(mode) {
    if (mode === 'throughput') return workerCounts().map((workers) => ({ workers }));
    return [{ workers: mode === 'latency' ? 1 : cores }];
  },
  prepare() {
    const { status, error } = spawnSync(interpreter, ['-c', 'import multiprocessing'], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${interpreter} does not run here${error ? ` (${error.message})` : ''}`);
  },
  command: (workload, variant, quick) => [
    interpreter,
    repositoryFile(`benchmark/python/${sharedObjects.includes(workload) ? 'shared' : 'bench'}.py`),
    JSON.stringify({ workload, workers: variant.workers, cores, quick }),
  ],
};
