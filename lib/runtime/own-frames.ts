import { join, sep } from 'node:path';
import { packageRoot } from '../binding/native.js';

/** What runs, and where source maps say that it came from. */
const OWN = ['dist', 'lib'].map((folder) => join(packageRoot, folder) + sep);

/** A stack, or what `inspect` makes of an error, without the frames of this library, which tell a user nothing. */
export function withoutOwnFrames(stack: string): string {
  const lines: string[] = [];
  for (const line of stack.split('\n')) {
    if (!/^\s+at /.test(line) || !OWN.some((folder) => line.includes(folder))) lines.push(line);
    else if (line.endsWith(' {')) lines.push(`${lines.pop()} {`); // the error's properties follow
  }
  return lines.join('\n');
}
