// The user's program in CommonJS. With `process` as its argument, workers are processes.
const assert = require('node:assert/strict');
const { getContext, Value } = require('allcores');
const { parse } = require('acorn');

const ecmaVersion = 2022;
const add = (total, by) => total.add(by);
const statements = (text) => parse(text, { ecmaVersion }).body.length;
const addStatements = (total, text) => add(total, statements(text));

async function main(method) {
  const { Pool, Process } = getContext(method);
  const pool = new Pool(2);
  assert.deepEqual(await pool.map(statements, ['a', 'a;b', 'a;b;c']), [1, 2, 3]);
  const total = new Value('int32', 0);
  await pool.starmap(
    add,
    [1, 2, 3].map((by) => [total, by]),
  );
  pool.close();
  await pool.join();
  const child = new Process({ target: addStatements, args: [total, 'a;b;c;d'] }).start();
  await child.join();
  assert.equal(child.exitCode, 0);
  assert.equal(total.value, 10);
}

void main(process.argv[2] ?? 'thread').then(() => console.log('ok'));
