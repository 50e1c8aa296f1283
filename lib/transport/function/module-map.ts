import type { AnyNode, ImportDeclaration, VariableDeclaration, VariableDeclarator } from 'acorn';
import type { ImportPart } from './protocol.js';
import { keyOf } from './key.js';
import { completedNames } from './completion.js';
import { namesOf } from './patterns.js';
import type { Binding } from './scopes.js';
import type { ModuleBody, ParsedText } from './script.js';

/** What can be taken out of a module by itself: a declaration, or a statement that completes one. */
export interface Unit {
  /** Range of its code. */
  readonly start: number;
  readonly end: number;
  /** Put before the code: the keyword of a declarator that is taken out of its list. */
  readonly prefix: string;
  /** The names that it declares or completes. */
  readonly names: readonly string[];
  /** A binding of an import declaration, instead of code. */
  readonly part?: ImportPart;
  readonly declarator?: VariableDeclarator;
}

/** A module cut into what its functions may need. */
export class ModuleMap {
  readonly text: ParsedText;
  readonly body: ModuleBody;
  /** Tells texts apart that had the same URL at different times. */
  readonly version: string;
  /** Local names of exports. */
  readonly exported = new Map<string, string>();
  /** The function of `export default function () {}` and the like, which has no local name. */
  defaultExport: AnyNode | undefined;
  readonly #units = new Map<string, Unit[]>();
  readonly #values = new Map<AnyNode, string>();

  constructor(text: ParsedText, body: ModuleBody) {
    this.text = text;
    this.body = body;
    this.version = keyOf(text.source);
    for (const statement of body.statements) this.#declaration(statement);
    for (const statement of body.statements) {
      const names = [...completedNames(statement, this)];
      this.#add({ start: statement.start, end: statement.end, prefix: '', names });
    }
    for (const scope of body.scopes) {
      for (const { name, value, writes } of scope.bindings.values()) {
        if (value && writes === 0 && this.#units.has(name)) this.#values.set(value, name);
      }
    }
  }

  /** Everything that makes up the value of a top-level name, `exports.x` and `exports.*` included. */
  unitsOf(name: string): readonly Unit[] {
    return this.#units.get(name) ?? [];
  }

  exportUnits(name: string | undefined): readonly Unit[] {
    if (name !== undefined) return [...this.unitsOf(`exports.${name}`), ...this.unitsOf('exports.*')];
    return [...this.#units].filter(([key]) => key.startsWith('exports.')).flatMap(([, units]) => units);
  }

  /** The top-level name that holds this function or class, for good. */
  nameOf(node: AnyNode): string | undefined {
    return this.#values.get(node);
  }

  exportOf(node: AnyNode): string | undefined {
    if (node === this.defaultExport) return 'default';
    const name = this.nameOf(node);
    return name === undefined ? undefined : this.exported.get(name);
  }

  /** What a top-level name refers to. */
  bindingOf(name: string): Binding | undefined {
    for (const scope of this.body.scopes) {
      const binding = scope.bindings.get(name);
      if (binding) return binding;
    }
    return undefined;
  }

  isModuleScope(scope: unknown): boolean {
    return (this.body.scopes as ReadonlySet<unknown>).has(scope);
  }

  #add(unit: Unit): void {
    for (const name of unit.names) {
      const units = this.#units.get(name);
      if (units) units.push(unit);
      else this.#units.set(name, [unit]);
    }
  }

  #declaration(node: AnyNode): string[] {
    switch (node.type) {
      case 'ImportDeclaration':
        this.#imports(node);
        return [];
      case 'VariableDeclaration':
        return this.#variables(node);
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        if (!node.id) return [];
        this.#add({ start: node.start, end: node.end, prefix: '', names: [node.id.name] });
        return [node.id.name];
      case 'ExportNamedDeclaration':
        if (node.declaration) for (const name of this.#declaration(node.declaration)) this.exported.set(name, name);
        if (!node.source) {
          for (const { local, exported } of node.specifiers) {
            if (local.type === 'Identifier') this.exported.set(local.name, moduleName(exported));
          }
        }
        return [];
      case 'ExportDefaultDeclaration': {
        const { declaration } = node;
        this.defaultExport = declaration;
        if (declaration.type === 'Identifier') this.exported.set(declaration.name, 'default');
        for (const name of this.#declaration(declaration)) this.exported.set(name, 'default');
        return [];
      }
      default:
        return [];
    }
  }

  #variables(node: VariableDeclaration): string[] {
    const declared: string[] = [];
    for (const declarator of node.declarations) {
      const { id, start, end } = declarator;
      const names = namesOf(id);
      this.#add({ start, end, prefix: `${node.kind} `, names, declarator });
      declared.push(...names);
    }
    return declared;
  }

  #imports(node: ImportDeclaration): void {
    const attributes: Record<string, string> = {};
    for (const { key, value } of node.attributes) {
      attributes[key.type === 'Identifier' ? key.name : String(key.value)] = String(value.value);
    }
    for (const specifier of node.specifiers) {
      let imported = '*';
      if (specifier.type === 'ImportDefaultSpecifier') imported = 'default';
      else if (specifier.type === 'ImportSpecifier') imported = moduleName(specifier.imported);
      const part: ImportPart = {
        id: specifier.start,
        specifier: String(node.source.value),
        imported,
        local: specifier.local.name,
        ...(node.attributes.length > 0 ? { attributes } : {}),
      };
      this.#add({ start: specifier.start, end: specifier.end, prefix: '', names: [part.local], part });
    }
  }
}

function moduleName(node: AnyNode): string {
  return node.type === 'Identifier' ? node.name : String((node as { value: unknown }).value);
}
