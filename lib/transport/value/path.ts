import { inspect } from 'node:util';

/** A step of an access path: a property's name, an index, or a call that reaches into a Map or Set. */
export type Step = string | number | CallStep;

/** `.get("k")` for the value of an entry that can be named; `.keys()[i]` and `.values()[i]` for anything else. */
export class CallStep {
  readonly #call: 'get' | 'keys' | 'values';
  readonly #argument: unknown;
  readonly #index: number;

  constructor(call: 'get' | 'keys' | 'values', index: number, argument?: unknown) {
    this.#call = call;
    this.#index = index;
    this.#argument = argument;
  }

  toString(): string {
    if (this.#call !== 'get') return `.${this.#call}()[${this.#index}]`;
    const key = this.#argument;
    if (typeof key === 'string') return `.get(${JSON.stringify(key)})`;
    if (typeof key === 'object' && key !== null) return `.values()[${this.#index}]`;
    return `.get(${inspect(key)})`;
  }
}

/** The root of a message that holds some items of a map: its paths count the items of the whole map. */
export class ItemsRoot {
  readonly #name: string;
  readonly #first: number;
  /** Which step is the index of the item within the message; -1: the message is the item itself. */
  readonly at: number;

  /** @param first the index of the message's first item */
  constructor(name: string, first: number, at: number) {
    this.#name = name;
    this.#first = first;
    this.at = at;
  }

  /** The root of a message with items that stand so much further on. */
  later(items: number): ItemsRoot {
    return new ItemsRoot(this.#name, this.#first + items, this.at);
  }

  /** The item that a path leads through; the steps after `at` follow. */
  itemOf(steps: readonly Step[], depth: number): string {
    if (this.at < 0) return `${this.#name}[${this.#first}]`;
    return this.at < depth ? `${this.#name}[${this.#first + Number(steps[this.at])}]` : this.#name;
  }
}

/** What paths begin with. */
export type Root = string | ItemsRoot;

/** The path in the form in which one would write it: `args[0].items[3]["odd key"]`. */
export function formatPath(root: Root, steps: readonly Step[], depth: number): string {
  const named = typeof root === 'string';
  let path = named ? root : root.itemOf(steps, depth);
  for (let i = named ? 0 : root.at + 1; i < depth; i++) path += formatStep(steps[i]!);
  return path;
}

function formatStep(step: Step): string {
  if (typeof step === 'number') return `[${step}]`;
  if (typeof step !== 'string') return step.toString();
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}
