import { inspect } from 'node:util';
import { registerHandleType } from '../base/handle.js';
import { shown } from '../base/validate.js';
import { Kind } from '../heap/outcome.js';
import { exportObject } from '../heap/exports.js';
import { agent, join } from '../heap/program.js';
import { attach, SharedObject } from '../heap/shared-object.js';
import { entryBatchOf } from './batch.js';
import { absent, deleteEntry, entriesOf, getEntry, hasEntry, keysOf, setEntry } from './entries.js';
import { requireDone } from './refusal.js';

const WHAT = 'namespace';

/** The objects behind the proxies. A proxy has no private fields, so those are found here. */
const behind = new WeakMap<object, Namespace>();

/**
 * An object whose properties are in shared memory: `multiprocessing.Manager().Namespace()`. Made by `manager.namespace()`,
 * or on its own.
 *
 * `ns.x`, `ns.x = 1`, `delete ns.x`, `'x' in ns` and `Object.keys(ns)` work as with any object, and each happens at one
 * moment for every thread. Values are copied in and out: `ns.list.push(1)` changes a copy. Its own property hides what
 * every object inherits. Errors are those of a dict.
 */
export class Namespace extends SharedObject {
  readonly #dict: number;

  /** @throws {TypeError} for what is no object */
  constructor(properties?: object) {
    if (properties !== undefined && (typeof properties !== 'object' || properties === null)) {
      throw new TypeError(`properties must be an object, got ${shown(properties)}`);
    }
    const first = properties === undefined ? [] : Object.entries(properties);
    super((manager) => agent.createDict(manager));
    this.#dict = SharedObject.offsetOf(this);
    if (first.length > 0) this.#fill(first);
    const proxy = new Proxy<Namespace>(this, handler);
    behind.set(proxy, this);
    return proxy;
  }

  /** @internal Which dict its properties are. @param namespace the proxy, or what is behind it */
  static dictOf(namespace: Namespace): number {
    return (behind.get(namespace) ?? namespace).#dict;
  }

  override toString(): string {
    const properties = entriesOf<string, unknown>(Namespace.dictOf(this), WHAT);
    return `Namespace(${properties.map(([name, value]) => `${name}=${inspect(value)}`).join(', ')})`;
  }

  [inspect.custom](depth: number, options: object): string {
    const dict = Namespace.dictOf(this);
    if (agent.isClosed(dict) !== 0) return 'Namespace (shut down)';
    const properties = Object.fromEntries(entriesOf<string, unknown>(dict, WHAT));
    return `Namespace ${depth < 0 ? '[Object]' : inspect(properties, { ...options, depth })}`;
  }

  #fill(properties: readonly (readonly [string, unknown])[]): void {
    try {
      entryBatchOf(properties, 'properties');
      requireDone(agent.dictSetMany(this.#dict), WHAT);
      agent.clearBatch();
    } catch (error) {
      SharedObject.release(this);
      throw error;
    }
  }
}

/** The target has no properties of its own and can always get some: what the traps tell contradicts nothing. */
const handler: ProxyHandler<Namespace> = {
  get(target, name, receiver) {
    if (typeof name === 'symbol') return Reflect.get(target, name, receiver) as unknown;
    const value = getEntry(Namespace.dictOf(target), name, WHAT);
    return value === absent ? (Reflect.get(target, name, receiver) as unknown) : value;
  },
  set(target, name, value) {
    setEntry(Namespace.dictOf(target), requireString(name), value, WHAT);
    return true;
  },
  has(target, name) {
    return (typeof name === 'string' && hasEntry(Namespace.dictOf(target), name, WHAT)) || Reflect.has(target, name);
  },
  deleteProperty(target, name) {
    if (typeof name === 'string') deleteEntry(Namespace.dictOf(target), name, WHAT);
    return true;
  },
  ownKeys(target) {
    return keysOf<string>(Namespace.dictOf(target), WHAT);
  },
  getOwnPropertyDescriptor(target, name) {
    const value = typeof name === 'string' ? getEntry(Namespace.dictOf(target), name, WHAT) : absent;
    return value === absent ? undefined : { value, writable: true, enumerable: true, configurable: true };
  },
  defineProperty(target, name, { value, get, set, writable, enumerable, configurable }) {
    const isPlain = get === undefined && set === undefined && writable === true && enumerable === true;
    if (!isPlain || configurable !== true) {
      throw new TypeError(`${String(name)}: a namespace has only plain properties; assign it instead`);
    }
    setEntry(Namespace.dictOf(target), requireString(name), value, WHAT);
    return true;
  },
  preventExtensions() {
    throw new TypeError('A namespace cannot be frozen, sealed or kept from getting properties');
  },
  setPrototypeOf() {
    throw new TypeError('A namespace cannot get another prototype');
  },
};

function requireString(name: string | symbol): string {
  if (typeof name === 'string') return name;
  throw new TypeError(`A property of a namespace must have a string for a name, got ${String(name)}`);
}

registerHandleType<Namespace>({
  name: 'Namespace',
  type: Namespace,
  toHandle: (namespace) => SharedObject.offsetOf(behind.get(namespace) ?? namespace),
  fromHandle: (data) => attach(() => new Namespace(), data as number, Kind.dict, 'Namespace'),
  hold: (data) => exportObject(data as number, Kind.dict),
  release: (data) => join().importObject(data as number),
  keep: (data) => void join().retainObject(data as number, Kind.dict),
  drop: (data) => void join().releaseObject(data as number),
});
