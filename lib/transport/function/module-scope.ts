import Module, { createRequire, isBuiltin } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { evaluateAt, importFrom, type Namespace } from './import-from.js';
import { keyOf } from './key.js';
import { LINE_END } from './lines.js';
import {
  IMPORT_META,
  namespaceOf,
  SHARED,
  type ImportPart,
  type SharedPart,
  type SyntheticDescriptor,
} from './protocol.js';

/** Evaluates code in a scope. Each piece of code that declares something gives a new one, nested in the last. */
type Evaluate = (this: unknown, code: string) => unknown;

// Only `arguments` is visible to the code that is evaluated, and no name of this library
const EVALUATE = 'function () { return eval(arguments[0]); }';

const scopes = new Map<string, ModuleScope>();

/** The scope of the module that a descriptor tells of, the same for all of its functions. */
export function scopeFor(descriptor: SyntheticDescriptor): ModuleScope {
  const id = keyOf(descriptor.url, descriptor.version);
  let scope = scopes.get(id);
  if (!scope) scopes.set(id, (scope = new ModuleScope(descriptor, id)));
  return scope;
}

const MARK = /^\/\*allcores ([\w-]+)\*\//;

/** The scope that put a script together, if one did. */
export function scopeOf(script: string): ModuleScope | undefined {
  const id = MARK.exec(script)?.[1];
  return id === undefined ? undefined : scopes.get(id);
}

/**
 * The top-level scope of a module of which only parts have come over. It grows with what each function brings along, and
 * a declaration is evaluated once: functions of the same module share its variables, as they do where they come from.
 */
export class ModuleScope {
  readonly url: string;
  readonly version: string;
  readonly format: 'esm' | 'cjs';
  readonly strict: boolean;
  readonly #mark: string;
  readonly #this: unknown;
  readonly #present = new Set<number>();
  readonly #origins = new Map<string, SyntheticDescriptor>();
  /** The stamps of values that came over, and what stands for the modules of imports among them. */
  readonly #shared = new Map<number, { stamp: string; standIn?: Record<string, unknown> }>();
  #evaluate: Evaluate;
  #growing: Promise<void> | undefined;

  constructor({ url, version, format, strict }: SyntheticDescriptor, id: string) {
    this.version = version;
    this.#mark = `/*allcores ${id}*/`;
    this.url = url;
    this.format = format;
    this.strict = strict;
    const directive = strict ? "'use strict'; " : '';
    if (format === 'esm') {
      const open = evaluateAt<(meta: object) => Evaluate>(
        url,
        `function (${IMPORT_META}) { ${directive}return ${EVALUATE}; }`,
      );
      this.#evaluate = open(importMeta(url));
      this.#this = undefined;
    } else {
      const path = url.startsWith('file:') ? fileURLToPath(url) : url;
      const module = new Module(path);
      module.filename = path;
      const require = createRequire(url);
      const parameters = 'exports, require, module, __filename, __dirname';
      const open = evaluateAt<(...values: unknown[]) => Evaluate>(
        url,
        `function (${parameters}) { ${directive}return ${EVALUATE}; }`,
      );
      this.#evaluate = open(module.exports, require, module, path, dirname(path));
      this.#this = module.exports;
    }
  }

  /** Makes a function; `factory` takes the captured values. */
  load(descriptor: SyntheticDescriptor, names: readonly string[]): Factory | Promise<Factory> {
    const ready = this.#grow(descriptor);
    return ready ? ready.then(() => this.#factory(descriptor, names)) : this.#factory(descriptor, names);
  }

  /** With which function a top-level name came over; all that the name needs came with it. */
  originOf(name: string): SyntheticDescriptor | undefined {
    return this.#origins.get(name);
  }

  /** What a top-level name holds now. */
  valueOf(name: string): unknown {
    return this.#evaluate.call(this.#this, name);
  }

  #factory({ source, line, column, sourceMap }: SyntheticDescriptor, names: readonly string[]): Factory {
    const code = new Layout(`${this.#mark}(function (${names.join(', ')}) { return (`);
    code.put(source, line, column);
    return this.#run(`${code.text}\n); })`, sourceMap) as Factory;
  }

  /** Evaluates what is not there yet; a promise if that waits for anything. */
  #grow(descriptor: SyntheticDescriptor): Promise<void> | undefined {
    if (this.#growing) return this.#growing.then(() => this.#grow(descriptor));
    this.#renew(descriptor);
    const imports = descriptor.imports.filter(({ id }) => !this.#present.has(id));
    const declarations = descriptor.declarations.filter(({ id }) => !this.#present.has(id));
    if (imports.length === 0 && declarations.length === 0) return undefined;

    const loads = imports.map((part) => {
      const { specifier, attributes } = part;
      return this.#standIn(part, descriptor) ?? importFrom(this.url, specifier, attributes);
    });
    const isAsync = declarations.some(({ async }) => async);
    const finish = (evaluate: unknown): void => {
      this.#evaluate = evaluate as Evaluate;
      for (const part of imports) this.#note(part.id, [part.local, namespaceOf(part)], descriptor);
      for (const part of declarations) this.#note(part.id, part.names, descriptor);
      for (const { id, stamp } of descriptor.shared ?? []) this.#shared.set(id, { ...this.#shared.get(id), stamp });
    };
    const evaluate = (namespaces: Namespace[]): unknown => {
      imports.forEach((part, at) => checkExport(part, namespaces[at] as Namespace, this.url));
      const code = new Layout(
        `${this.#mark}(${isAsync ? 'async ' : ''}function (import$, ${SHARED}) { ${imports.map(importStatement).join(' ')}`,
      );
      for (const part of declarations) code.put(`${part.code};`, part.line, part.column);
      const text = `${code.text}\nreturn ${EVALUATE}; })`;
      const open = this.#run(text, descriptor.sourceMap) as (this: unknown, ...given: unknown[]) => unknown;
      return open.call(this.#this, namespaces, descriptor.values);
    };
    if (!isAsync && !loads.some((load) => load instanceof Promise)) {
      finish(evaluate(loads as Namespace[]));
      return undefined;
    }
    // oxlint-disable-next-line typescript/await-thenable -- some are there already, others are promises
    const growing = Promise.all(loads).then(evaluate).then(finish);
    const settled = (): void => void (this.#growing = undefined);
    this.#growing = growing.then(settled, settled);
    return growing;
  }

  /** What an import is taken from whose value came over: the module is not evaluated for it. */
  #standIn({ id, imported, local }: ImportPart, { shared, values }: SyntheticDescriptor): Namespace | undefined {
    const part = shared?.find((one) => one.id === id);
    if (!part) return undefined;
    const standIn = { [imported]: values?.[local] };
    this.#shared.set(id, { stamp: part.stamp, standIn });
    return standIn;
  }

  /** Assigns the values of variables that have been given others since they came over. */
  #renew(descriptor: SyntheticDescriptor): void {
    for (const part of descriptor.shared ?? []) {
      const known = this.#shared.get(part.id);
      if (known?.stamp === part.stamp || !this.#present.has(part.id)) continue;
      const isImport = descriptor.imports.some(({ id }) => id === part.id);
      // What is constant here, as it held nothing shared when it came, is declared anew for what comes from now on
      if (isImport || !this.#assign(part, descriptor)) this.#present.delete(part.id);
      else this.#shared.set(part.id, { stamp: part.stamp });
      if (known?.standIn) setAll(known.standIn, descriptor.values?.[part.names[0] ?? '']);
      for (const name of part.names) this.#origins.set(name, descriptor);
    }
  }

  #assign({ names }: SharedPart, { values }: SyntheticDescriptor): boolean {
    const code = names.map((name) => `${name} = ${SHARED}[${JSON.stringify(name)}];`).join(' ');
    const assign = this.#evaluate.call(this.#this, `(function (${SHARED}) { ${code} })`) as (given: unknown) => void;
    try {
      assign.call(this.#this, values);
      return true;
    } catch {
      return false;
    }
  }

  #note(id: number, names: string[], descriptor: SyntheticDescriptor): void {
    this.#present.add(id);
    for (const name of names) this.#origins.set(name, descriptor);
  }

  #run(code: string, sourceMap: string | undefined): unknown {
    const map = sourceMap ? `\n//# sourceMappingURL=${sourceMap}` : '';
    return this.#evaluate.call(this.#this, `${code}\n//# sourceURL=${this.url}${map}`);
  }
}

export type Factory = (...captured: unknown[]) => unknown;

/** Puts code where it stands in the file that it was taken from, so that stacks tell the user's lines and columns. */
class Layout {
  text: string;
  #line = 0;
  #column: number;

  constructor(prelude: string) {
    this.text = prelude;
    this.#column = prelude.length;
  }

  put(code: string, line: number, column: number): void {
    if (line > this.#line) {
      this.text += '\n'.repeat(line - this.#line);
      this.#line = line;
      this.#column = 0;
    }
    const gap = column - this.#column;
    // In a large file of one line, places are not worth their weight
    this.text += gap > 0 && gap < 50_000 ? ' '.repeat(gap) : ' ';
    this.text += code;
    const lines = code.split(LINE_END);
    this.#line += lines.length - 1;
    this.#column = (lines.length > 1 ? 0 : Math.max(column, this.#column + 1)) + (lines.at(-1) ?? '').length;
  }
}

function setAll(standIn: Record<string, unknown>, value: unknown): void {
  for (const imported of Object.keys(standIn)) standIn[imported] = value;
}

function importStatement(part: ImportPart, at: number): string {
  if (part.imported === '*') return `const ${part.local} = import$[${at}];`;
  const namespace = namespaceOf(part);
  return `const ${namespace} = import$[${at}], ${part.local} = ${namespace}[${JSON.stringify(part.imported)}];`;
}

function checkExport({ imported, specifier }: ImportPart, namespace: Namespace, url: string): void {
  if (imported === '*' || imported in namespace) return;
  throw new SyntaxError(
    `The requested module '${specifier}' does not provide an export named '${imported}' (imported by ${url})`,
  );
}

function importMeta(url: string): object {
  const path = url.startsWith('file:') ? fileURLToPath(url) : undefined;
  return {
    ...(path === undefined ? {} : { dirname: dirname(path), filename: path }),
    resolve: (specifier: string): string => resolveFrom(url, specifier),
    url,
  };
}

function resolveFrom(url: string, specifier: string): string {
  if (/^(\.{0,2}\/|[a-z][a-z0-9+.-]*:)/i.test(specifier)) return new URL(specifier, url).href;
  // Node resolves a package against another module than the caller's only the way that `require` does
  const path = createRequire(url).resolve(specifier);
  return isBuiltin(path) ? `node:${path}` : pathToFileURL(path).href;
}
