import type { HandleType } from '../../base/handle.js';

/** Any function or class at all. It can be named and compared; to call one, know more of it. */
export type AnyFunction = ((...args: never[]) => unknown) | (new (...args: never[]) => unknown);

/** What the surroundings provide, so that the codec knows of no pool. */
export interface CodecContext {
  /**
   * The number under which the receiver knows a function.
   * @param path where the function stands in the value, for the message of an error
   * @throws {FunctionTransportError} when the function cannot travel
   */
  functionId(fn: AnyFunction, path: string): number;
  /**
   * The function of a number. It may throw to have it loaded first: nothing of the message has been built by then,
   * so that decoding can simply be done again.
   */
  functionOf(id: number): AnyFunction;
  /** SharedArrayBuffers travel by reference: the number under which the receiver finds this one; 0: it cannot reach it. */
  shareBuffer(buffer: SharedArrayBuffer): number;
  sharedBufferOf(id: number): SharedArrayBuffer;
  /** A handle has been written. */
  handleSent?(type: HandleType, data: unknown): void;
  /** A handle has become a live object again. */
  handleReceived?(type: HandleType, data: unknown): void;
}
