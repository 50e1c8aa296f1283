/**
 * The runtime's own timers and clock, taken as the library loads: a program that replaces the globals later, as fake
 * timers of tests do and tasks may, does not stop a pool by it.
 */
export const { clearTimeout, setImmediate, setTimeout } = globalThis;
/** Not `performance`, which is loaded when it is first used. */
const { hrtime } = process;

/** Milliseconds on a clock that only goes forward. */
export function now(): number {
  const [seconds, nanos] = hrtime();
  return seconds * 1e3 + nanos / 1e6;
}

/** The longest that a timer can run, in ms: some 24 days. */
export const LONGEST_TIMER = 2 ** 31 - 1;
