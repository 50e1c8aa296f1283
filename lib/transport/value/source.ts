import type { Input } from './input.js';

/** A message that is being read, as those see it who know how to read one kind of object. */
export interface Source {
  readonly input: Input;
  /** Reads the next value. */
  read(): unknown;
}
