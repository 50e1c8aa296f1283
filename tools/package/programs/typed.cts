// TypeScript in CommonJS. typed.mts hands it a pool: classes are the same for both.
import assert = require('node:assert/strict');
import { parse } from 'acorn';
import { Pool, type AsyncResult } from 'allcores';

const statements = (text: string): number => parse(text, { ecmaVersion: 2022 }).body.length;

export async function count(pool: Pool, texts: readonly string[]): Promise<number[]> {
  const last: AsyncResult<number> = pool.applyAsync(statements, [texts[texts.length - 1] ?? '']);
  const counts = await pool.map(statements, texts);
  assert.equal(await last.get(), counts[counts.length - 1]);
  return counts;
}

async function main(): Promise<void> {
  const pool = new Pool(2);
  assert.deepEqual(await count(pool, ['a', 'a;b']), [1, 2]);
  pool.close();
  await pool.join();
  console.log('ok');
}

if (require.main === module) void main();
