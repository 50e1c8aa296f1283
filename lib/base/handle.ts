/**
 * Shared handles: objects whose state lives in shared memory. They travel as the little data that names this memory and
 * arrive as live handles on it.
 */
export interface HandleType<T extends object = object> {
  /** Names the type on the wire: unique, and the same in every worker. */
  readonly name: string;
  /** Instances of this class and of its subclasses travel as handles. */
  readonly type: abstract new (...args: never[]) => T;
  /** What {@link fromHandle} needs, as an encodable value. */
  toHandle(object: T): unknown;
  /** The live object for this data in the receiving worker. It is called once an arrival, never twice for one. */
  fromHandle(data: unknown): T;
  /**
   * Its data tells all by itself, of something that is not in the shared heap: it can be stored there like any other value.
   */
  readonly standsAlone?: boolean;
  /**
   * Keeps the shared memory alive while its name is on the way to somebody who outlives the sender: a result to the owner
   * of the worker. `release` undoes it once the name has arrived.
   */
  hold?(data: unknown): void;
  release?(data: unknown): void;
  /**
   * Keeps the shared memory alive as long as this thread lives, or until `drop`: while its name is on the way to somebody who
   * may be ended at any moment, but does not outlive the sender.
   */
  keep?(data: unknown): void;
  drop?(data: unknown): void;
}

const byName = new Map<string, HandleType>();
const byPrototype = new Map<object, HandleType>();
const listeners: (() => void)[] = [];

/** Makes a class travel as handles. Called as its module loads. @throws {TypeError} when the name is taken */
export function registerHandleType<T extends object>(type: HandleType<T>): void {
  if (byName.has(type.name)) throw new TypeError(`The handle type '${type.name}' is registered already`);
  const erased = type as unknown as HandleType;
  byName.set(type.name, erased);
  byPrototype.set(type.type.prototype as object, erased);
  for (const listener of listeners) listener();
}

/** @internal The type whose class has exactly this prototype. */
export function handleTypeOf(prototype: object): HandleType | undefined {
  return byPrototype.get(prototype);
}

/** @internal The type of this name, if there is one. */
export function handleTypeNamed(name: string): HandleType | undefined {
  const known = byName.get(name);
  if (known !== undefined || loadRest === undefined) return known;
  const load = loadRest;
  loadRest = undefined;
  load();
  return byName.get(name);
}

let loadRest: (() => void) | undefined;

/** @internal How to load the classes that this thread does not begin with. It is done when one of an unknown name arrives. */
export function onUnknownHandle(load: () => void): void {
  loadRest = load;
}

/** @internal Calls back after each registration: what was known of a class may no longer hold. */
export function onHandleType(listener: () => void): void {
  listeners.push(listener);
}
