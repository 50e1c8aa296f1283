// An image of the Mandelbrot set, computed by a kernel in C on all cores: node mandelbrot.mjs [image.png [width height]]
import { rmSync, writeFileSync } from 'node:fs';
import { loadKernel, SharedArray } from 'allcores';
import { build } from './build.mjs';
import { grayscale } from './png.mjs';

const [file = 'mandelbrot.png', width = 1200, height = 800] = process.argv
  .slice(2)
  .map((each, i) => (i === 0 ? each : Number(each)));
const MOST = 1000;

const { library, folder } = build('mandelbrot.c');
const kernel = await loadKernel(library);
rmSync(folder, { recursive: true }); // it is loaded

const iterations = new SharedArray('uint16', width * height);
const began = performance.now();
await kernel.run(width * height, { outputs: [iterations], args: [width, height, MOST, -0.6, 0, 3 / width] });
const took = performance.now() - began;

// Kernels of the library for the rest: logarithms of the counts, as shades from 0 to 255.
const logarithms = new SharedArray('float64', width * height);
await iterations.map([['add', 1], 'log', ['mul', 255 / Math.log(MOST + 1)], 'round'], undefined, { out: logarithms });
const shades = await new SharedArray('uint8', width * height).copyFrom(logarithms);
writeFileSync(file, grayscale(shades.view, width, height));
const inside = await (await iterations.compare('eq', MOST)).count();
console.log(`${file}: ${width} x ${height} pixels in ${took.toFixed(0)} ms, ${inside} of them inside`);
