/**
 * Looks whether something has come about that this thread would hear of in its event loop, and acts upon it. True: that is
 * over and done with. It is called in the midst of a wait, so it must be quick and run nobody else's code.
 */
export type Duty = () => boolean;

/** Longest sleep while a duty is open, in ms: nothing wakes the thread for it. */
const SHORT_SLICE = 10;

const duties = new Set<Duty>();

/** Has it looked after while this thread blocks, until it is done or withdrawn. */
export function addDuty(duty: Duty): void {
  duties.add(duty);
}

/** The event loop was first. */
export function withdrawDuty(duty: Duty): void {
  duties.delete(duty);
}

/**
 * Does what others wait for of this thread, which is about to block.
 * @param slice how long it would sleep, in ms
 * @returns how long it may: less while a duty is left
 */
export function attend(slice: number): number {
  if (duties.size === 0) return slice;
  for (const duty of duties) if (duty()) duties.delete(duty);
  return duties.size === 0 ? slice : Math.min(slice, SHORT_SLICE);
}
