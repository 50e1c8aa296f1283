import { loadKernel, SharedArray } from 'allcores';

const LENGTH = 1_000_000;
const ending = { darwin: 'dylib', win32: 'dll' }[process.platform] ?? 'so';
const kernel = await loadKernel(new URL(`KERNEL_NAME.${ending}`, import.meta.url));

const x = new SharedArray('float64', LENGTH).fill(1);
const y = new SharedArray('float64', LENGTH);
await kernel.run(LENGTH, { inputs: [x], outputs: [y], args: [2] });
console.log(`${kernel.name}: ${LENGTH} elements, their sum is ${await y.sum()}`);
