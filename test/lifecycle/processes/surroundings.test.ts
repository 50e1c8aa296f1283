import assert from 'node:assert/strict';
import { Pool, Process, Queue, setStartMethod } from 'allcores';
import { run } from '../child.js';
import { report } from '../inside.js';

describe('a process that changes its surroundings', () => {
  it('changes the folder, the environment, the title and the mask of nobody else', async () => {
    const child = await run(async () => {
      setStartMethod('process');
      process.env['OF_THE_OWNER'] = 'as it was';
      const look = (): unknown => [
        process.cwd(),
        process.env['OF_THE_OWNER'],
        process.env['OF_A_TASK'],
        process.title === 'changed',
        process.umask(),
        Reflect.get(globalThis, 'ofATask'),
      ];
      const change = (): number => {
        process.chdir('/');
        process.env['OF_THE_OWNER'] = 'changed';
        process.env['OF_A_TASK'] = 'made';
        process.title = 'changed';
        process.umask(0o777);
        Reflect.set(globalThis, 'ofATask', 1);
        return process.pid;
      };
      const own = look();
      const pool = new Pool(2);
      const changed = await pool.apply(change);
      const seen = await pool.broadcast((inner: typeof look) => [process.pid, inner()] as const, [look]);
      const mask = process.umask();
      report(seen.map(([, what]) => JSON.stringify(what) === JSON.stringify(own)).toSorted());
      report(seen.find(([pid]) => pid === changed)![1]);
      const queue = new Queue<unknown>();
      new Process({
        target: (to: Queue<unknown>, inner: typeof look) => to.putSync(inner()),
        args: [queue, look],
      }).start();
      report(JSON.stringify(await queue.get()) === JSON.stringify(own));
      report([JSON.stringify(look()) === JSON.stringify(own), mask === process.umask()]);
    });
    assert.deepEqual(
      child.reports,
      [[false, true], ['/', 'changed', 'made', true, 0o777, 1], true, [true, true]],
      child.stderr,
    );
    assert.deepEqual([child.code, child.stderr], [0, '']);
  });
});
