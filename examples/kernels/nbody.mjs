// A cluster of bodies that attract each other, computed by a kernel in C on all cores: node nbody.mjs [bodies [steps]]
import { rmSync } from 'node:fs';
import { loadKernel, SharedArray } from 'allcores';
import { build } from './build.mjs';

const [bodies = 2000, steps = 20] = process.argv.slice(2).map(Number);
const [STEP, SOFTENING] = [0.001, 0.0025];

const { library, folder } = build('nbody.c');
const kernel = await loadKernel(library);
rmSync(folder, { recursive: true }); // it is loaded

/** Numbers from -1 to 1 that are the same each time. */
let seed = 1;
const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 1_073_741_823.5 - 1;

const mass = new SharedArray('float64', bodies).fill(1 / bodies);
const velocity = new SharedArray('float64', 3 * bodies);
let position = new SharedArray('float64', Array.from({ length: 3 * bodies }, random));
let next = new SharedArray('float64', 3 * bodies);

const momentum = async () => Math.abs(await velocity.sum()) / bodies;
const began = performance.now();
for (let i = 0; i < steps; i++) {
  await kernel.run(bodies, { inputs: [mass, position], outputs: [next, velocity], args: [STEP, SOFTENING] });
  [position, next] = [next, position];
}
const took = performance.now() - began;
const rate = (bodies * bodies * steps) / took / 1000;
console.log(`${bodies} bodies, ${steps} steps: ${took.toFixed(0)} ms, ${rate.toFixed(0)} million pairs a second`);
console.log(`momentum: ${(await momentum()) < 1e-12 ? 'kept' : 'lost'}`);
