import { createRequire } from 'node:module';
import type { SingleBar } from 'cli-progress';
import type { Notify } from './notices.js';
import type { MapOptions, MapProgress } from './options.js';

const require = createRequire(import.meta.filename);

/** Tells a caller, and on request a terminal, how far a map has come. */
export class ProgressMeter {
  readonly #listener: ((progress: MapProgress) => void) | undefined;
  readonly #bar: SingleBar | undefined;
  readonly #notify: Notify;
  #ended = false;
  #last = -1;
  #lastTotal: number | undefined;

  private constructor(
    listener: ((progress: MapProgress) => void) | undefined,
    bar: SingleBar | undefined,
    notify: Notify,
  ) {
    this.#listener = listener;
    this.#bar = bar;
    this.#notify = notify;
  }

  /** Undefined when nobody wants to know. */
  static of(
    options: MapOptions,
    total: number | undefined,
    notify: Notify = queueMicrotask,
  ): ProgressMeter | undefined {
    const draws = options.progress === true && process.stderr.isTTY;
    if (options.onProgress === undefined && !draws) return undefined;
    let bar: SingleBar | undefined;
    if (draws) {
      // Loaded when first drawn: programs without a bar do not pay for it.
      const progress = require('cli-progress') as typeof import('cli-progress');
      bar = new progress.SingleBar({ stream: process.stderr, hideCursor: true }, progress.Presets.shades_classic);
      bar.start(total ?? 0, 0);
    }
    return new ProgressMeter(options.onProgress, bar, notify);
  }

  report(done: number, total?: number): void {
    if (done === this.#last && total === this.#lastTotal) return;
    this.#last = done;
    this.#lastTotal = total;
    if (this.#bar !== undefined) {
      if (total !== undefined) this.#bar.setTotal(total);
      this.#bar.update(done);
    }
    const listener = this.#listener;
    if (listener === undefined) return;
    this.#notify(() => listener(total === undefined ? { done } : { done, total }));
  }

  /** The last report; nothing comes after the first one of these. */
  end(done: number, total?: number): void {
    if (this.#ended) return;
    this.#ended = true;
    this.report(done, total);
    this.#bar?.stop();
  }
}
