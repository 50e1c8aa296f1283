import { fileURLToPath } from 'node:url';

/** The repository's root, seen from out/benchmark/. */
const root = new URL('../../', import.meta.url);

/** A file of the repository, by its path from the root. */
export function repositoryFile(path: string): string {
  return fileURLToPath(new URL(path, root));
}

/** A compiled file of this program, by its path from benchmark/. */
export function compiledFile(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
