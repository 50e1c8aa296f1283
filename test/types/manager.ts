// Compiled, never run: what the objects of a manager hold.
import type {
  JoinableQueue,
  Manager,
  Pool,
  Queue,
  SharedArray,
  SharedDict,
  SharedList,
  SharedSet,
  Value,
} from 'allcores';
import { expectType, type Equal } from './equal.js';

export function listsHaveTheirElements(m: Manager): void {
  const list = m.list([1, 2]);
  expectType<Equal<typeof list, SharedList<number>>>();
  const first = list.at(0);
  expectType<Equal<typeof first, number | undefined>>();
  const last = list.pop();
  expectType<Equal<typeof last, number>>();
  const empty = m.list<string>();
  expectType<Equal<typeof empty, SharedList<string>>>();
  for (const text of empty) expectType<Equal<typeof text, string>>();
  // @ts-expect-error: of another type
  list.append('x');
  // @ts-expect-error: no iterable
  m.list(5);
}

export function dictsHaveKeysAndValues(m: Manager): void {
  const dict = m.dict({ a: 1 });
  expectType<Equal<typeof dict, SharedDict<string, number>>>();
  const pairs = m.dict([[1, 'x']] as [number, string][]);
  expectType<Equal<typeof pairs, SharedDict<number, string>>>();
  const map = m.dict(new Map([[1n, true]]));
  expectType<Equal<typeof map, SharedDict<bigint, boolean>>>();
  const named = m.dict<string, number[]>();
  const value = named.get('a');
  expectType<Equal<typeof value, number[] | undefined>>();
  const sure = named.get('a', null);
  expectType<Equal<typeof sure, number[] | null>>();
  const entries = named.entries();
  expectType<Equal<typeof entries, [string, number[]][]>>();
  const longer = named.mutate('a', (list = []) => [...list, 1]);
  expectType<Equal<typeof longer, number[]>>();
  const sum = dict.increment('a');
  expectType<Equal<typeof sum, number>>();
  const big = m.dict<string, bigint>().increment('a', 1n);
  expectType<Equal<typeof big, bigint>>();
  // @ts-expect-error: of another type
  dict.set('a', 'x');
  // @ts-expect-error: asynchronous
  dict.mutate('a', async (n) => n);
}

export function theOthersAreWhatTheyAreElsewhere(m: Manager): void {
  const set = m.set(['a']);
  expectType<Equal<typeof set, SharedSet<string>>>();
  const value = m.value('int64', 1n);
  const ofNumber = m.value('int64', 1);
  ofNumber.value = 2;
  const element = ofNumber.value;
  expectType<Equal<typeof element, bigint>>();
  m.array('q', [1, 2n]).set(0, 3);
  expectType<Equal<typeof value, Value<'int64'>>>();
  const array = m.array('f', 3);
  expectType<Equal<typeof array, SharedArray<'f'>>>();
  const queue = m.queue<number>(2);
  expectType<Equal<typeof queue, Queue<number>>>();
  const jobs = m.joinableQueue<string>();
  expectType<Equal<typeof jobs, JoinableQueue<string>>>();
  const pool = m.pool(2);
  expectType<Equal<typeof pool, Pool>>();
}

export function namespacesHaveTheirProperties(m: Manager): void {
  const ns = m.namespace({ x: 1 });
  const { x } = ns;
  expectType<Equal<typeof x, number>>();
  ns['y'] = 'any value at all';
  // @ts-expect-error: of another type
  ns.x = 'x';
}
