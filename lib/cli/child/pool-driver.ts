import { getContext, type Pool, type SharedArray } from 'allcores';
import { native } from '../../binding/native.js';
import type { Driver } from './driver.js';
import * as tasks from './tasks.js';
import { noProcesses } from './unavailable.js';

/** A pool of this library, of either kind. */
export class PoolDriver implements Driver {
  readonly #pool: Pool;
  readonly #sumsInWorker: boolean;

  constructor(kind: 'thread' | 'process') {
    if (kind === 'process' && !native.processesAvailable) throw noProcesses();
    this.#pool = new (getContext(kind).Pool)();
    this.#sumsInWorker = kind === 'process';
  }

  noop(): Promise<unknown> {
    return this.#pool.apply(tasks.noop);
  }

  map(numbers: readonly number[]): Promise<readonly number[]> {
    return this.#pool.map(tasks.scramble, numbers);
  }

  send(buffer: ArrayBuffer): Promise<unknown> {
    return this.#pool.apply(tasks.touch, [buffer], { transfer: [buffer] });
  }

  sum(vector: SharedArray<'float64'>, millis: number): Promise<number> {
    if (this.#sumsInWorker) return this.#pool.apply(tasks.sumAgain, [vector, millis]);
    return tasks.sumAgain(vector, millis);
  }

  close(): Promise<unknown> {
    return this.#pool.terminate();
  }
}
