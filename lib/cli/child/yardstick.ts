import { Worker } from 'node:worker_threads';
import { cpuCount, type SharedArray } from 'allcores';
import { scramble, touch } from './tasks.js';
import type { Driver } from './driver.js';

/** Answers each message; looks at a buffer's pages as {@link touch} does. */
const PONG = `
const { parentPort } = require('node:worker_threads');
${touch.toString()}
parentPort.on('message', (message) => parentPort.postMessage(message === null ? null : touch(message)));
`;

/** A bare worker, and who waits for its answers: they come in the order of the questions. */
class Partner {
  readonly worker = new Worker(PONG, { eval: true });
  readonly #waiting: ((answer: unknown) => void)[] = [];

  constructor() {
    this.worker.on('message', (answer) => this.#waiting.shift()?.(answer));
  }

  ask(message: ArrayBuffer | null): Promise<unknown> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.worker.postMessage(message, message === null ? [] : [message]);
    });
  }
}

/** What one would write without this library: messages to bare workers in turn, and plain loops in this thread. */
export class Yardstick implements Driver {
  readonly #partners = Array.from({ length: cpuCount() }, () => new Partner());
  #turn = 0;

  noop(): Promise<unknown> {
    return this.#next().ask(null);
  }

  map(numbers: readonly number[]): Promise<readonly number[]> {
    return Promise.resolve(numbers.map((n) => scramble(n)));
  }

  send(buffer: ArrayBuffer): Promise<unknown> {
    return this.#next().ask(buffer);
  }

  sum({ view }: SharedArray<'float64'>, millis: number): Promise<number> {
    const begin = performance.now();
    let times = 0;
    do {
      let sum = 0;
      for (let i = 0; i < view.length; i++) sum += view[i]!;
      if (sum !== view.length) throw new Error(`the sum is wrong: ${sum}`);
      times++;
    } while (performance.now() - begin < millis);
    return Promise.resolve((performance.now() - begin) / times / 1000);
  }

  close(): Promise<unknown> {
    return Promise.all(this.#partners.map(({ worker }) => worker.terminate()));
  }

  #next(): Partner {
    return this.#partners[this.#turn++ % this.#partners.length]!;
  }
}
