import { HeapFullError, ProcessError } from '../base/errors.js';
import { registerHandleType } from '../base/handle.js';
import { exportObject } from './exports.js';
import { agent, join } from './program.js';

/** Set while a handle on an existing object is made, so that the constructor attaches instead of creating. */
let attaching = 0;
/** Set while a manager makes an object. */
let maker = 0;

const collected = new FinalizationRegistry<number>((object) => agent.releaseObject(object));

/**
 * A handle on an object in shared memory. It travels to any worker, alone or within other values, and arrives as a
 * handle on the same object. The object's memory is freed with the last handle and the last stored value that names it.
 */
export abstract class SharedObject {
  /** 0: it was given back. */
  #offset: number;

  /** @param create makes the object, for the manager given or 0 */
  protected constructor(create: (manager: number) => number) {
    join();
    const object = attaching === 0 ? create(maker) : attaching;
    if (object === 0) throw new HeapFullError(`No shared memory left for another ${new.target.name}`);
    attaching = 0;
    this.#offset = object;
    collected.register(this, object, this);
  }

  /** @internal Where it lies in the shared heap. */
  static offsetOf(object: SharedObject): number {
    return object.#offset;
  }

  /** @internal Is this handle being made on an object that exists? To be asked before `super()`. */
  static get attaching(): boolean {
    return attaching !== 0;
  }

  /** @internal Gives the reference back at once. No operation may follow. */
  static release(object: SharedObject): void {
    collected.unregister(object);
    agent.releaseObject(object.#offset);
    object.#offset = 0;
  }
}

/** Runs a constructor whose object belongs to a manager. */
export function madeBy<T>(manager: number, make: () => T): T {
  const before = maker;
  maker = manager;
  try {
    return make();
  } finally {
    maker = before;
  }
}

/** A handle on an object that exists. @throws {ProcessError} when it does not any more */
export function attach<T extends SharedObject>(make: () => T, object: number, kind: number, name: string): T {
  if (join().retainObject(object, kind) === 0) throw new ProcessError(`The ${name} of this handle no longer exists`);
  attaching = object;
  try {
    return make();
  } finally {
    attaching = 0;
  }
}

/** Has the handles of a class travel. Called as its module loads. */
export function registerSharedObject<T extends SharedObject>(
  name: string,
  kind: number,
  type: abstract new (...args: never[]) => T,
  make: () => T,
): void {
  registerHandleType<T>({
    name,
    type,
    toHandle: (object) => {
      const offset = SharedObject.offsetOf(object);
      if (offset === 0) throw new ProcessError(`This ${name} is closed, and cannot be passed on`);
      return offset;
    },
    fromHandle: (data) => attach(make, data as number, kind, name),
    hold: (data) => exportObject(data as number, kind),
    release: (data) => join().importObject(data as number),
    keep: (data) => void join().retainObject(data as number, kind),
    drop: (data) => void join().releaseObject(data as number),
  });
}
