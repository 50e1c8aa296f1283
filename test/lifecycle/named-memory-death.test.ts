import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ShareableList, SharedMemory } from 'allcores';
import { run } from './child.js';
import { report } from './inside.js';
import { binding, eventually, exists, isRunning, type Binding } from './named.js';

/** A program that has memory, tells its name and the number of its tracker, and stays. */
async function owner(from: string): Promise<void> {
  const memory = new SharedMemory({ create: true, size: 4096 });
  const list = new ShareableList(['of the owner', 1]);
  const { native: addon } = (await import(from)) as Binding;
  report({ names: [memory.name, list.shm.name], tracker: addon.nameTracker() });
  setInterval(() => memory.size, 1000);
}

interface Told {
  readonly names: readonly [string, string];
  readonly tracker: number;
}

describe('named memory whose owner ends', () => {
  before(function () {
    if (!existsSync('/dev/shm')) this.skip();
  });

  it('of a killed owner is gone from the system, while who has attached works on', async () => {
    let attached: { memory: SharedMemory; list: ShareableList } | undefined;
    let told: Told | undefined;
    const child = await run(owner, {
      args: [binding],
      onReport: (value, process) => {
        told = value as Told;
        const [name, listName] = told.names;
        attached = { memory: new SharedMemory({ name }), list: new ShareableList(undefined, { name: listName }) };
        process.kill('SIGKILL');
      },
    });
    assert.equal(child.signal, 'SIGKILL');
    const { names, tracker } = told!;
    assert.ok(await eventually(() => !names.some(exists)), `${names.join()} left of ${readdirSync('/dev/shm').join()}`);
    assert.ok(await eventually(() => !isRunning(tracker)));
    const { memory, list } = attached!;
    memory.buf.fill(7);
    assert.deepEqual([memory.buf[4095], list.at(0)], [7, 'of the owner']);
    list.set(1, 2);
    assert.throws(() => new SharedMemory({ name: memory.name }), { code: 'ENOENT' });
    assert.throws(() => memory.unlink(), { code: 'ENOENT' });
    memory.close();
    list.shm.close();
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`survives ${signal} to its tracker, and ends with its owner`, async () => {
      let told: Told | undefined;
      let survived: boolean | undefined;
      const child = await run(owner, {
        args: [binding],
        onReport: (value, owning) => {
          told = value as Told;
          process.kill(told.tracker, signal);
          survived = isRunning(told.tracker) && told.names.every(exists);
          owning.kill(signal);
        },
      });
      assert.deepEqual([child.signal, survived], [signal, true]);
      assert.ok(await eventually(() => !told!.names.some(exists) && !isRunning(told!.tracker)));
    });
  }

  it('is kept track of again when the tracker was killed', async () => {
    const child = await run(
      async (from: string) => {
        const { native: addon } = (await import(from)) as Binding;
        const first = new SharedMemory({ create: true, size: 1 });
        const tracker = addon.nameTracker();
        process.kill(tracker, 'SIGKILL');
        while (!/^State:\s*Z/m.test(readFileSync(`/proc/${tracker}/status`, 'utf8'))) await sleep(1);
        const second = new SharedMemory({ create: true, size: 1 });
        report([first.name, second.name]);
        report(addon.nameTracker() !== tracker);
        process.kill(process.pid, 'SIGKILL');
      },
      { args: [binding] },
    );
    assert.deepEqual([child.signal, child.reports[1]], ['SIGKILL', true]);
    const names = child.reports[0] as string[];
    assert.ok(await eventually(() => !names.some(exists)));
  });

  for (const [how, end] of Object.entries({
    'by itself': (): void => undefined,
    'by process.exit': () => process.exit(3),
    'by an uncaught error': () => {
      throw new Error('expected');
    },
  })) {
    it(`is gone with its tracker when its owner has ended ${how}`, async () => {
      const body = `async (from) => {
        const { native } = await import(from);
        const memory = new SharedMemory({ create: true, size: 1 });
        report({ names: [memory.name], tracker: native.nameTracker() });
        (${end.toString()})();
      }`;
      const program = { toString: () => body } as (from: string) => unknown;
      const [told] = (await run(program, { args: [binding] })).reports as [Told];
      // Its owner has waited for both.
      assert.deepEqual([told.names.some(exists), existsSync(`/proc/${told.tracker}`)], [false, false]);
    });
  }

  it('leaves nothing, whenever its owner is killed', async () => {
    const prefix = `acm_churn_${process.pid}_`;
    const left = (): string[] => readdirSync('/dev/shm').filter((name) => name.startsWith(prefix));
    for (let round = 0; round < 10; round++) {
      await run(
        (first: string) => {
          report('up');
          const kept: SharedMemory[] = [];
          for (let i = 0; ; i++) {
            kept.push(new SharedMemory({ create: true, size: 5000, name: `${first}${i}` }));
            if (kept.length < 20) continue;
            const memory = kept.splice(i % 20, 1)[0]!;
            memory.unlink();
            memory.close();
          }
        },
        {
          args: [`${prefix}${round}_`],
          onReport: (_value, child) => void setTimeout(() => child.kill('SIGKILL'), Math.random() * 30),
        },
      );
    }
    assert.ok(await eventually(() => left().length === 0), left().join());
  });

  it('does not keep its owner from ending, nor whoever reads what it prints', async () => {
    let tracker = 0;
    const child = await run(owner, {
      args: [binding],
      onReport: (value, owning: ChildProcess) => {
        ({ tracker } = value as Told);
        process.kill(tracker, 'SIGSTOP'); // as slow as can be
        owning.kill('SIGTERM');
      },
    });
    assert.equal(child.signal, 'SIGTERM'); // the streams are closed: the tracker has none of them
    process.kill(tracker, 'SIGCONT');
    assert.ok(await eventually(() => !isRunning(tracker)));
  });
});
