import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { MethodDefinition } from 'acorn';
import { registerClasses } from './class-registry.js';
import { describeNested } from './describe-nested.js';
import { render, type Closure, type Wanted } from './closure.js';
import { isEntry } from './entry.js';
import { noteDeclared } from './globals.js';
import { expressionOf, nameOf, type FunctionText } from './function-text.js';
import { locate, variableOf, type ScriptInfo } from './inspector.js';
import { keyOf } from './key.js';
import { ModuleMap } from './module-map.js';
import { scopeOf } from './module-scope.js';
import { placeOf } from './place.js';
import { WHOLE_MODULE, type AnyFunction, type FunctionDescriptor, type SyntheticDescriptor } from './protocol.js';
import { refuse, refuseLocals, type Subject } from './refusal.js';
import { sharedClosureOf, type SharedClosure } from './shared-variables.js';
import { mapLinkOf } from './source-map.js';
import type { ClassNode, FunctionSite } from './scopes.js';
import { findSite, moduleBody, parseText } from './script.js';

interface Site {
  readonly script: ScriptInfo;
  readonly module: ModuleMap;
  readonly site: FunctionSite;
}

/** Describes a function by the script that it stands in. */
export function describeLocated(
  fn: AnyFunction,
  text: FunctionText,
  captured: Record<string, unknown>,
  argument: string | undefined,
): FunctionDescriptor {
  const name = nameOf(fn);
  const located = locate(fn);
  const subject: Subject = { name, argument, at: located && placeOf(located.script, located.offset) };
  const scope = located && scopeOf(located.script.source);
  if (located && scope) return describeNested(fn, located, scope, subject, text, captured);
  const module = located && moduleOf(located.script);
  const site = module && findSite(module.text, Function.prototype.toString.call(fn), located.offset);
  if (located && !module) {
    throw refuse(subject, 'the parser does not know the syntax of its file', 'move it to another file');
  }
  if (!module || !site) throw refuse(subject, 'its source cannot be found', 'declare it in a module');
  const place: Site = { script: located.script, module, site };
  const isGiven = Object.keys(captured).some((given) => text.free.has(given));
  const exported = isGiven ? undefined : exportOf(fn, place, subject);
  if (exported) return exported;
  if (located.script.url.startsWith('node:')) {
    throw refuse(subject, 'it is internal to Node.js', 'wrap the call in a function: (...args) => …');
  }
  return withSurroundings(fn, place, subject, text, captured);
}

function withSurroundings(
  fn: AnyFunction,
  { script, module, site }: Site,
  subject: Subject,
  text: FunctionText,
  captured: Record<string, unknown>,
): FunctionDescriptor {
  const given = new Set(Object.keys(captured));
  const name = nameOf(fn);
  const at = subject.at === undefined ? {} : { at: subject.at };
  const { start, end } = site.node;
  const holder = given.size > 0 ? undefined : module.nameOf(site.node);
  const member = classMember(module, site, text);
  const expression = expressionOf(site, name, (from, to) => render(module, from, to));
  let target = member?.access ?? expression.source;
  const closureFor = (wanted: Wanted): SharedClosure => sharedClosureOf(fn, script, module, wanted, subject);
  let closure = closureFor(member?.owner ?? { start, end, given });
  if (holder !== undefined && (!isEmpty(closure) || module.unitsOf(holder).length > 1)) {
    target = holder;
    closure = closureFor(holder);
  }
  const locals = [...closure.locals].filter((local) => !isItself(local, site, module));
  if (locals.length > 0) throw refuseLocals(subject, locals);
  const used = Object.fromEntries(Object.entries(captured).filter(([key]) => text.free.has(key)));
  const values = Object.keys(used).length > 0 ? { captured: used } : {};
  const source = closure.locals.size > 0 ? recursive([...closure.locals], target) : target;
  const strict = module.text.strict;

  if (isEmpty(closure)) {
    const key = keyOf('source', String(strict), source, ...Object.keys(used));
    return { kind: 'source', key, name, source, strict, ...at, ...values };
  }
  const { line, column: begin } = module.text.lines.position(expression.from);
  const column = Math.max(0, begin - (target === expression.source ? expression.lead : 0));
  const { imports, declarations, shared } = closure;
  const { version } = module;
  const format = script.isModule ? 'esm' : 'cjs';
  const key = keyOf(
    script.url,
    version,
    source,
    ...Object.keys(used),
    JSON.stringify([line, column, imports, declarations, shared]),
  );
  // Code given on the command line belongs to the working directory
  const url = URL.canParse(script.url) ? script.url : pathToFileURL(`${process.cwd()}/[eval]`).href;
  const descriptor: SyntheticDescriptor = {
    kind: 'synthetic',
    key,
    name,
    url,
    version,
    format,
    strict,
    source,
    line,
    column,
    imports,
    declarations,
    ...(shared.length > 0 ? { shared, values: closure.values } : {}),
    ...at,
    ...values,
  };
  const classes = noteClasses(fn, url, closure);
  if (classes.length > 0) descriptor.classes = classes;
  const sourceMap = mapLinkOf(script);
  if (sourceMap !== undefined) descriptor.sourceMap = sourceMap;
  return descriptor;
}

/** `const fact = (n) => … fact(n - 1)` inside of a function: the name is its own. */
function isItself(name: string, { node }: FunctionSite, module: ModuleMap): boolean {
  return module.text.references.some(({ name: used, start, end, binding }) => {
    return used === name && start >= node.start && end <= node.end && binding?.value === node && binding.writes === 0;
  });
}

function recursive(names: string[], source: string): string {
  return `(() => { const ${names.join(' = ')} = ${source}; return ${names[0]}; })()`;
}

/** A method that uses `super` or private names is taken from its class. */
function classMember(
  module: ModuleMap,
  { method }: FunctionSite,
  text: FunctionText,
): { owner: string; access: string } | undefined {
  if (!method || ![...text.free].some((name) => name === 'super' || name.startsWith('#'))) return undefined;
  const { definition, owner } = method as { definition: MethodDefinition; owner: ClassNode };
  const name = module.nameOf(owner);
  if (name === undefined || definition.computed || definition.key.type === 'PrivateIdentifier') return undefined;
  const { key } = definition;
  const property = JSON.stringify(key.type === 'Identifier' ? key.name : String((key as { value?: unknown }).value));
  const home = definition.static ? name : `${name}.prototype`;
  const isAccessor = definition.kind === 'get' || definition.kind === 'set';
  return {
    owner: name,
    access: isAccessor
      ? `Object.getOwnPropertyDescriptor(${home}, ${property}).${definition.kind}`
      : `${home}[${property}]`,
  };
}

function isEmpty({ needsModule, imports, declarations }: Closure): boolean {
  return !needsModule && imports.length === 0 && declarations.length === 0;
}

const modules = new WeakMap<ScriptInfo, ModuleMap | null>();

function moduleOf(script: ScriptInfo): ModuleMap | undefined {
  let module = modules.get(script);
  if (module === undefined) {
    const text = parseText(script.source, script.isModule ? 'module' : 'script');
    module = text ? new ModuleMap(text, moduleBody(text)) : null;
    for (const { name, binding } of text?.references ?? []) if (binding) noteDeclared(name);
    modules.set(script, module);
  }
  return module ?? undefined;
}

/**
 * An exported function of a module other than the entry: the worker imports that module. One that uses shared objects
 * of its module travels with what it uses, as the worker's copy of the module makes others.
 */
function exportOf(fn: AnyFunction, { script, module, site }: Site, subject: Subject): FunctionDescriptor | undefined {
  const { url } = script;
  let exportName: string | undefined;
  if (url.startsWith('node:')) exportName = exportedName(process.getBuiltinModule(url), fn);
  else if (!/^(file|https?|data):/.test(url) || isEntry(url)) return undefined;
  else if (script.isModule) exportName = module.exportOf(site.node);
  else if (url.startsWith('file:')) exportName = exportedName(requireCache[fileURLToPath(url)]?.exports, fn);
  if (exportName === undefined) return undefined;
  const format = script.isModule || url.startsWith('node:') ? 'esm' : 'cjs';
  const at = subject.at === undefined ? {} : { at: subject.at };
  const { start, end } = site.node;
  let classes: string[] = [];
  if (!url.startsWith('node:')) {
    const closure = sharedClosureOf(fn, script, module, { start, end, given: new Set() }, subject);
    if (closure.shared.length > 0) return undefined;
    classes = noteClasses(fn, url, closure);
  }
  const key = keyOf('module', url, exportName);
  return {
    kind: 'module',
    key,
    name: subject.name,
    url,
    exportName,
    format,
    ...at,
    ...(classes.length > 0 ? { classes } : {}),
  };
}

function noteClasses(fn: AnyFunction, url: string, { classes }: Closure): string[] {
  registerClasses(url, classes, 'here', (name) => variableOf(fn, name));
  return [...classes];
}

const requireCache = createRequire(import.meta.filename).cache;

/** Under which name a CommonJS module exports a value. */
function exportedName(exports: unknown, fn: AnyFunction): string | undefined {
  if (exports === fn) return WHOLE_MODULE;
  if ((typeof exports !== 'object' && typeof exports !== 'function') || exports === null) return undefined;
  return Object.keys(exports).find((name) => {
    try {
      return (exports as Record<string, unknown>)[name] === fn;
    } catch {
      return false;
    }
  });
}
