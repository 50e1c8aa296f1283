import assert from 'node:assert/strict';
import { Manager, Pool, type SharedDict, type SharedList } from 'allcores';

describe('shared objects in shared objects', () => {
  let manager: Manager;
  beforeEach(() => (manager = new Manager()));
  afterEach(() => manager.shutdown());

  it('stay what they are, nested in any depth', async () => {
    const inner = manager.list([1]);
    const dict = manager.dict({ inner, plain: { deep: [inner] } } as Record<string, unknown>);
    const outer = manager.list([dict]);
    (outer.at(0)!.get('plain') as { deep: SharedList<number>[] }).deep[0]!.append(2);
    await using pool = new Pool(1);
    await pool.apply(
      (o: SharedList<SharedDict<string, SharedList<number>>>) => o.at(0)!.get('inner')!.append(3),
      [outer as unknown as SharedList<SharedDict<string, SharedList<number>>>],
    );
    assert.deepEqual(inner.toArray(), [1, 2, 3]);
  });

  it('may be of every kind', () => {
    const queue = manager.queue<number>();
    const made = {
      queue,
      lock: manager.lock(),
      event: manager.event(),
      value: manager.value('int32', 5),
      array: manager.array('int32', [1]),
    };
    const held = manager.list([made]).at(0)!;
    held.queue.putSync(7);
    held.event.set();
    held.value.add(1);
    held.array.set(0, 9);
    using _ = held.lock.holdSync();
    assert.deepEqual(
      [queue.getSync(), made.event.isSet(), made.value.value, made.array.at(0), made.lock.locked],
      [7, true, 6, 9, true],
    );
  });

  it('keep a list alive that nobody else holds', () => {
    const outer = manager.list<SharedList<number>>();
    for (let i = 0; i < 100; i++) outer.append(manager.list([i]));
    assert.deepEqual(outer.toArray().map((list) => list.at(0)), Array.from({ length: 100 }, (_, i) => i)); // prettier-ignore
    assert.equal(outer.pop().at(0), 99);
  });

  it('may form a cycle', () => {
    const list = manager.list<unknown>([1]);
    list.append(list);
    (list.at(1) as SharedList).append(2);
    assert.deepEqual([list.length, (list.at(1) as SharedList).at(2)], [3, 2]);
  });
});
