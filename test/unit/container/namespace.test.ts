import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Manager, Namespace, SharedList } from 'allcores';

describe('Namespace', () => {
  const manager = new Manager();
  after(() => manager.shutdown());

  it('has properties like any object', () => {
    const ns = manager.namespace({ x: 1 });
    ns.y = [2];
    assert.deepEqual([ns.x, ns.y, 'x' in ns, 'z' in ns, ns['z']], [1, [2], true, false, undefined]);
    assert.deepEqual(Object.keys(ns), ['x', 'y']);
    assert.deepEqual({ ...ns }, { x: 1, y: [2] });
    assert.equal(delete ns.y, true);
    assert.equal(delete ns['y'], true);
    assert.ok(!('y' in ns) && !Object.hasOwn(ns, 'y'));
    assert.equal(JSON.stringify(ns), '{"x":1}');
  });

  it('begins empty, and takes Object.assign and Object.defineProperty', () => {
    const ns = manager.namespace();
    Object.assign(ns, { a: 1 });
    Object.defineProperty(ns, 'b', { value: 2, writable: true, enumerable: true, configurable: true });
    assert.deepEqual({ ...ns }, { a: 1, b: 2 });
  });

  it('is no promise, and is what it is', async () => {
    const ns = manager.namespace({ x: 1 });
    assert.equal(await Promise.resolve(ns), ns);
    assert.ok(ns instanceof Namespace);
  });

  it('prints its properties', () => {
    const ns = manager.namespace({ name: 'Bob', n: 1 });
    assert.equal(String(ns), "Namespace(name='Bob', n=1)");
    assert.equal(inspect(ns), "Namespace { name: 'Bob', n: 1 }");
  });

  it('copies values, and keeps shared ones shared', () => {
    const list = new SharedList([1]);
    const ns = manager.namespace({ plain: [1], list });
    ns.plain.push(2);
    ns.list.append(2);
    assert.deepEqual(ns.plain, [1]);
    assert.deepEqual(list.toArray(), [1, 2]);
  });

  it('travels within values, and is found there again', () => {
    const ns = manager.namespace({ x: 1 });
    const list = new SharedList<unknown>([manager.namespace({ x: 1 }), ns]);
    assert.equal(list.index(ns), 1);
    (list.at(1) as { y: number }).y = 5;
    assert.equal(ns['y'], 5);
  });

  it('refuses symbols, accessors, freezing, another prototype, and what is no object', () => {
    const ns = manager.namespace({ x: 1 }) as Record<PropertyKey, unknown>;
    for (const use of [
      () => (ns[Symbol('s')] = 1),
      () => Object.defineProperty(ns, 'g', { get: () => 1 }),
      () => Object.defineProperty(ns, 'h', { value: 1 }),
      () => Object.freeze(ns),
      () => void Object.setPrototypeOf(ns, {}),
      () => manager.namespace(5 as never),
    ]) {
      assert.throws(use, TypeError);
    }
    assert.throws(() => (ns['f'] = () => 1), { name: 'SerializationError' });
    assert.deepEqual(Object.keys(ns), ['x']);
  });
});
