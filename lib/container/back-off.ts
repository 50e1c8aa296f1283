/** So often one tries again at once: whoever was faster is done by then. */
const AT_ONCE = 8;
/** The longest pause, in ms. */
const LONGEST = 8;

const cell = new Int32Array(new SharedArrayBuffer(4));

/**
 * Before the next attempt at a change that others were faster to make. The pause grows and is random, so that of any
 * number of threads each gets through.
 */
export function backOff(attempt: number): void {
  if (attempt < AT_ONCE) return;
  Atomics.wait(cell, 0, 0, Math.random() * Math.min(LONGEST, 0.05 * 2 ** (attempt - AT_ONCE)));
}
