import { optionalInteger, optionalObject, requireArray, requireInteger, shown } from '../base/validate.js';
import type { PoolSize } from '../binding/pool.js';
import type { CrewOptions } from '../runtime/crew.js';
import type { StaffingOptions } from '../runtime/staffing.js';
import { processOptionsOf, resourceLimitsOf } from '../process/options.js';
import type { StartMethod } from '../process/start-method.js';
import type { PoolOptions } from './options.js';

/**
 * The memory of a pool; pages cost nothing before they are used.
 *
 * Twice as many slots as workers, so that a replacement need not wait for its predecessor's thread to end.
 */
export function poolSize(processes: number): PoolSize {
  return { slots: 2 * processes + 1, records: 1 << 16, resultBytes: 1 << 19, arenaBytes: 16 << 20 };
}

/** @throws {TypeError | RangeError} for a bad option, by name */
export function staffOf(
  options: PoolOptions,
  method: StartMethod,
): Omit<CrewOptions, 'processes'> & Pick<StaffingOptions, 'initializer' | 'initargs'> {
  const { name = 'PoolWorker', affinity } = options;
  if (typeof name !== 'string') throw new TypeError(`name must be a string, got ${shown(name)}`);
  if (affinity !== undefined) {
    requireArray('affinity', affinity);
    for (const [i, cpu] of affinity.entries()) requireInteger(`affinity[${i}]`, cpu, 0);
  }
  optionalObject('env', options.env);
  if (options.execArgv !== undefined) requireArray('execArgv', options.execArgv);
  return {
    areProcesses: method === 'process',
    standby: optionalInteger('standby', options.standby, 0) ?? 0,
    ...processOptionsOf(options, method),
    name,
    affinity,
    mostTasks: optionalInteger('maxTasksPerChild', options.maxTasksPerChild, 1) ?? 0,
    mostMemory: optionalInteger('maxMemoryPerChild', options.maxMemoryPerChild, 1) ?? 0,
    initializer: options.initializer,
    initargs: options.initargs === undefined ? [] : requireArray('initargs', options.initargs),
    env: options.env,
    execArgv: options.execArgv,
    resourceLimits: resourceLimitsOf(options.resourceLimits),
  };
}
