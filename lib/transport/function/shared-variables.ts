import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';
import { closureOf, isExport, isShared, type Closure, type Wanted } from './closure.js';
import { topLevelOf, type ScriptInfo } from './inspector.js';
import type { ModuleMap, Unit } from './module-map.js';
import { placeOf } from './place.js';
import type { AnyFunction, SharedPart } from './protocol.js';
import { refuse, type Subject } from './refusal.js';
import { contentsOf } from './shared-contents.js';
import { isModuleCall, makesShared } from './shared-initializer.js';

/** A closure in which declarations that hold shared objects have given way to their values. */
export interface SharedClosure extends Closure {
  readonly shared: SharedPart[];
  readonly values: Record<string, unknown>;
}

/**
 * As {@link closureOf}. Top-level variables and imports that hold shared objects now are to be the same ones in the
 * worker, where their initializers would make others: their values travel.
 *
 * @throws FunctionTransportError where a variable has no value yet, and its initializer is going to make a shared object
 */
export function sharedClosureOf(
  fn: AnyFunction,
  script: ScriptInfo,
  module: ModuleMap,
  wanted: Wanted,
  subject: Subject,
): SharedClosure {
  const whole = closureOf(module, wanted);
  const candidates = [...whole.units].filter((unit) => mayHold(unit, module));
  if (candidates.length === 0) return { ...whole, shared: [], values: {} };
  const present = valuesOf(fn, script, candidates);
  const names = new Set(candidates.filter((unit) => holds(unit, present)).flatMap((unit) => unit.names));
  const closure = names.size === 0 ? whole : closureOf(module, wanted, names);
  const used = [...closure.units].filter((unit) => isShared(unit, names));
  for (const unit of closure.units) {
    if (!used.includes(unit)) refuseUnknown(unit, present, script, module, subject);
  }
  const values = Object.fromEntries(used.flatMap((unit) => unit.names).map((name) => [name, present.get(name)]));
  return {
    ...closure,
    shared: used.sort((a, b) => a.start - b.start).map((unit) => partOf(module, unit, values)),
    values,
  };
}

/** Whether its names may hold an object that travels in place of its code. */
function mayHold(unit: Unit, module: ModuleMap): boolean {
  const { part, declarator } = unit;
  if (part) return part.imported !== '*' && !/^(node:|allcores$)/.test(part.specifier);
  if (!declarator) return isExport(unit);
  const isPlain =
    /^(Literal|TemplateLiteral|BinaryExpression|ArrowFunctionExpression|FunctionExpression|ClassExpression)$/;
  const isFixed = unit.names.every((name) => module.bindingOf(name)?.writes === 0);
  return !(isFixed && declarator.init && isPlain.test(declarator.init.type));
}

function holds({ names, part, declarator }: Unit, present: ReadonlyMap<string, unknown>): boolean {
  // What another module made may be of any kind: functions of its exports do not come along by value
  const isForeign = part !== undefined || isModuleCall(declarator?.init);
  return names.some((name) => {
    const { shared, functions } = contentsOf(present.get(name));
    return shared && !(isForeign && functions);
  });
}

const requireCache = createRequire(import.meta.filename).cache;

function valuesOf(fn: AnyFunction, script: ScriptInfo, units: readonly Unit[]): Map<string, unknown> {
  const values = topLevelOf(fn, new Set(units.flatMap(({ names }) => names)));
  const exports: unknown = script.url.startsWith('file:') && requireCache[fileURLToPath(script.url)]?.exports;
  const holder = script.isModule ? undefined : exports || globalThis;
  for (const name of units.flatMap((unit) => unit.names)) {
    // `exports.x`; a `var` of a script that is no module is a global
    const key = exports ? name.replace(/^exports\./, '') : name;
    if (values.has(name) || !holder || (exports && key === name)) continue;
    const property = Object.getOwnPropertyDescriptor(holder, key);
    if (property && 'value' in property) values.set(name, property.value);
  }
  return values;
}

function refuseUnknown(
  unit: Unit,
  present: ReadonlyMap<string, unknown>,
  script: ScriptInfo,
  module: ModuleMap,
  subject: Subject,
): void {
  const { declarator, names, start } = unit;
  if (!declarator?.init || names.some((name) => present.get(name) !== undefined)) return;
  if (!makesShared(declarator.init, module)) return;
  const list = names.map((name) => `"${name}"`).join(', ');
  const place = placeOf(script, start);
  const what = names.length > 1 ? `the shared objects ${list}` : `the shared object ${list}`;
  throw refuse(
    subject,
    `it uses ${what}${place === undefined ? '' : ` (${place})`}, whose declaration has no value yet: the worker would make another one`,
    `call after the declaration, write task(fn, { ${names.join(', ')} }), or pass it as an argument`,
  );
}

const stamps = new WeakMap<ModuleMap, Map<number, { stamp: string; values: unknown[] }>>();
let count = 0;

function partOf(module: ModuleMap, unit: Unit, all: Record<string, unknown>): SharedPart {
  const id = unit.part?.id ?? unit.start;
  const names = [...unit.names];
  const values = names.map((name) => all[name]);
  const known = stamps.get(module) ?? new Map<number, { stamp: string; values: unknown[] }>();
  stamps.set(module, known);
  const last = known.get(id);
  if (last?.values.every((value, at) => Object.is(value, values[at]))) return { id, names, stamp: last.stamp };
  const stamp = `${process.pid}.${threadId}.${++count}`;
  known.set(id, { stamp, values });
  return { id, names, stamp };
}
