import { Transform, type TransformCallback } from 'node:stream';
import { ProcessError } from '../base/errors.js';
import { refuseToSend } from '../base/unsendable.js';
import type { ProgressMeter } from './progress.js';

/** Gives what `run` makes of each chunk, in order; at most so many are under way. */
export class MapStream extends Transform {
  readonly #run: (chunk: unknown) => Promise<unknown>;
  readonly #most: number;
  readonly #progress: ProgressMeter | undefined;
  #last: Promise<void> = Promise.resolve();
  #underWay = 0;
  #done = 0;
  #resume: (() => void) | undefined;

  constructor(run: (chunk: unknown) => Promise<unknown>, most: number, progress: ProgressMeter | undefined) {
    super({ objectMode: true });
    this.#run = run;
    this.#most = most;
    this.#progress = progress;
  }

  override _transform(chunk: unknown, _encoding: BufferEncoding, next: TransformCallback): void {
    this.#underWay++;
    const before = this.#last;
    this.#last = this.#give(this.#start(chunk), before);
    if (this.#underWay < this.#most) next();
    else this.#resume = next;
  }

  async #start(chunk: unknown): Promise<unknown> {
    return this.#run(chunk);
  }

  async #give(result: Promise<unknown>, before: Promise<void>): Promise<void> {
    try {
      const [value] = await Promise.all([result, before]);
      if (this.destroyed) return;
      this.#progress?.report(++this.#done);
      // A stream cannot carry null or undefined: they are its end.
      if (value !== null && value !== undefined) this.push(value);
    } catch (error) {
      this.destroy(error instanceof Error ? error : new ProcessError(String(error), { cause: error }));
    } finally {
      this.#underWay--;
      const resume = this.#resume;
      this.#resume = undefined;
      resume?.();
    }
  }

  override _flush(done: TransformCallback): void {
    void this.#last.then(() => {
      this.#progress?.end(this.#done, this.#done);
      done();
    });
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#progress?.end(this.#done); // unless it has ended
    done(error);
  }
}

refuseToSend(MapStream, 'a stream of a pool', 'make it in the worker that is to use it, or pass what it gives');
