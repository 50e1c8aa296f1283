import type { Closure } from './closure.js';
import { expressionOf, nameOf, type FunctionText } from './function-text.js';
import { isModuleVariable } from './globals.js';
import type { Located } from './inspector.js';
import { keyOf } from './key.js';
import type { ModuleScope } from './module-scope.js';
import { IMPORT_META, type AnyFunction, type FunctionDescriptor, type SharedPart } from './protocol.js';
import { refuse, refuseLocals, type Subject } from './refusal.js';
import { findSite, freeReferences, parseText } from './script.js';

/**
 * Describes a function that was made by code which itself came over with a function, and now travels on to a worker of
 * this worker. The top-level names of its module are those that came over; they go on as they came.
 */
export function describeNested(
  fn: AnyFunction,
  { script, offset }: Located,
  scope: ModuleScope,
  subject: Subject,
  text: FunctionText,
  captured: Record<string, unknown>,
): FunctionDescriptor {
  const parsed = parseText(script.source, 'script');
  const site = parsed && findSite(parsed, Function.prototype.toString.call(fn), offset);
  if (!site) throw refuse(subject, 'its source cannot be found', 'declare it in a module');
  const needs: Pick<Closure, 'imports' | 'declarations' | 'needsModule'> = {
    imports: [],
    declarations: [],
    needsModule: false,
  };
  const shared = new Map<number, SharedPart>();
  const values: Record<string, unknown> = {};
  const locals = new Set<string>();
  for (const { name, binding } of freeReferences(parsed, site.node.start, site.node.end)) {
    if (Object.hasOwn(captured, name)) continue;
    const origin = scope.originOf(name);
    for (const part of origin?.shared ?? []) {
      shared.set(part.id, part);
      for (const one of part.names) values[one] = origin?.values?.[one];
    }
    if (origin && (!binding || binding.scope.parent?.parent?.parent === undefined)) {
      needs.imports.push(...origin.imports);
      needs.declarations.push(...origin.declarations);
    } else if (binding) {
      locals.add(name);
    } else if (name === 'import()' || name === IMPORT_META || isModuleVariable(name)) {
      needs.needsModule = true;
    }
  }
  if (locals.size > 0) throw refuseLocals(subject, locals);

  const name = nameOf(fn);
  const { source, from, lead } = expressionOf(site, name, (start, end) => parsed.source.slice(start, end));
  const used = Object.fromEntries(Object.entries(captured).filter(([key]) => text.free.has(key)));
  const extra = {
    ...(subject.at ? { at: subject.at } : {}),
    ...(Object.keys(used).length > 0 ? { captured: used } : {}),
  };
  const { url, version, format, strict } = scope;
  const imports = unique(needs.imports);
  const declarations = unique(needs.declarations);
  if (!needs.needsModule && imports.length === 0 && declarations.length === 0) {
    return {
      kind: 'source',
      key: keyOf('source', String(strict), source, ...Object.keys(used)),
      name,
      source,
      strict,
      ...extra,
    };
  }
  const { line, column } = parsed.lines.position(from);
  const parts = [...shared.values()];
  const key = keyOf(
    url,
    version,
    source,
    ...Object.keys(used),
    JSON.stringify([line, column, imports, declarations, parts]),
  );
  const place = { line, column: Math.max(0, column - lead) };
  return {
    kind: 'synthetic',
    key,
    name,
    url,
    version,
    format,
    strict,
    source,
    ...place,
    imports,
    declarations,
    ...(parts.length > 0 ? { shared: parts, values } : {}),
    ...extra,
  };
}

function unique<T extends { id: number }>(parts: T[]): T[] {
  return [...new Map(parts.map((part) => [part.id, part])).values()].sort((a, b) => a.id - b.id);
}
