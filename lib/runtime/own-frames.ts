import { join } from 'node:path';
import { packageRoot } from '../binding/native.js';

const OWN = join(packageRoot, 'dist');

/** A stack without the frames of this library, which tell a user nothing. */
export function withoutOwnFrames(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !line.includes(OWN))
    .join('\n');
}
