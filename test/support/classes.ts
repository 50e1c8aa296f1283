/** Classes in a module that workers import. */

export class Exported {
  readonly double: number;

  constructor(x: number) {
    this.double = 2 * x;
  }
}

/** As a function of what its constructor takes. */
export function asTarget<A extends unknown[], R>(type: new (...args: A) => R): (...args: A) => R {
  return type as unknown as (...args: A) => R;
}
