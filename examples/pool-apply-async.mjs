// Five tasks for a pool of four: submit, close, join, then take the results in the order of submission.
import { performance } from 'node:perf_hooks';
import { Pool } from 'allcores';

const SLEEP = 300;

/** Multiplies, slowly: the thread sleeps for `ms` milliseconds, as a long computation would occupy it. */
function multiply(x, y, ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return x * y;
}

const begin = performance.now();
const pool = new Pool(4);
const results = [1, 2, 3, 4, 5].map((x) => pool.applyAsync(multiply, [x, 10, SLEEP]));

// What has not been fetched is no number yet, and printing it says so.
console.log('before:', results[0]);

pool.close();
await pool.join();

for (const result of results) console.log('result:', await result.get());

console.log('after:', results[0]);
console.log(`took ${Math.round(performance.now() - begin)} ms; slept ${results.length * SLEEP} ms in all`);
