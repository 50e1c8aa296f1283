import assert from 'node:assert/strict';
import { currentTask, getContext, heapFigures, Lock } from 'allcores';
import { run } from './child.js';
import { report } from './inside.js';

describe('values of tasks that cannot be copied', () => {
  for (const method of ['thread', 'process'] as const) {
    it(`leave nothing of the shared objects beside them: ${method}`, async () => {
      const child = await run(async (start: 'thread' | 'process') => {
        const { Pool } = getContext(start);
        const pool = new Pool(1);
        const outcome = (promise: Promise<unknown>): Promise<unknown> =>
          promise.catch((error: unknown) => (error as Error).name);
        const mixed = (): unknown[] => [new Lock(), new WeakMap()];
        const tell = (): string => {
          try {
            currentTask()!.progress([new Lock(), new WeakMap()]);
            return 'told';
          } catch (error) {
            return (error as Error).name;
          }
        };
        const fail = (): never => {
          throw [new Lock(), new WeakMap()];
        };
        for (const task of [mixed, tell, fail]) report(await outcome(pool.apply(task)));
        await pool.terminate();

        // Whatever the workers held themselves has gone with them.
        const before = heapFigures().blocks;
        const second = new Pool(1);
        for (let i = 0; i < 50; i++) for (const task of [mixed, tell, fail]) await outcome(second.apply(task));
        await second.terminate();
        report(heapFigures().blocks - before < 50);
      }, { args: [method] }); // prettier-ignore
      assert.deepEqual(
        child.reports,
        ['SerializationError', 'SerializationError', 'SerializationError', true],
        child.stderr,
      );
    });
  }
});
