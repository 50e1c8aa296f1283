/** Line ends as ECMAScript has them. */
export const LINE_END = /\r\n?|[\n\u2028\u2029]/g;

export interface Position {
  /** Both count from 0. */
  readonly line: number;
  readonly column: number;
}

/** Turns offsets of a text into lines and columns, and back. */
export class LineTable {
  readonly #starts = [0];

  constructor(text: string) {
    for (const match of text.matchAll(LINE_END)) this.#starts.push(match.index + match[0].length);
  }

  offset({ line, column }: Position): number {
    return (this.#starts[line] ?? 0) + column;
  }

  position(offset: number): Position {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] as number) <= offset) low = middle;
      else high = middle;
    }
    return { line: low, column: offset - (this.#starts[low] as number) };
  }
}
