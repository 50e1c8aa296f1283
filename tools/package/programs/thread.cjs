// A thread of the user's own that requires the package and uses a pool.
const assert = require('node:assert/strict');
const { once } = require('node:events');
const { isMainThread, parentPort, Worker } = require('node:worker_threads');
const { Pool } = require('allcores');
const { tokenizer } = require('acorn');

const tokens = (text) => [...tokenizer(text, { ecmaVersion: 2022 })].length;

async function main() {
  const worker = new Worker(__filename);
  const [[answer], [code]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
  assert.deepEqual({ answer, code }, { answer: [1, 3], code: 0 });
  console.log('ok');
}

async function inThread() {
  const pool = new Pool(2);
  parentPort.postMessage(await pool.map(tokens, ['a', 'a;b']));
  pool.close();
  await pool.join();
}

void (isMainThread ? main() : inThread());
