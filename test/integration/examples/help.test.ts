import assert from 'node:assert/strict';
import { run } from './run.js';

const PROGRAMS = [
  'hash-files.mjs',
  'http-server/load.mjs',
  'http-server/server.mjs',
  'json-lines.mjs',
  'minify-js.mjs',
  'monte-carlo.mjs',
  'resize-images.mjs',
  'shared-cache/main.mjs',
];

describe('examples: --help', function () {
  this.timeout(60_000);

  for (const program of PROGRAMS) {
    it(`explains ${program}`, async () => {
      const { code, stdout, stderr } = await run(program, '--help');
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      assert.ok(stdout.startsWith(`Usage: node ${program.split('/').at(-1)} `), stdout);
    });
  }
});
