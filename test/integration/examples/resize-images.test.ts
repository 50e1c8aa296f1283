import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Jimp } from 'jimp';
import { outcomeOf, run, start, temporaryFolder } from './run.js';

const PROGRAM = 'resize-images.mjs';

describe(`examples: ${PROGRAM}`, function () {
  this.timeout(60_000);
  const at = temporaryFolder();
  before(async () => {
    for (const folder of ['images', 'broken', 'many']) mkdirSync(at(folder));
    const image = (width: number, height: number, color: number) => new Jimp({ width, height, color });
    await image(90, 60, 0xff0000ff).write(at('images', 'wide.png') as `${string}.png`);
    await image(40, 200, 0x00ff00ff).write(at('images', 'tall.bmp') as `${string}.bmp`);
    await image(20, 10, 0x0000ffff).write(at('images', 'small.jpg') as `${string}.jpg`);
    writeFileSync(at('images', 'notes.txt'), 'no image');
    await image(1000, 1000, 0x00ff00ff).write(at('many', '0.png') as `${string}.png`);
    for (let i = 1; i < 16; i++) copyFileSync(at('many', '0.png'), at('many', `${i}.png`));
  });

  it('scales each image to fit, in its own format, and leaves small ones as they are', async () => {
    const { code, stdout, stderr } = await run(PROGRAM, at('images'), at('thumbnails'), '--size', '30');
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.deepEqual(readdirSync(at('thumbnails')).sort(), ['small.jpg', 'tall.bmp', 'wide.png']);
    for (const [name, mime, width, height, color] of [
      ['wide.png', 'image/png', 30, 20, 0xff0000ff],
      ['tall.bmp', 'image/bmp', 6, 30, 0x00ff00ff],
    ] as const) {
      const made = await Jimp.read(at('thumbnails', name));
      assert.deepEqual([made.mime, made.width, made.height], [mime, width, height]);
      assert.equal(made.getPixelColor(3, 10), color);
    }
    assert.deepEqual(readFileSync(at('thumbnails', 'small.jpg')), readFileSync(at('images', 'small.jpg')));
    assert.match(stdout, /^wide\.png: 90 x 60, \d+ bytes -> 30 x 20, \d+ bytes$/m);
    assert.match(stdout, /^small\.jpg: 20 x 10, (\d+) bytes -> 20 x 10, \1 bytes$/m);
    assert.match(stdout, /\n3 images done, 0 not\n$/);
  });

  it('tells of images that are broken, does the others, and exits with 1', async () => {
    const whole = readFileSync(at('images', 'wide.png'));
    writeFileSync(at('broken', 'a.png'), whole.subarray(0, 60));
    writeFileSync(at('broken', 'b.gif'), 'no image either');
    writeFileSync(at('broken', 'c.png'), whole);
    const { code, stdout, stderr } = await run(PROGRAM, at('broken'), at('thumbnails-2'), '--size', '30');
    assert.equal(code, 1);
    assert.match(stdout, /^c\.png: [^\n]*\n1 images done, 2 not\n$/);
    assert.deepEqual(
      stderr
        .trimEnd()
        .split('\n')
        .map((line) => line.split(':')[0])
        .sort(),
      ['a.png', 'b.gif'],
    );
    assert.deepEqual(readdirSync(at('thumbnails-2')), ['c.png']);
  });

  it('leaves whole images alone behind when it is interrupted', async () => {
    const child = start(PROGRAM, at('many'), at('thumbnails-3'), '--workers', '1');
    const outcome = outcomeOf(child);
    child.stdout.once('data', () => child.kill('SIGINT'));
    const { code, stdout, stderr } = await outcome;
    assert.deepEqual({ code, stderr }, { code: 130, stderr: '' });
    const [, done, not] = /(\d+) images done, (\d+) not\n$/.exec(stdout)?.map(Number) ?? [];
    assert.equal(done! + not!, 16, stdout);
    assert.ok(not! > 0, stdout);
    const names = readdirSync(at('thumbnails-3'));
    assert.ok(names.length >= done! && names.every((name) => name.endsWith('.png')), names.join());
    for (const name of names) assert.equal((await Jimp.read(at('thumbnails-3', name))).width, 160);
  });

  it('refuses a folder that is missing, the same folder twice and a size that is none', async () => {
    for (const [args, message] of [
      [[at('gone'), at('thumbnails-4')], /^resize-images: ENOENT/],
      [[at('images'), at('images')], /^resize-images: the thumbnails must go into another folder/],
      [[at('images'), at('thumbnails-4'), '--size', 'small'], /^resize-images: wrong arguments\n\nUsage:/],
    ] as const) {
      const { code, stdout, stderr } = await run(PROGRAM, ...args);
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
      assert.match(stderr, message);
    }
  });
});
