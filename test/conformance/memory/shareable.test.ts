import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { ShareableList, SimpleQueue } from 'allcores';

const VALUES = ['howdy', Buffer.from('HoWdY'), -273.154, 100, null, true, 42] as const;
const plain = (list: ShareableList): unknown[] =>
  [...list].map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value));

function drop(list: ShareableList): void {
  list.shm.close();
  list.shm.unlink();
}

describe('as Python: ShareableList', () => {
  it('is a list of fixed length: indexes, search, iteration', () => {
    const list = new ShareableList(VALUES);
    assert.ok(inspect(list).includes(list.shm.name) && inspect(list).includes('-273.154'));
    assert.equal(list.at(7), undefined);
    assert.throws(() => list.set(7, 2), { name: 'RangeError' });
    assert.equal(list.length, 7);
    assert.throws(() => list.index('100'), { name: 'RangeError' });
    assert.deepEqual([list.index(100), list.at(0), list.at(-2)], [3, 'howdy', true]);
    assert.deepEqual(plain(list), VALUES);
    list.set(3, 42);
    assert.deepEqual([list.count(42), list.count(Buffer.from('HoWdY')), list.count(Buffer.from('adios'))], [2, 1, 0]);
    drop(list);
  });

  it('changes the type of a slot, and refuses what exceeds its storage without spilling', () => {
    const list = new ShareableList(VALUES);
    const tooLong = { name: 'RangeError', message: /^value must have at most 8 bytes/ };
    list.set(4, 'some');
    assert.equal(list.at(4), 'some');
    assert.throws(() => list.set(4, 'far too many'), tooLong);
    assert.equal(list.at(4), 'some');
    list.set(0, 'encodés'); // exactly eight bytes of UTF-8
    assert.equal(list.at(0), 'encodés');
    assert.throws(() => list.set(0, 'encodées'), tooLong); // nine
    assert.throws(() => list.set(1, Buffer.from('123456789')), tooLong);
    assert.deepEqual(plain(list).slice(0, 2), ['encodés', Buffer.from('HoWdY')]);
    drop(list);
  });

  it('is copied into another one, and attached to by its name', () => {
    const list = new ShareableList(VALUES);
    const name = `test03_duplicate${process.pid}`;
    const copy = new ShareableList(list, { name });
    assert.equal(copy.shm.name, name);
    assert.notEqual(list.shm.name, name);
    assert.deepEqual(plain(copy), plain(list));
    copy.set(-1, 77);
    assert.deepEqual([copy.at(-1), list.at(-1)], [77, 42]);
    drop(copy);
    const tethered = new ShareableList(undefined, { name: list.shm.name });
    assert.equal(tethered.shm.name, list.shm.name);
    tethered.set(-1, 880);
    assert.equal(list.at(-1), 880);
    tethered.shm.close();
    drop(list);
  });

  it('may be empty', () => {
    const list = new ShareableList();
    assert.deepEqual([list.length, list.count('any')], [0, 0]);
    assert.throws(() => list.index(null), { name: 'RangeError' });
    drop(list);
  });

  it('is the same list at the other end of a queue, whatever its length', () => {
    const [list, larger] = [new ShareableList(Array(10).keys()), new ShareableList(Array(400).keys())];
    const queue = new SimpleQueue<ShareableList>();
    for (const each of [list, larger]) queue.putSync(each);
    const [arrived, other] = [queue.getSync(), queue.getSync()];
    assert.ok(arrived instanceof ShareableList && arrived !== list);
    assert.deepEqual([arrived.at(-1), other.at(-1)], [9, 399]);
    arrived.set(4, 'changed');
    list.set(3, 'newvalue');
    assert.deepEqual([list.at(4), arrived.at(3)], ['changed', 'newvalue']);
    for (const each of [arrived, other]) each.shm.close();
    for (const each of [list, larger]) drop(each);
  });

  it('does not arrive once its memory was unlinked', () => {
    const list = new ShareableList(Array(10).keys());
    const queue = new SimpleQueue<ShareableList>();
    queue.putSync(list);
    drop(list);
    assert.throws(() => queue.getSync(), { code: 'ENOENT' });
  });
});
