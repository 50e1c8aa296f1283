import Module, { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script, constants } from 'node:vm';

export type Namespace = Record<string, unknown>;
type Import = (specifier: string, options?: { with: Record<string, string> }) => Promise<Namespace>;

/** Evaluates the text of a function so that `import()` in it resolves as in the module at `url`. */
export function evaluateAt<T>(url: string, text: string): T {
  if (url.startsWith('file:')) {
    const path = fileURLToPath(url);
    const holder = new Module(path) as Module & { _compile(code: string, path: string): void };
    // Node's way of compiling CommonJS: its import() knows the file, on every version and without a warning
    holder._compile(`module.exports = ${text}`, path);
    return holder.exports as T;
  }
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  return new Script(`(${text})`, { filename: url, importModuleDynamically }).runInThisContext() as T;
}

const importers = new Map<string, Import>();
const namespaces = new Map<string, Namespace>();

/** Imports a module as the module at `parent` would; at once where that was done before, or the module is Node's own. */
export function importFrom(
  parent: string,
  specifier: string,
  attributes?: Record<string, string>,
): Namespace | Promise<Namespace> {
  const key = JSON.stringify([parent, specifier, attributes]);
  const known = namespaces.get(key) ?? builtin(specifier);
  if (known) return known;
  let importer = importers.get(parent);
  if (!importer) importers.set(parent, (importer = evaluateAt<Import>(parent, '(s, o) => import(s, o)')));
  const loading = attributes ? importer(specifier, { with: attributes }) : importer(specifier);
  return loading.then((namespace) => {
    namespaces.set(key, namespace);
    return namespace;
  });
}

function builtin(specifier: string): Namespace | undefined {
  if (!specifier.startsWith('node:')) return undefined;
  const module = process.getBuiltinModule(specifier) as Namespace | undefined;
  return module && { ...module, default: module };
}

/** Requires a CommonJS module by its URL. */
export function requireUrl(url: string): unknown {
  const path = fileURLToPath(url);
  return createRequire(url)(path);
}
