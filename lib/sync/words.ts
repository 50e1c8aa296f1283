import { windowOf } from '../heap/program.js';

const views = new WeakMap<ArrayBuffer, Int32Array>();

/** The words of an object: its own begin at `at`. */
export function wordsAt(object: number): { readonly words: Int32Array; readonly at: number } {
  const { buffer, at } = windowOf(object);
  let words = views.get(buffer);
  if (words === undefined) {
    words = new Int32Array(buffer);
    views.set(buffer, words);
  }
  return { words, at: at / 4 };
}
