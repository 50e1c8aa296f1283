/** Milliseconds to wait, and what ends the wait before. */
interface Limits {
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @internal The method by which `wait()` waits for an object, without taking anything from it. */
export const whenReady: unique symbol = Symbol('allcores.whenReady');

/** @internal The same on the thread, which blocks. */
export const whenReadySync: unique symbol = Symbol('allcores.whenReadySync');

/**
 * @internal An object that one can wait for together with others. No class says that it implements this: its declaration
 * would, too, where what is internal is missing.
 */
export interface Waitable {
  /** Resolves to whether it is ready; false when `timeout` passed first. Rejects with the reason of the signal. */
  [whenReady](limits: Limits): Promise<boolean>;
  [whenReadySync](limits: Limits): boolean;
}
