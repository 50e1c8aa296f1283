import assert from 'node:assert/strict';
import { Manager, type SharedDict, type SharedList } from 'allcores';

const digits = Array.from({ length: 10 }, (_, i) => i);

describe('containers of a manager, as in Python', () => {
  let m: Manager;
  before(() => (m = new Manager()));
  after(() => m.shutdown());

  it('a list is filled, sliced, extended, repeated and nested', () => {
    const a = m.list(digits);
    const b = m.list<number>();
    assert.deepEqual([a.slice(), b.slice()], [digits, []]);
    b.extend(digits.slice(0, 5));
    assert.deepEqual([b.at(2), b.slice(2, 10)], [2, [2, 3, 4]]);
    b.extend(b);
    assert.deepEqual(b.slice(), [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
    assert.deepEqual([...b, 5, 6].length, 12);
    const both = m.list([a, b]);
    assert.deepEqual([...both].map((list) => list.slice()), [digits, b.slice()]); // prettier-ignore
    const one = m.list<SharedList<unknown>>([a]);
    (a as SharedList<unknown>).append('hello');
    assert.deepEqual(one.at(0)!.slice(), [...digits, 'hello']);
  });

  it('an iterator over a list ends once; what it gives is of the moment when it began', () => {
    const list = m.list(digits);
    const iterator = list[Symbol.iterator]();
    assert.deepEqual([...iterator], digits);
    assert.deepEqual([...iterator], []);
    const early = list[Symbol.iterator]();
    list.set(0, 100);
    assert.equal(early.next().value, 0);
    assert.equal(list[Symbol.iterator]().next().value, 100);
  });

  it('lists in a list stay lists, and a list may be in itself', () => {
    const outer = m.list([1, 2, 3].map(() => m.list([0, 1, 2])));
    outer.at(0)!.set(-1, 55);
    assert.deepEqual(outer.toArray().map((list) => list.toArray()), [[0, 1, 55], [0, 1, 2], [0, 1, 2]]); // prettier-ignore
    assert.equal(outer.at(1)!.pop(), 2);
    assert.deepEqual(outer.toArray().map(({ length }) => length), [3, 2, 3]); // prettier-ignore
    const own = m.list<unknown>();
    own.append(own);
    assert.equal((own.at(0) as SharedList).length, 1);
  });

  it('a dict gives copies, keys, values and entries', () => {
    const codes = [65, 66, 67, 68, 69];
    const dict = m.dict<number, string>();
    for (const code of codes) dict.set(code, String.fromCharCode(code));
    const entries = codes.map((code) => [code, String.fromCharCode(code)]);
    assert.deepEqual(dict.toObject(), Object.fromEntries(entries));
    assert.deepEqual([dict.keys(), dict.values(), dict.entries()], [codes, [...'ABCDE'], entries]);
  });

  it('an iterator over a dict ends once, and is not disturbed by changes', () => {
    const dict = m.dict({ a: 1, b: 2 });
    const iterator = dict[Symbol.iterator]();
    assert.equal([...iterator].length, 2);
    assert.equal([...iterator].length, 0);
    const early = dict[Symbol.iterator]();
    dict.clear();
    assert.deepEqual([...early], [['a', 1], ['b', 2]]); // prettier-ignore
  });

  it('dicts in dicts and lists stay dicts', () => {
    type Counts = SharedDict<string, number>;
    const pets: Counts = m.dict({ cats: 2, dogs: 4 });
    const stock: Counts = m.dict({ water: 10, feed: 3 });
    const all = m.dict<string, Counts>({ pets, stock });
    all.get('stock')!.set('straw', 5);
    assert.equal(stock.get('straw'), 5);
    stock.set('water', 7);
    assert.equal(all.get('stock')!.get('water'), 7);
    const again = all.get('pets')!;
    all.clear();
    assert.deepEqual([all.size, again.get('cats'), stock.get('water')], [0, 2, 7]);
    const list = m.list([pets, stock]);
    list.at(0)!.set('birds', 1);
    assert.equal(pets.get('birds'), 1);
    const outer = m.list<unknown[] | typeof list>([[88, 99], list]);
    assert.ok(Array.isArray(outer.at(0)));
    assert.equal((outer.at(-1) as typeof list).at(-1)!.get('feed'), 3);
  });

  it('queues may be in a list and in a dict', () => {
    const [queue, other] = [m.queue<number>(), m.queue<number>()];
    const list = m.list([queue]);
    const dict = m.dict<number, typeof queue>([[0, other]]);
    list.at(0)!.putSync(123);
    dict.get(0)!.putSync(456);
    assert.deepEqual([list.at(0)!.getSync(), other.getSync()], [123, 456]);
  });

  it('a namespace has attributes, and shows them', () => {
    const ns = m.namespace();
    ns['name'] = 'Bob';
    ns['job'] = 'Builder';
    assert.deepEqual([ns['name'], ns['job']], ['Bob', 'Builder']);
    delete ns['job'];
    assert.equal(String(ns), "Namespace(name='Bob')");
    assert.deepEqual(['name' in ns, 'job' in ns], [true, false]);
  });
});
