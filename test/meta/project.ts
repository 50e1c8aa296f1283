import { fileURLToPath } from 'node:url';

/** Folder of package.json, seen from the compiled tests in out/test/meta/. */
export const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
