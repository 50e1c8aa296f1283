import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's own folder. Found without its library, which may not load. */
export const packageFolder: string = dirname(fileURLToPath(import.meta.resolve('allcores/package.json')));

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly binary: object;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export const manifest = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as Manifest;
