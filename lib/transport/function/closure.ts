import type { ModuleMap, Unit } from './module-map.js';
import { isModuleVariable } from './globals.js';
import { IMPORT_META, namespaceOf, SHARED, type DeclarationPart, type ImportPart } from './protocol.js';
import type { Binding, Reference } from './scopes.js';
import { freeReferences, referencesIn } from './script.js';

/** What a piece of a module needs of its surroundings. */
export interface Closure {
  readonly imports: ImportPart[];
  readonly declarations: DeclarationPart[];
  /** It uses `import.meta`, `import()`, `require` … of its module. */
  needsModule: boolean;
  /** Names that only an enclosing function (or block) could give it. */
  readonly locals: Set<string>;
  /** Names that nothing in the script declares. */
  readonly globals: Set<string>;
  /** What it is made of. */
  readonly units: ReadonlySet<Unit>;
  /** Names that may be classes, members of imports (`errors.ParseError`) included. */
  readonly classes: Set<string>;
}

/** What a closure is made for: the code in a range of a module, without the names given to it, or a top-level name. */
export type Wanted = { start: number; end: number; given: ReadonlySet<string> } | string;

/**
 * Collects, transitively, the top-level declarations that a piece of a module uses.
 * @param shared top-level names whose values travel: what their declarations use is not needed
 */
export function closureOf(module: ModuleMap, target: Wanted, shared: ReadonlySet<string> = NONE): Closure {
  const units = new Set<Unit>();
  const closure: Closure = {
    imports: [],
    declarations: [],
    needsModule: false,
    locals: new Set(),
    globals: new Set(),
    classes: new Set(),
    units,
  };
  const seen = new Set<number>();
  const wanted: Unit[] = [];

  const need = (reference: Reference): void => {
    const { name } = reference;
    const binding = declaredBy(reference.binding);
    if (binding && !module.isModuleScope(binding.scope)) {
      closure.locals.add(name);
    } else if (binding) {
      const found = module.unitsOf(name);
      // A `var` within some other statement rises to the top level, but cannot be taken out of it
      if (found.length === 0 && binding.kind !== 'pseudo') closure.locals.add(name);
      wanted.push(...found);
      const isNamedLikeOne = /^\p{Lu}/u.test(name) || reference.role === 'callee';
      if (isNamedLikeOne || binding.kind === 'class' || binding.kind === 'import') closure.classes.add(name);
      if (/^\p{Lu}/u.test(reference.path[0] ?? '')) closure.classes.add(`${name}.${reference.path[0]}`);
    } else if (name === 'import.meta' || name === 'import()' || name === IMPORT_META || isModuleVariable(name)) {
      closure.needsModule = true;
      if (name === 'exports') wanted.push(...module.exportUnits(reference.path[0]));
      if (name === 'module') {
        wanted.push(...(reference.path[0] === 'exports' ? module.exportUnits(reference.path[1]) : []));
      }
    } else {
      closure.globals.add(name);
    }
  };

  if (typeof target === 'string') wanted.push(...module.unitsOf(target));
  else {
    for (const reference of freeReferences(module.text, target.start, target.end)) {
      if (!target.given.has(reference.name)) need(reference);
    }
  }
  for (let unit = wanted.pop(); unit; unit = wanted.pop()) {
    if (units.has(unit) || seen.has(unit.start)) continue;
    units.add(unit);
    seen.add(unit.start);
    if (unit.part) closure.imports.push(unit.part);
    if (unit.part || isShared(unit, shared)) continue;
    for (const reference of freeReferences(module.text, unit.start, unit.end)) need(reference);
  }
  closure.imports.sort((a, b) => a.id - b.id);
  for (const unit of [...units].sort((a, b) => a.start - b.start)) {
    if (unit.part) continue;
    if (!isShared(unit, shared)) closure.declarations.push(declarationOf(module, unit));
    else if (unit.declarator || isExport(unit)) closure.declarations.push(sharedDeclaration(module, unit));
  }
  return closure;
}

const NONE: ReadonlySet<string> = new Set();

/** Whether all that it declares or completes has values that travel. */
export function isShared({ names }: Unit, shared: ReadonlySet<string>): boolean {
  return shared.size > 0 && names.every((name) => shared.has(name));
}

/** `exports.x = …` and nothing else. */
export function isExport({ names }: Unit): boolean {
  return names.length > 0 && names.every((name) => /^exports\.[\w$]+$/.test(name));
}

function sharedDeclaration(module: ModuleMap, unit: Unit): DeclarationPart {
  const { line, column } = module.text.lines.position(unit.start);
  let keyword = '';
  // Values that come later may be assigned to it
  if (unit.declarator) keyword = unit.prefix === 'var ' ? 'var ' : 'let ';
  const code = keyword + unit.names.map((name) => `${name} = ${SHARED}[${JSON.stringify(name)}]`).join(', ');
  return { id: unit.start, names: [...unit.names], code, line, column: Math.max(0, column - keyword.length) };
}

/** The name of a class within itself is that of its declaration, as far as code is concerned that leaves the class. */
function declaredBy(binding: Binding | undefined): Binding | undefined {
  if (binding?.kind !== 'self') return binding;
  const outer = binding.scope.parent?.find(binding.name);
  return outer?.value === binding.value ? outer : binding;
}

function declarationOf(module: ModuleMap, unit: Unit): DeclarationPart {
  const { line, column } = module.text.lines.position(unit.start);
  const isAsync = freeReferences(module.text, unit.start, unit.end).some(
    ({ name, binding }) => name === 'await' && !binding,
  );
  return {
    id: unit.start,
    names: [...unit.names],
    code: unit.prefix + render(module, unit.start, unit.end),
    line,
    column: Math.max(0, column - unit.prefix.length),
    ...(isAsync ? { async: true } : {}),
  };
}

/** The code of a range, ready to be evaluated outside of a module. */
export function render(module: ModuleMap, start: number, end: number): string {
  const { source } = module.text;
  let code = '';
  let done = start;
  for (const reference of referencesIn(module.text, start, end)) {
    const replacement = substitute(reference, module);
    if (replacement === undefined) continue;
    code += source.slice(done, reference.start) + replacement;
    done = reference.end;
  }
  return code + source.slice(done, end);
}

function substitute(reference: Reference, module: ModuleMap): string | undefined {
  const { name, role, binding } = reference;
  if (name === 'import.meta') return IMPORT_META;
  if (binding?.kind !== 'import' || role === 'callee' || role === 'write') return undefined;
  const part = module.unitsOf(name)[0]?.part;
  // Exports of Node's own modules and whole namespaces do not change
  if (!part || part.imported === '*' || part.specifier.startsWith('node:')) return undefined;
  const access = `${namespaceOf(part)}[${JSON.stringify(part.imported)}]`;
  return role === 'shorthand' ? `${name}: ${access}` : access;
}
