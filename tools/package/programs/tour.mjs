// A little of everything that a binary has, for those that run on another system than this one.
import assert from 'node:assert/strict';
import { getContext, Lock, Manager, Pool, SharedArray, SharedMemory, Value } from 'allcores';

const LENGTH = 500_000;
const twice = (n) => 2 * n;

function deposit(account, lock, times) {
  for (let i = 0; i < times; i++) {
    const held = lock.holdSync();
    account.value += 1;
    held.release();
  }
}

function count(dict, times) {
  for (let i = 0; i < times; i++) dict.increment(`n${i % 7}`);
}

const eightTimes = (args) => Array.from({ length: 8 }, () => args);

const pool = new Pool(4);
const numbers = Array.from({ length: 20_000 }, (_, i) => i);
assert.deepEqual(await pool.map(twice, numbers), numbers.map(twice));
const singles = await Promise.all(numbers.slice(0, 3000).map((n) => pool.apply(twice, [n])));
assert.equal(singles[2999], 5998);

const [account, lock] = [new Value('int32', 0), new Lock()];
await pool.starmap(deposit, eightTimes([account, lock, 500]), { chunksize: 1 });
assert.equal(account.value, 4000);

const manager = new Manager();
const dict = manager.dict();
await pool.starmap(count, eightTimes([dict, 500]), { chunksize: 1 });
assert.equal(
  Object.values(dict.toObject()).reduce((sum, n) => sum + n),
  4000,
);
manager.shutdown();
pool.close();
await pool.join();

const vector = new SharedArray('float64', LENGTH);
for (let i = 0; i < LENGTH; i++) vector.set(i, Math.sin(1.7 * i));
await vector.sort();
let last = -Infinity;
for (const number of vector) {
  assert.ok(last <= number);
  last = number;
}

const memory = new SharedMemory({ create: true, size: 5000 });
const attached = new SharedMemory({ name: memory.name });
attached.buf[4999] = 9;
assert.equal(memory.buf[4999], 9);
assert.throws(() => new SharedMemory({ create: true, size: 10, name: memory.name }), { code: 'EEXIST' });
attached.close();
memory.close();
memory.unlink();
assert.throws(() => new SharedMemory({ name: memory.name }), { code: 'ENOENT' });

async function withProcesses() {
  const processes = new (getContext('process').Pool)(2);
  assert.deepEqual(await processes.map(twice, [1, 2, 3]), [2, 4, 6]);
  processes.close();
  await processes.join();
}
if (process.platform === 'win32') await assert.rejects(withProcesses, { name: 'ProcessError' });
else await withProcesses();
console.log('ok');
