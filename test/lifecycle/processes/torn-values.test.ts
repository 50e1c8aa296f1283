import assert from 'node:assert/strict';
import {
  Manager,
  Pool,
  Process,
  setStartMethod,
  SharedArray,
  Value,
  type SharedDict,
  type SharedList,
  type SharedSet,
} from 'allcores';
import { run } from '../child.js';
import { report } from '../inside.js';
import { childProcesses, comesTrue, crashIn, killHard } from './children.js';

/** A value that shows whether it is one: its parts belong together. */
interface Whole {
  readonly i: number;
  readonly text: string;
  readonly last: number;
}

/** What two writers work on at once; each counts what it has done, by kind. */
interface Shared {
  readonly dict: SharedDict<string, Whole>;
  readonly counts: SharedDict<string, number>;
  readonly history: SharedDict<string, readonly number[]>;
  readonly list: SharedList<Whole>;
  readonly grown: SharedList<number>;
  readonly turned: SharedList<number>;
  readonly set: SharedSet<number>;
  readonly value: Value<'float64'>;
  readonly done: SharedArray<'int32'>;
}

/** The program: processes change shared objects in endless loops and are killed at random moments, again and again. */
async function kills(rounds: number): Promise<void> {
  setStartMethod('process');
  const writes = (shared: Shared, pids?: SharedArray<'int32'>): void => {
    pids?.set(0, process.pid);
    const { dict, counts, history, list, grown, turned, set, value, done } = shared;
    const whole = (i: number): Whole => ({ i, text: String(i % 10).repeat(i % 3 === 0 ? 60_000 : i % 200), last: i });
    for (let i = 0; ; i++) {
      dict.set(`key ${i % 40}`, whole(i));
      if (i % 7 === 0) dict.delete(`key ${(i * 3) % 40}`);
      counts.increment('count');
      Atomics.add(done.view, 0, 1);
      history.mutate('numbers', (numbers = []) => [...numbers.slice(-50), (numbers.at(-1) ?? 0) + 1]);
      Atomics.add(done.view, 1, 1);
      list.set(i % 10, whole(i));
      grown.append(i);
      Atomics.add(done.view, 2, 1);
      // Elements move: by one place, and all of them.
      list.insert(0, whole(i));
      list.pop(0);
      turned.reverse();
      if (i % 2 === 0) set.add(i % 100);
      else set.delete((i * 7) % 100);
      value.add(1);
      Atomics.add(done.view, 3, 1);
    }
  };
  const isWhole = ({ i, text, last }: Whole): boolean =>
    i === last && text === String(i % 10).repeat(i % 3 === 0 ? 60_000 : i % 200);

  const manager = new Manager();
  const done = new SharedArray('int32', 4);
  const first: Whole = { i: 0, text: '0'.repeat(60_000), last: 0 };
  const shared: Shared = {
    dict: manager.dict<string, Whole>(),
    counts: manager.dict<string, number>(),
    history: manager.dict<string, readonly number[]>(),
    list: manager.list<Whole>(Array.from({ length: 20 }, () => first)),
    grown: manager.list<number>(),
    turned: manager.list<number>(Array.from({ length: 5000 }).keys()),
    set: manager.set<number>(),
    value: new Value('float64', 0),
    done,
  };
  const { dict, counts, history, list, grown, turned, set, value } = shared;
  const pool = new Pool(1);
  const faults: unknown[] = [];
  let killed = 0;

  const check = (): void => {
    for (const [key, each] of dict.entries()) if (!isWhole(each)) faults.push(['dict', key, each.i, each.last]);
    for (const each of list.toArray()) if (!isWhole(each)) faults.push(['list', each.i, each.last]);
    const numbers = history.get('numbers') ?? [];
    if (!numbers.every((each, k) => k === 0 || each === numbers[k - 1]! + 1)) faults.push(['history', numbers]);
    const order = turned.toArray();
    const ascends = order[0] === 0;
    if (!order.every((each, k) => each === (ascends ? k : 4999 - k))) faults.push(['turned', order.slice(0, 20)]);
  };
  /** Each of the dead may have done one thing more than it has counted. */
  const isCount = (what: string, count: number, counted: number): void => {
    if (count < counted || count > counted + killed) faults.push([what, count, counted, killed]);
  };
  const sizes = (): void => {
    if (new Set(dict.keys()).size !== dict.size || dict.size !== dict.entries().length) faults.push('size of the dict');
    if (new Set(set.values()).size !== set.size) faults.push('size of the set');
    if (list.length !== list.toArray().length) faults.push('length of the list');
    // One who dies between `insert` and `pop` leaves one element more; if two were between these, one may have taken both.
    if (list.length < 20 || list.length > 20 + killed) faults.push(['length', list.length]);
    if (grown.length !== grown.toArray().length) faults.push('length of what grows');
    isCount('increment', counts.get('count')!, done.at(0)!);
    isCount('mutate', history.get('numbers')!.at(-1)!, done.at(1)!);
    isCount('append', grown.length, done.at(2)!);
    isCount('add', value.value, done.at(3)!);
  };

  for (let round = 0; round < rounds; round++) {
    const start = done.at(3)!;
    const pids = new SharedArray('int32', 1);
    const task = crashIn(() => pool.apply(writes, [shared, pids]));
    const child = new Process({ target: writes, args: [shared] }).start();
    const enough = start + 5 + Math.random() * 100;
    if (!(await comesTrue(() => pids.at(0) !== 0 && done.at(3)! > enough))) faults.push('nothing is done');
    for (const pid of [pids.at(0)!, child.pid!].toSorted(() => Math.random() - 0.5)) {
      check();
      const until = performance.now() + Math.random() * 3;
      while (performance.now() < until);
      killHard(pid);
      killed++;
    }
    const end = (await task) as { signal?: string };
    if (end.signal !== 'SIGKILL') faults.push(end);
    await child.join();
    check();
    sizes();
    // And all of it serves as before.
    dict.set('of the owner', first);
    if (!dict.delete('of the owner')) faults.push('delete');
    list.append(first);
    if (list.pop().i !== 0) faults.push('pop');
    set.add(-1);
    if (!set.delete(-1)) faults.push('delete of the set');
  }
  report(faults.slice(0, 5));
  report(await pool.apply(() => 'goes on'));
  await pool.terminate();
  manager.shutdown();
  report(await comesTrue(() => childProcesses().length === 0));
}

describe('shared objects whose writers are killed in the midst of changes', () => {
  it('hold the old value or the new one, count right, and go on', async () => {
    const child = await run(kills, { args: [12], timeout: 90_000 });
    assert.deepEqual(child.reports, [[], 'goes on', true], child.stderr);
    assert.deepEqual([child.code, child.stderr], [0, '']);
  }).timeout(120_000);
});
