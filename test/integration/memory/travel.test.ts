import assert from 'node:assert/strict';
import { getContext, Manager, Pool, ShareableList, SharedMemory, task, type SharedDict } from 'allcores';

interface Both {
  readonly memory: SharedMemory;
  readonly list: ShareableList;
}

/** Uses each, and gives their classes. */
function use({ memory, list }: Both): string[] {
  memory.buf[0]! += 1;
  list.set(1, `seen ${memory.buf[0]}`);
  return [memory.constructor.name, list.constructor.name];
}

describe('named memory in workers', () => {
  let pool: Pool;
  let both: Both;
  before(() => (pool = new Pool(1)));
  after(() => pool.terminate());
  beforeEach(() => {
    both = { memory: new SharedMemory({ create: true, size: 100 }), list: new ShareableList(['a', null]) };
  });
  afterEach(() => {
    for (const memory of [both.memory, both.list.shm]) {
      memory.close();
      memory.unlink();
    }
  });
  const check = (): void => assert.deepEqual([both.memory.buf[0], both.list.at(1)], [1, 'seen 1']);

  it('arrives attached: as an argument, nested', async () => {
    assert.deepEqual(await pool.apply(use, [both]), ['SharedMemory', 'ShareableList']);
    check();
  });

  it('arrives attached: captured', async () => {
    const { memory, list } = both;
    await pool.apply(task(() => use({ memory, list }), { use, memory, list }));
    check();
  });

  it('arrives attached: from a manager', async () => {
    const manager = new Manager();
    const shared = manager.dict<string, Both>({ both });
    await pool.apply((dict: SharedDict<string, Both>) => void use(dict.get('both')!), [shared]);
    check();
    manager.shutdown();
  });

  it('may be made by a worker, and come back in a result', async () => {
    const made = await pool.apply((): Both => {
      const memory = new SharedMemory({ create: true, size: 10 });
      memory.buf[9] = 9;
      return { memory, list: new ShareableList(['made']) };
    });
    assert.deepEqual([made.memory.buf[9], made.list.at(0)], [9, 'made']);
    for (const memory of [made.memory, made.list.shm]) {
      memory.close();
      memory.unlink();
    }
  });

  it('travels closed as well: it is its name that travels', async () => {
    both.memory.close();
    assert.equal(await pool.apply((memory: SharedMemory) => memory.buf.length, [both.memory]), 100);
  });

  it('is part of each context', () => {
    const context = getContext('thread');
    assert.deepEqual([context.SharedMemory, context.ShareableList], [SharedMemory, ShareableList]);
  });
});
