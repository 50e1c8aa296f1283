import type { Library } from '../child/probe.js';
import type { Failure, Outcome } from '../child/run.js';
import { bytes, columns } from '../base/text.js';
import type { Limit, Machine } from './machine.js';

/** All that `allcores info` tells. */
export interface Info {
  readonly version: string;
  readonly machine: Machine;
  readonly library: Library | { readonly failure: Failure };
}

export function infoOf(version: string, machine: Machine, probed: Outcome<Library>): Info {
  return { version, machine, library: 'value' in probed ? probed.value : probed };
}

export function asText({ version, machine, library }: Info): string[] {
  const { processors, memory, sharedMemory, limits, environment } = machine;
  const loaded = 'failure' in library ? undefined : library;
  const usable = loaded?.processors ?? processors.usable;
  const rows = [
    ['allcores', version],
    ['Node', `${machine.node}, Node-API ${machine.nodeApi}`],
    ['platform', [`${machine.platform} ${machine.arch}`, machine.libc, machine.system].filter(Boolean).join(', ')],
    [
      'binary',
      'failure' in library ? `none: ${library.failure.message}` : `${library.addon}, ${bytes(library.addonBytes)}`,
    ],
    ['processors', `${usable} usable of ${processors.installed}${processors.model ? `, ${processors.model}` : ''}`],
    ['memory', `${bytes(memory.installed)}, ${bytes(memory.free)} free, limit ${amount(memory.limit, bytes)}`],
    ...(machine.platform === 'linux'
      ? [['/dev/shm', sharedMemory ? `${bytes(sharedMemory.size)}, ${bytes(sharedMemory.free)} free` : 'not mounted']]
      : []),
    ['limits', limitsOf(limits)],
    ['start methods', loaded?.startMethods.join(', ') ?? 'unknown'],
    ['native threads', loaded ? String(loaded.nativeThreads) : 'unknown'],
    ['shared heap', loaded ? `up to ${bytes(loaded.heapLimit)}` : 'unknown'],
    ...Object.entries(environment).map(([name, value]) => [name, value]),
  ];
  // A message of several lines stays in its column.
  const indent = Math.max(...rows.map(([name = '']) => name.length)) + 2;
  return columns(
    rows.map(([name = '', value = '']) => [name, value.trim().replaceAll(/\n\s*/g, `\n${' '.repeat(indent)}`)]),
  );
}

function limitsOf({ stack, openFiles, processes, pids }: Machine['limits']): string {
  const told = [
    ['stack', amount(stack, bytes)],
    ['open files', amount(openFiles)],
    ['processes', amount(processes)],
    ['tasks of the control group', pids === 'unlimited' ? undefined : amount(pids)],
  ].filter(([, limit]) => limit !== undefined);
  return told.map(([name, limit]) => `${name} ${limit}`).join(', ') || 'unknown';
}

function amount(limit: Limit, format: (value: number) => string = String): string | undefined {
  return typeof limit === 'number' ? format(limit) : limit;
}
