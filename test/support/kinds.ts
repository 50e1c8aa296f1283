import { getStartMethod, type StartMethod } from 'allcores';

/**
 * The tests run twice from one source: with workers that are threads, and with workers that are processes (`npm run
 * test:processes`). Few behaviours differ by kind. A test of one either looks at `areProcesses` and says what holds for
 * each, or stands as `itWith('thread', …)` beside its counterpart for the other kind: it shows as pending there.
 */
export const areProcesses = getStartMethod() === 'process';

/** A test of what holds for one kind of worker alone. */
export function itWith(method: StartMethod, title: string, body: (this: Mocha.Context) => unknown): void {
  if (getStartMethod() === method) it(title, body as Mocha.AsyncFunc);
  else it.skip(`${title} [only with workers that are ${method === 'process' ? 'processes' : 'threads'}]`, () => {});
}
