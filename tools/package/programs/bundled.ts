// TypeScript that a bundler puts together into one file; packages stay outside.
import assert from 'node:assert/strict';
import { Pool } from 'allcores';
import { ecmaVersion, statements } from './bundled-part';

const twice = (text: string): number => 2 * statements(text) + ecmaVersion;

const pool = new Pool(2);
const counts: number[] = await pool.map(twice, ['a', 'a;b']);
assert.deepEqual(counts, [2024, 2026]);
pool.close();
await pool.join();
console.log('ok');
