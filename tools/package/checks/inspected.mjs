import path from 'node:path';
import { root } from '../../native-files.mjs';
import { node, program } from '../run.mjs';

/** What can be told of binaries that nothing here runs, those for macOS above all: `npm run prebuilds:check`. */
export async function inspected(_context, report) {
  if (['llvm-readobj-19', 'llvm-readobj'].every((name) => program(name) === undefined)) {
    return report.skip('all', 'there is no llvm-readobj (Debian: llvm-19)');
  }
  report.say((await node([path.join(root, 'tools/check-prebuilds.mjs')])).trim());
}
