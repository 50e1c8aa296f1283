import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { getStartMethod, Lock, Pool, Process, SharedArray, task, Value } from 'allcores';

const fixtures = new URL('../../../../test/integration/pool/fixtures/', import.meta.url);
const run = promisify(execFile);

const total = new Value('int32', 0);
const guarded = { lock: new Lock(), numbers: new SharedArray('int32', 3) };
const options = { step: 1, note: new Map([['a', 1]]) };
let renewed = new Value('int32', 0);
const filled: { value?: Value<'int32'> } = {};
let absent: Value<'int32'> | undefined;

function addGuarded(at: number): void {
  guarded.lock.acquireSync();
  guarded.numbers.set(at, guarded.numbers.at(at)! + options.step);
  guarded.lock.release();
}

async function program(name: string): Promise<Record<string, unknown>> {
  const { stdout } = await run(process.execPath, [fileURLToPath(new URL(name, fixtures)), getStartMethod()]);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('shared objects at the top level of a module', () => {
  let pool: Pool;
  before(() => (pool = new Pool(2)));
  after(() => pool.terminate());

  it('are the same ones in workers', async () => {
    await pool.map((n: number) => total.add(n), [1, 2, 3]);
    assert.equal(total.value, 6);
    await pool.map(addGuarded, [0, 1, 1]);
    assert.deepEqual([...guarded.numbers], [1, 2, 0]);
    const child = new Process({ target: addGuarded, args: [2] });
    child.start();
    await child.join();
    assert.deepEqual([...guarded.numbers], [1, 2, 1]);
  });

  it('leave the other declarations to their initializers', async () => {
    options.note.set('b', 2);
    assert.deepEqual(await pool.apply(() => [options.step, options.note.size]), [1, 1]);
  });

  it('are what the variable holds when a function first travels', async () => {
    const [first, second] = [renewed, new Value('int32', 0)];
    const add = (): number => renewed.add(1);
    await pool.apply(add);
    renewed = second;
    await pool.apply(() => renewed.add(10));
    assert.deepEqual([first.value, second.value], [1, 10]);
  });

  it('may be given by task instead', async () => {
    const other = new Value('int32', 0);
    await pool.apply(task(() => total.add(1), { total: other }));
    assert.deepEqual([total.value, other.value], [6, 1]);
  });

  it('need not be there', async () => {
    assert.deepEqual(await pool.broadcast(() => [absent, filled.value]), Array(2).fill([undefined, undefined]));
    absent = new Value('int32', 3);
    filled.value = absent;
    await pool.broadcast(() => absent?.add(1));
    await pool.broadcast(() => filled.value?.add(1));
    assert.equal(absent.value, 7);
  });

  it('arrive from an entry script, and from the modules that it imports', async () => {
    const { undeclared, ...report } = await program('top-level.mjs');
    assert.deepEqual(report, {
      value: 1003,
      initialized: 1000,
      nested: [6, 1],
      indirect: [[1, 2, 3], 3, 6, 6],
      pipe: 7,
      method: 1,
      imports: [1, 2, 3],
      counted: [[1, 2], 3],
      plain: 1,
      reassigned: [6, 101],
      process: 1004,
      inner: 1005,
    });
    const place = `${path.sep}top-level.mjs:`;
    assert.match(
      String(undeclared),
      /^FunctionTransportError: .*the shared object "undeclared" .*task\(fn, \{ undeclared \}\)/,
    );
    assert.equal(String(undeclared).split(place).length, 3, 'the function and the variable are placed');
  });

  it('arrive from CommonJS', async () => {
    const { values, error } = await program('top-level.cjs');
    assert.deepEqual(values, [16, 16, 16]);
    assert.match(String(error), /initializer "early" .*the shared object "late"/);
  });

  it('are refused where what holds them cannot be copied, time and again', () => {
    for (let i = 0; i < 2; i++) assert.throws(() => pool.apply(usesUnsendable), /fn's top-level\.unsendable\.made/);
  });
});

const unsendable = { value: new Value('int32', 0), made: new WeakMap() };
const usesUnsendable = (): number => unsendable.value.add(1);
