/** Classes in a module that workers import. */

export class Exported {
  readonly double: number;

  constructor(x: number) {
    this.double = 2 * x;
  }
}
