import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { run } from './run.js';

describe('examples', function () {
  this.timeout(60_000);

  describe('kernels/', () => {
    it('computes an image, the same as a loop would', async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'allcores-mandelbrot-'));
      const file = path.join(folder, 'image.png');
      const [width, height] = [60, 40];
      try {
        const { code, stdout, stderr } = await run('kernels/mandelbrot.mjs', file, String(width), String(height));
        assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
        let inside = 0;
        for (let i = 0; i < width * height; i++) {
          const re = -0.6 + ((i % width) - width / 2) * (3 / width);
          const im = (Math.floor(i / width) - height / 2) * (3 / width);
          let [x, y, count] = [0, 0, 0];
          while (count < 1000 && x * x + y * y <= 4) [x, y, count] = [x * x - y * y + re, 2 * x * y + im, count + 1];
          if (count === 1000) inside++;
        }
        assert.match(stdout, new RegExp(`60 x 40 pixels in \\d+ ms, ${inside} of them inside`));
        const image = readFileSync(file);
        assert.equal(image.toString('hex', 0, 8), '89504e470d0a1a0a');
        assert.deepEqual([image.readUInt32BE(16), image.readUInt32BE(20)], [width, height]);
        const data = image.subarray(41, 41 + image.readUInt32BE(33));
        assert.equal(inflateSync(data).length, height * (width + 1));
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it('moves bodies and keeps their momentum', async () => {
      const { code, stdout, stderr } = await run('kernels/nbody.mjs', '200', '5');
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      assert.match(stdout, /^200 bodies, 5 steps: \d+ ms, \d+ million pairs a second\nmomentum: kept$/m);
    });
  });
});
