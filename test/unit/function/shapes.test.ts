import assert from 'node:assert/strict';
import { load, openCrossing, settle, type Crossing, type Shape } from './support.js';

const files = ['shapes.mjs', 'shapes.cjs', 'sloppy.cjs'];
const tables = await Promise.all(
  files.map(async (file) => {
    const module = await load<{ shapes?: Shape[]; default?: { shapes: Shape[] } }>(file);
    return [file, module.shapes ?? module.default?.shapes ?? []] as const;
  }),
);

describe('functions of every shape do in a worker what they do here', () => {
  let crossing: Crossing;
  before(async () => {
    crossing = await openCrossing();
  });
  after(() => crossing.close());

  for (const [file, shapes] of tables) {
    describe(file, () => {
      for (const [name, fn, args, how] of shapes) {
        it(name, async () => {
          // First over there, because some of them change their arguments or the state of their module
          const { value, error, failed } = await crossing.call(fn, args, how);
          assert.equal(failed, undefined);
          assert.deepEqual({ value, error }, { value: undefined, error: undefined, ...(await settle(fn, args, how)) });
        });
      }
    });
  }
});
