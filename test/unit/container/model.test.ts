import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { SharedDict, SharedList } from 'allcores';

const value = fc.oneof(
  fc.integer(),
  fc.string({ maxLength: 60 }),
  fc.constantFrom('x'.repeat(5000), 'é€'.repeat(3000), undefined, null, true),
  fc.array(fc.integer(), { maxLength: 4 }),
);
const index = fc.integer({ min: -12, max: 12 });

interface ListPair {
  readonly model: unknown[];
  readonly list: SharedList;
}

/** Does the same to both: what comes of it must be the same. */
type ListCommand = (pair: ListPair) => readonly [unknown, unknown];

/** Where an index is in an array, or undefined. */
const placeOf = (model: readonly unknown[], at: number): number | undefined => {
  const place = at < 0 ? at + model.length : at;
  return place >= 0 && place < model.length ? place : undefined;
};
const attempt = (use: () => unknown): unknown => {
  try {
    return use();
  } catch (error) {
    return (error as Error).name;
  }
};

const listCommands: fc.Arbitrary<ListCommand> = fc.oneof(
  value.map((v): ListCommand => ({ model, list }) => [void model.push(v), list.append(v)]),
  fc
    .array(value, { maxLength: 5 })
    .map((vs): ListCommand => ({ model, list }) => [model.push(...vs), list.push(...vs)]),
  index.map((at): ListCommand => ({ model, list }) => [model.at(at), list.at(at)]),
  fc.tuple(index, value).map(([at, v]): ListCommand => ({ model, list }) => {
    const place = placeOf(model, at);
    if (place !== undefined) model[place] = v;
    return [place === undefined ? 'RangeError' : undefined, attempt(() => list.set(at, v))];
  }),
  fc
    .tuple(index, value)
    .map(([at, v]): ListCommand => ({ model, list }) => [void model.splice(at, 0, v), list.insert(at, v)]),
  index.map((at): ListCommand => ({ model, list }) => {
    const place = placeOf(model, at);
    return [place === undefined ? 'RangeError' : model.splice(place, 1)[0], attempt(() => list.pop(at))];
  }),
  fc.tuple(index, index).map(([a, b]): ListCommand => ({ model, list }) => [model.slice(a, b), list.slice(a, b)]),
  fc.constant<ListCommand>(({ model, list }) => [model.reverse(), list.reverse().toArray()]),
  fc.constant<ListCommand>(({ model, list }) => [model.length, list.length]),
);

interface DictPair {
  readonly model: Map<unknown, unknown>;
  readonly dict: SharedDict;
}
type DictCommand = (pair: DictPair) => readonly [unknown, unknown];

const key = fc.oneof(
  fc.constantFrom('a', 'b', 'c', '', 'a long key that is not so short', 1, -1, 1.5, 7n, true, null),
  fc.integer({ max: 20, min: 0 }),
);
const dictCommands: fc.Arbitrary<DictCommand> = fc.oneof(
  fc.tuple(key, value).map(([k, v]): DictCommand => ({ model, dict }) => [void model.set(k, v), void dict.set(k, v)]),
  key.map((k): DictCommand => ({ model, dict }) => [[model.get(k), model.has(k)], [dict.get(k), dict.has(k)]]), // prettier-ignore
  key.map((k): DictCommand => ({ model, dict }) => [model.delete(k), dict.delete(k)]),
  key.map((k): DictCommand => ({ model, dict }) => {
    const expected = model.get(k);
    model.delete(k);
    return [expected, dict.pop(k)];
  }),
  fc.tuple(key, value).map(([k, v]): DictCommand => ({ model, dict }) => {
    if (!model.has(k)) model.set(k, v);
    return [model.get(k), dict.setDefault(k, v)];
  }),
  fc.array(fc.tuple(key, value), { maxLength: 6 }).map((entries): DictCommand => ({ model, dict }) => {
    for (const [k, v] of entries) model.set(k, v);
    return [undefined, dict.update(entries)];
  }),
  fc.constant<DictCommand>(({ model, dict }) => {
    const last = [...model].at(-1);
    if (last !== undefined) model.delete(last[0]);
    return [last, dict.popItem()];
  }),
  key.map((k): DictCommand => ({ model, dict }) => {
    const change = (v: unknown): unknown => [v === undefined, 1];
    model.set(k, change(model.get(k)));
    return [model.get(k), dict.mutate(k, change)];
  }),
  fc.constant<DictCommand>(({ model, dict }) => [model.size, dict.size]),
);

describe('over any sequence of operations', () => {
  it('a SharedList is as an array', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 8 }), fc.array(listCommands, { maxLength: 60 }), (first, commands) => {
        const pair = { model: [...first], list: new SharedList(first) };
        for (const command of commands) {
          const [expected, got] = command(pair);
          assert.deepEqual(got, expected);
        }
        assert.deepEqual(pair.list.toArray(), pair.model);
      }),
      { numRuns: 200 },
    );
  });

  it('a SharedDict is as a Map', () => {
    fc.assert(
      fc.property(fc.array(dictCommands, { maxLength: 80 }), (commands) => {
        const pair = { model: new Map<unknown, unknown>(), dict: new SharedDict() };
        for (const command of commands) {
          const [expected, got] = command(pair);
          assert.deepEqual(got, expected);
        }
        assert.deepEqual(pair.dict.entries(), [...pair.model]);
      }),
      { numRuns: 200 },
    );
  });
});
