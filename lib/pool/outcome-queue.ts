import type { Task } from '../runtime/task.js';

/** What became of one item. */
export type ItemOutcome = { readonly value: unknown } | { readonly error: unknown };

/** A chunk that was submitted, or the error of the source in its place. Its task is gone once it has ended. */
export interface Chunk {
  task: Task | undefined;
  outcomes: ItemOutcome[] | undefined;
}

/** The outcomes of a lazy map on their way to the consumer: in the order of the items, or as they come. */
export class OutcomeQueue {
  readonly #ordered: boolean;
  /** In the order in which they are to be given. */
  readonly #chunks: Chunk[] = [];
  /** Outcomes that are next to be given. */
  readonly #ready: ItemOutcome[] = [];

  constructor(ordered: boolean) {
    this.#ordered = ordered;
  }

  get isEmpty(): boolean {
    return this.#chunks.length === 0 && this.#ready.length === 0;
  }

  /** The next outcome is under way. */
  get pending(): boolean {
    return this.#ready.length === 0 && this.#chunks.length > 0 && this.#chunks[0]!.outcomes === undefined;
  }

  push(chunk: Chunk): void {
    this.#chunks.push(chunk);
  }

  /** The next outcome; undefined: it is pending, or there is none. */
  shift(): ItemOutcome | undefined {
    // Without an order, too: what has ended is gone from the chunks, but for an error of the source, which is last.
    const outcomes = this.#ready.length === 0 ? this.#chunks[0]?.outcomes : undefined;
    if (outcomes !== undefined) {
      this.#chunks.shift();
      this.#give(outcomes);
    }
    return this.#ready.shift();
  }

  ended(chunk: Chunk, outcomes: ItemOutcome[]): void {
    chunk.outcomes = outcomes;
    if (this.#ordered) return;
    this.remove(chunk);
    this.#give(outcomes);
  }

  /** Forgets a chunk. */
  remove(chunk: Chunk): void {
    this.#chunks.splice(this.#chunks.indexOf(chunk), 1);
  }

  /** Forgets what comes after the first error of a chunk that has ended; gives that error, and the chunks forgotten. */
  endAtError(chunk: Chunk): { readonly error: unknown; readonly forgotten: readonly Chunk[] } | undefined {
    const outcomes = this.#ordered ? chunk.outcomes! : this.#ready;
    const place = outcomes.findIndex((outcome) => 'error' in outcome);
    if (place < 0) return undefined;
    const { error } = outcomes[place] as { readonly error: unknown };
    outcomes.length = place + 1;
    // Without an order the chunk itself is not among them any more, and all of them come later.
    return { error, forgotten: this.#chunks.splice(this.#chunks.indexOf(chunk) + 1) };
  }

  /** Forgets everything; gives the chunks. */
  clear(): readonly Chunk[] {
    this.#ready.length = 0;
    return this.#chunks.splice(0);
  }

  #give(outcomes: readonly ItemOutcome[]): void {
    for (const outcome of outcomes) this.#ready.push(outcome);
  }
}

/** The outcomes of `Operation.each`. */
export function outcomesOf(result: unknown): ItemOutcome[] {
  const { values, errors } = result as { values: unknown[]; errors: number[] };
  const outcomes: ItemOutcome[] = values.map((value) => ({ value }));
  for (const index of errors) outcomes[index] = { error: values[index] };
  return outcomes;
}
