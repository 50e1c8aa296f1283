import { FunctionTransportError } from '../../base/errors.js';
import { callerUrl } from './caller.js';
import { remember } from './described.js';
import { importFrom } from './import-from.js';
import { keyOf } from './key.js';
import type { AnyFunction } from './protocol.js';
import { callableOf } from './target.js';

/** What a module that was not named exports: it takes whatever it is given. @inline */
type UntypedFunction = (...args: unknown[]) => unknown;

/**
 * A reference to an exported function of a module, which is imported by the worker and not here.
 *
 * ```ts
 * const resize = fromModule<typeof import('./resize.js'), 'resize'>('./resize.js', 'resize');
 * await pool.map(resize, files);
 * ```
 *
 * Without the type of the module it is a function of any arguments, whose result is unknown.
 *
 * @typeParam M Type of the module: `typeof import('./resize.js')`.
 * @typeParam K Name of the export.
 * @param url An absolute URL, a package, or a path that starts with `./` or `../`, resolved against the calling file.
 * @param exportName Name of the export; `'default'` for the default one.
 * @returns A function that, called here, imports the module and calls it, or constructs a class: so it returns a promise
 *   in this case.
 * @throws FunctionTransportError for a relative path where the calling file is not known.
 */
export function fromModule<M = Record<string, UntypedFunction>, K extends keyof M & string = keyof M & string>(
  url: string | URL,
  exportName: K,
): M[K] {
  if (typeof url !== 'string' && !(url instanceof URL)) {
    throw new TypeError(`fromModule: "url" must be a string or a URL, not ${typeof url}`);
  }
  if (typeof exportName !== 'string') {
    throw new TypeError(`fromModule: "exportName" must be a string, not ${typeof exportName}`);
  }
  const { href, parent } = resolve(String(url));
  const reference = async (...args: unknown[]): Promise<unknown> => {
    const namespace = await importFrom(parent ?? import.meta.url, href);
    const value = namespace[exportName];
    if (typeof value !== 'function') {
      throw new FunctionTransportError(`module ${href} exports no function "${exportName}"`);
    }
    return callableOf(value as AnyFunction)(...args);
  };
  Object.defineProperty(reference, 'name', { value: exportName, configurable: true });
  remember(reference, {
    kind: 'module',
    key: keyOf('module', parent ?? '', href, exportName),
    name: exportName,
    url: href,
    exportName,
    format: 'esm',
    ...(parent === undefined ? {} : { parent }),
  });
  return reference as M[K];
}

function resolve(specifier: string): { href: string; parent?: string } {
  if (/^[a-z][a-z0-9+.-]+:/i.test(specifier)) return { href: specifier };
  const parent = callerUrl(fromModule);
  if (parent === undefined) {
    const mend = 'give an absolute URL: new URL(…, import.meta.url)';
    throw new FunctionTransportError(`fromModule: "${specifier}" is relative to a file that is not known; ${mend}`);
  }
  return /^\.{0,2}\//.test(specifier) ? { href: new URL(specifier, parent).href } : { href: specifier, parent };
}
