// A thread of the user's own that imports the package and uses a pool.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { Pool } from 'allcores';
import { tokenizer } from 'acorn';

const tokens = (text) => [...tokenizer(text, { ecmaVersion: 2022 })].length;

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  const [[answer], [code]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
  assert.deepEqual({ answer, code }, { answer: [1, 3], code: 0 });
  console.log('ok');
} else {
  const pool = new Pool(2);
  parentPort.postMessage(await pool.map(tokens, ['a', 'a;b']));
  pool.close();
  await pool.join();
}
