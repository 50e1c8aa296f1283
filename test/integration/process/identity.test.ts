import assert from 'node:assert/strict';
import { threadId } from 'node:worker_threads';
import {
  activeChildren,
  currentProcess,
  getAllStartMethods,
  getContext,
  parentProcess,
  Pool,
  Process,
  Queue,
  SharedArray,
} from 'allcores';

/** Runs a function in a process, which tells what it gives as JSON. */
async function ask(fn: () => unknown, options: { name?: string; daemon?: boolean } = {}): Promise<unknown> {
  const bytes = new SharedArray('uint8', 4096);
  const target = async (answer: SharedArray<'uint8'>, question: () => unknown): Promise<void> => {
    answer.view.set(new TextEncoder().encode(JSON.stringify(await question())));
  };
  const process = new Process({ target, args: [bytes, fn], ...options }).start();
  await process.join();
  return JSON.parse(Buffer.from(bytes.view).toString().replace(/\0+$/, ''));
}

describe('the names of processes', () => {
  it('count what this thread makes', () => {
    const [, first] = /^Process-(\d+)$/.exec(new Process().name) ?? [];
    assert.equal(new Process({ name: 'other' }).name, 'other');
    assert.equal(new Process().name, `Process-${Number(first) + 2}`);
  });

  it('are nested: those of a process begin with its own numbers, whatever it is called', async () => {
    const [, last] = /^Process-(\d+)$/.exec(new Process().name) ?? [];
    const names = await ask(() => [new Process().name, new Process().name], { name: 'mother' });
    const mother = Number(last) + 1;
    assert.deepEqual(names, [`Process-${mother}:1`, `Process-${mother}:2`]);
  });
});

describe('currentProcess in a process', () => {
  it('has its name, the number of its thread and whether it is a daemon', async () => {
    const bytes = new SharedArray('int32', 1);
    const target = (array: SharedArray<'int32'>): unknown => {
      array.set(0, currentProcess().pid);
      return new Promise(() => {});
    };
    const process = new Process({ target, args: [bytes] }).start();
    assert.equal(process.isAlive(), true);
    while (bytes.at(0) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    assert.equal(bytes.at(0), process.pid);
    process.kill();
    await process.join();
    assert.deepEqual(await ask(() => [currentProcess().name, currentProcess().daemon], { name: 'me', daemon: true }), [
      'me',
      true,
    ]);
    assert.notEqual(await ask(() => currentProcess().pid), currentProcess().pid);
  });

  it('may be renamed', async () => {
    const renamed = (): string => {
      currentProcess().name = 'another';
      return currentProcess().name;
    };
    assert.equal(await ask(renamed), 'another');
  });
});

describe('the number of a process', () => {
  it('is there as soon as it was started, and stays', async () => {
    const child = new Process({ target: () => {} });
    assert.equal(child.pid, null);
    const { pid } = child.start();
    assert.ok(Number.isInteger(pid) && pid! > 0, String(pid));
    await child.join();
    assert.equal(child.pid, pid);
  });

  it('is none for one that was ended before it came up, or is that of another thread', () => {
    const child = new Process({ target: () => {} }).start();
    child.kill();
    assert.ok(child.pid === null || child.pid !== currentProcess().pid);
    child.joinSync();
  });
});

describe('parentProcess', () => {
  it('is undefined in the main program', () => {
    assert.equal(threadId, 0);
    assert.equal(parentProcess(), undefined);
  });

  it('is whose pool it is in the worker of one', async () => {
    const whose = (): unknown => {
      const { name, pid, isAlive } = parentProcess()!;
      return { name, pid, alive: isAlive() };
    };
    await using pool = new Pool(1);
    assert.deepEqual(await pool.apply(whose), { name: 'MainProcess', pid: process.pid, alive: true });
    const nested = async (inner: typeof whose): Promise<unknown> => {
      await using own = new Pool(1);
      return [await own.apply(inner), { name: currentProcess().name, pid: currentProcess().pid, alive: true }];
    };
    const [seen, expected] = (await pool.apply(nested, [whose])) as unknown[];
    assert.deepEqual(seen, expected);
  });

  it('is who started the process', async () => {
    const seen = await ask(() => ({ ...parentProcess(), alive: parentProcess()!.isAlive() }));
    assert.deepEqual(seen, { name: 'MainProcess', pid: process.pid, alive: true });
    const nested = async (): Promise<unknown> => {
      const bytes = new SharedArray('uint8', 100);
      const target = (answer: SharedArray<'uint8'>): void => {
        answer.view.set(new TextEncoder().encode(parentProcess()!.name));
      };
      await new Process({ target, args: [bytes] }).start().join();
      return Buffer.from(bytes.view).toString().replace(/\0+$/, '');
    };
    assert.equal(await ask(nested, { name: 'mother' }), 'mother');
  });
});

describe('the arguments of the program', () => {
  it('are those of its workers, in their places', async () => {
    process.argv.push('--size', '5', 'a b', '');
    try {
      const own = process.argv.slice(2);
      for (const method of getAllStartMethods()) {
        const context = getContext(method);
        await using pool = new context.Pool(1);
        assert.deepEqual(await pool.apply(() => process.argv.slice(2)), own);
        const queue = new Queue<string[]>();
        const target = (answers: Queue<string[]>): void => answers.putSync(process.argv.slice(2));
        await new context.Process({ target, args: [queue] }).start().join();
        assert.deepEqual(queue.getNowait(), own);
      }
    } finally {
      process.argv.splice(-4);
    }
  });
});

describe('activeChildren', () => {
  it('are the living processes that this thread started', async () => {
    const process = new Process({ target: () => new Promise(() => {}) });
    assert.deepEqual(activeChildren(), []);
    process.start();
    assert.deepEqual(activeChildren(), [process]);
    assert.deepEqual(await ask(() => activeChildren().length), 0);
    process.kill();
    process.joinSync();
    assert.deepEqual(activeChildren(), []);
  });
});

describe('daemons', () => {
  it('are made by daemons, and may not start processes', async () => {
    const start = (): unknown => {
      const process = new Process({ target: () => {} });
      try {
        process.start();
        return 'started';
      } catch (error) {
        return [process.daemon, (error as Error).name, (error as Error).message];
      }
    };
    const refusal = 'daemonic processes are not allowed to have children, and';
    assert.deepEqual(await ask(start, { daemon: true, name: 'D' }), [true, 'ProcessError', `${refusal} D is one`]);
    assert.equal(await ask(start), 'started');
    await using pool = new Pool(1);
    assert.deepEqual(await pool.apply(start), [true, 'ProcessError', `${refusal} PoolWorker-1 is one`]);
  });
});
