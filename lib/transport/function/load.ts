import { Script } from 'node:vm';
import { FunctionTransportError } from '../../base/errors.js';
import { registerClasses } from './class-registry.js';
import { remember } from './described.js';
import { importFrom, requireUrl, type Namespace } from './import-from.js';
import { variableOf } from './inspector.js';
import { scopeFor, type Factory } from './module-scope.js';
import { prepareLoader } from './typescript-loader.js';
import {
  WHOLE_MODULE,
  type AnyFunction,
  type FunctionDescriptor,
  type ModuleDescriptor,
  type SourceDescriptor,
  type SyntheticDescriptor,
} from './protocol.js';

/** Compiled code by the key of its descriptor. A factory takes the captured values and gives the function. */
const factories = new Map<string, Factory>();
const loading = new Map<string, Promise<Factory>>();

/**
 * Makes the function that a descriptor tells of: at once where nothing has to be imported or awaited for it.
 * Modules, and the top-level declarations of synthetic ones, are evaluated once in a thread.
 *
 * @throws what the module or declaration throws when it is evaluated, or FunctionTransportError if the module does not
 *   export such a function. A promise rejects with the same.
 */
export function loadFunction(descriptor: FunctionDescriptor): AnyFunction | Promise<AnyFunction> {
  const factory = factories.get(descriptor.key) ?? loading.get(descriptor.key) ?? load(descriptor);
  return factory instanceof Promise ? factory.then((ready) => make(ready, descriptor)) : make(factory, descriptor);
}

function make(factory: Factory, descriptor: FunctionDescriptor): AnyFunction {
  const captured = 'captured' in descriptor ? Object.values(descriptor.captured ?? {}) : [];
  const fn = factory(...captured);
  if (typeof fn !== 'function') {
    throw new FunctionTransportError(`"${descriptor.name}" became ${typeof fn} in the worker, not a function`);
  }
  remember(fn as AnyFunction, descriptor);
  return fn as AnyFunction;
}

function load(descriptor: FunctionDescriptor): Factory | Promise<Factory> {
  const { key } = descriptor;
  const made = create(descriptor);
  if (!(made instanceof Promise)) {
    factories.set(key, made);
    return made;
  }
  const promise = made.then(
    (factory) => {
      loading.delete(key);
      factories.set(key, factory);
      return factory;
    },
    (error: unknown) => {
      loading.delete(key);
      throw error;
    },
  );
  loading.set(key, promise);
  return promise;
}

function create(descriptor: FunctionDescriptor): Factory | Promise<Factory> {
  const prepared = descriptor.kind === 'source' ? undefined : prepareLoader(descriptor.url);
  return prepared ? prepared.then(() => createNow(descriptor)) : createNow(descriptor);
}

function createNow(descriptor: FunctionDescriptor): Factory | Promise<Factory> {
  switch (descriptor.kind) {
    case 'source':
      return compile(descriptor);
    case 'module':
      return exported(descriptor);
    case 'synthetic': {
      const { url } = descriptor;
      const scope = scopeFor(descriptor);
      registerClasses(url, descriptor.classes ?? [], 'synthetic', (name) => scope.valueOf(name));
      return scope.load(descriptor, namesOf(descriptor));
    }
  }
}

function namesOf({ captured }: SourceDescriptor | SyntheticDescriptor): string[] {
  return Object.keys(captured ?? {});
}

function compile(descriptor: SourceDescriptor): Factory {
  const lead = `${descriptor.strict ? `'use strict'; ` : ''}(function (${namesOf(descriptor).join(', ')}) { return (`;
  const [, path, line = '1', column = '1'] = /^(.*):(\d+):(\d+)$/.exec(descriptor.at ?? '') ?? [];
  const filename = path ?? `allcores:${descriptor.name || 'anonymous'}`;
  const offsets = { lineOffset: Number(line) - 1, columnOffset: Number(column) - 1 - lead.length - 1 };
  return new Script(`${lead}${descriptor.source}\n); })`, { filename, ...offsets }).runInThisContext() as Factory;
}

function exported(descriptor: ModuleDescriptor): Factory | Promise<Factory> {
  const { url, format, parent } = descriptor;
  const pick = (module: unknown): Factory => {
    const value = descriptor.exportName === WHOLE_MODULE ? module : (module as Namespace)[descriptor.exportName];
    if (typeof value === 'function') {
      registerClasses(url, descriptor.classes ?? [], 'module', (name) => variableOf(value as AnyFunction, name));
      return () => value;
    }
    const found = value === undefined ? 'does not export' : `exports ${typeof value}, not a function, as`;
    throw new FunctionTransportError(`module ${url} ${found} "${descriptor.exportName}"`);
  };
  if (format === 'cjs') return pick(requireUrl(url));
  const namespace = importFrom(parent ?? import.meta.url, url);
  return namespace instanceof Promise ? namespace.then(pick) : pick(namespace);
}
