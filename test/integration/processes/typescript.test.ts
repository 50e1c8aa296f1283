import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const program = fileURLToPath(new URL('../../../../test/integration/processes/fixtures/typed.mts', import.meta.url));

describe('a TypeScript program that tsx runs', () => {
  it('has pools and processes that are processes, whose functions, classes and errors travel', async () => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program]);
    assert.deepEqual(JSON.parse(stdout), ['/7', 8, 5, 0, 5]);
    assert.equal(stderr, '');
  }).timeout(60_000);
});
