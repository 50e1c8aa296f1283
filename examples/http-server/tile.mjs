/** The work that keeps a core busy: a picture of a part of the Mandelbrot set, in plain JavaScript. */
import { currentTask } from 'allcores';
import { grayscale } from '../kernels/png.mjs';

const MOST = 500;

/** A PNG of `size` × `size` pixels of the square that is `width` wide around (x, y); undefined if nobody wants it any more. */
export function renderTile(x, y, width, size) {
  const pixels = new Uint8Array(size * size);
  for (let row = 0; row < size; row++) {
    // Looked at row by row, so that a task which was aborted ends by itself and its worker goes on with another one.
    if (currentTask()?.aborted) return undefined;
    for (let column = 0; column < size; column++) {
      const re = x + (column / size - 0.5) * width;
      const im = y + (row / size - 0.5) * width;
      pixels[row * size + column] = 255 - Math.round((255 * steps(re, im)) / MOST);
    }
  }
  return grayscale(pixels, size, size);
}

function steps(re, im) {
  let [a, b, count] = [0, 0, 0];
  while (count < MOST && a * a + b * b <= 4) [a, b, count] = [a * a - b * b + re, 2 * a * b + im, count + 1];
  return count;
}
