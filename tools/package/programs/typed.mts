// TypeScript as an ES module.
import assert from 'node:assert/strict';
import { parse, type Program } from 'acorn';
import { Lock, Manager, Pool, TimeoutError, Value, type PoolOptions, type SharedDict } from 'allcores';
import { count } from './typed.cjs';

interface Summary {
  readonly text: string;
  readonly statements: number;
}

function summary(text: string): Summary {
  const program: Program = parse(text, { ecmaVersion: 2022 });
  return { text, statements: program.body.length };
}

function add(lock: Lock, total: Value<'float64'>, by: number): Promise<number> {
  return lock.withLock(() => total.add(by));
}

function setEntry(dict: SharedDict<string, number>, key: string, value: number): void {
  dict.set(key, value);
}

const options: PoolOptions = { name: 'Typed' };
const pool = new Pool(2, options);
const summaries: Summary[] = await pool.map(summary, ['a', 'a;b']);
assert.deepEqual(
  summaries.map(({ statements }) => statements),
  [1, 2],
);
assert.deepEqual(await count(pool, ['a;b;c', 'a']), [3, 1]);

const [lock, total] = [new Lock(), new Value('float64', 0)];
const deposits = [1, 2, 3].map((by): [Lock, Value<'float64'>, number] => [lock, total, by]);
await pool.starmap(add, deposits);
assert.equal(total.value, 6);

const manager = new Manager();
const dict = manager.dict<string, number>();
await pool.starmap(setEntry, [
  [dict, 'a', 1],
  [dict, 'b', 2],
]);
assert.equal(dict.get('b'), 2);
manager.shutdown();
pool.close();
await pool.join();
assert.ok(new TimeoutError('late') instanceof Error);
console.log('ok');
