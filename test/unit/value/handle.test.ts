import assert from 'node:assert/strict';
import { SerializationError } from '#lib/base/errors.js';
import { Codec } from '#lib/transport/value/codec.js';
import { registerHandleType } from '#lib/base/handle.js';
import { LocalContext, roundTrip } from './context.js';

class Counter {
  readonly memory: Int32Array;
  readonly label: string;

  constructor(memory: Int32Array, label: string) {
    this.memory = memory;
    this.label = label;
  }
}

describe('shared handles', () => {
  let made = 0;

  it('are plain objects before their type is registered, handles after', () => {
    const counter = new Counter(new Int32Array(new SharedArrayBuffer(4)), 'c');
    assert.equal(roundTrip(counter) instanceof Counter, false);
    registerHandleType<Counter>({
      name: 'test.Counter',
      type: Counter,
      toHandle: ({ memory, label }) => [memory, label],
      fromHandle: (data) => {
        made++;
        return new Counter(...(data as [Int32Array, string]));
      },
    });
    const result = roundTrip({ deep: [counter] }) as { deep: [Counter] };
    assert.ok(result.deep[0] instanceof Counter);
    assert.equal(result.deep[0].memory.buffer, counter.memory.buffer);
    assert.equal(result.deep[0].label, 'c');
  });

  it('arrive once, however often they are referred to, and with subclasses', () => {
    class Sub extends Counter {}
    const counter = new Sub(new Int32Array(new SharedArrayBuffer(4)), 's');
    made = 0;
    const [one, other, map] = roundTrip([counter, counter, new Map([[counter, 1]])]) as [
      Counter,
      Counter,
      Map<Counter, number>,
    ];
    assert.ok(one === other && map.has(one));
    assert.equal(made, 1);
  });

  it('are not made when a function that stands after them is not there yet', () => {
    const context = new LocalContext();
    const { head } = new Codec(context).encode([new Counter(new Int32Array(1), 'x'), () => 1], 'args');
    made = 0;
    const codec = new Codec({
      functionId: () => 0,
      functionOf: () => {
        throw new Error('not loaded');
      },
      shareBuffer: () => 0,
      sharedBufferOf: (id) => context.sharedBufferOf(id),
    });
    assert.throws(() => codec.decode(head, []), /not loaded/);
    assert.equal(made, 0);
  });

  it('cannot take a name twice', () => {
    const type = {
      name: 'test.Counter',
      type: Counter,
      toHandle: () => 0,
      fromHandle: () => new Counter(new Int32Array(1), ''),
    };
    assert.throws(() => registerHandleType(type), TypeError);
  });

  it('name what fails', () => {
    class Broken {
      readonly closed = true;
    }
    registerHandleType<Broken>({
      name: 'test.Broken',
      type: Broken,
      toHandle: () => {
        throw new Error('closed');
      },
      fromHandle: () => new Broken(),
    });
    assert.throws(
      () => roundTrip([new Broken()]),
      (error) => {
        assert.ok(error instanceof SerializationError);
        assert.match(error.message, /closed/);
        assert.equal(error.path, 'args[0]');
        return true;
      },
    );
  });
});
