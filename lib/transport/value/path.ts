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

/** The path in the form in which one would write it: `args[0].items[3]["odd key"]`. */
export function formatPath(root: string, steps: readonly Step[], depth: number): string {
  let path = root;
  for (let i = 0; i < depth; i++) path += formatStep(steps[i]!);
  return path;
}

function formatStep(step: Step): string {
  if (typeof step === 'number') return `[${step}]`;
  if (typeof step !== 'string') return step.toString();
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}
