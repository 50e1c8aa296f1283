import type { AnyNode, MethodDefinition, Pattern, Property } from 'acorn';
import { eachTarget } from './patterns.js';
import {
  Scope,
  type Binding,
  type ClassNode,
  type FunctionNode,
  type FunctionSite,
  type Reference,
  type Role,
} from './scopes.js';

export interface Analysis {
  readonly root: Scope;
  /** Sorted by position. */
  readonly references: Reference[];
  readonly functions: FunctionSite[];
}

/** Resolves every name of a program statically. */
export function analyse(program: AnyNode, source: string): Analysis {
  const walker = new ScopeWalker(program, source);
  walker.run(program);
  for (const reference of walker.references) {
    const binding = reference.scope.find(reference.name);
    if (!binding) continue;
    reference.binding = binding;
    if (reference.role === 'write') binding.writes++;
  }
  walker.references.sort((a, b) => a.start - b.start);
  return { root: walker.root, references: walker.references, functions: walker.functions };
}

const NO_PATH: readonly string[] = [];

class ScopeWalker {
  readonly root: Scope;
  readonly references: Reference[] = [];
  readonly functions: FunctionSite[] = [];
  #scope: Scope;
  #source: string;

  constructor(program: AnyNode, source: string) {
    this.root = this.#scope = new Scope(program, undefined, true);
    this.#source = source;
  }

  run(program: AnyNode): void {
    this.#children(program);
  }

  #refer(name: string, node: { start: number; end: number }, role: Role = 'read', path = NO_PATH): void {
    this.references.push({ name, start: node.start, end: node.end, role, scope: this.#scope, path });
  }

  #within(scope: Scope, visit: () => void): void {
    const outer = this.#scope;
    this.#scope = scope;
    visit();
    this.#scope = outer;
  }

  #all(nodes: readonly (AnyNode | null)[]): void {
    for (const node of nodes) if (node) this.#visit(node);
  }

  #children(node: AnyNode): void {
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) this.#all(value.filter(isNode));
      else if (isNode(value)) this.#visit(value);
    }
  }

  #visit(node: AnyNode, role: Role = 'read', path = NO_PATH): void {
    switch (node.type) {
      case 'Identifier':
        return this.#refer(node.name, node, role, path);
      case 'PrivateIdentifier':
        return this.#refer(`#${node.name}`, node);
      case 'ThisExpression':
        return this.#refer('this', node, role, path);
      case 'Super':
        return this.#refer('super', node);
      case 'MetaProperty':
        return this.#refer(`${node.meta.name}.${node.property.name}`, node);
      case 'ImportExpression':
        this.#refer('import()', node);
        return this.#children(node);
      case 'AwaitExpression':
        this.#refer('await', node);
        return this.#children(node);
      case 'MemberExpression': {
        const name = node.computed ? undefined : (node.property as { name: string }).name;
        this.#visit(node.object, 'read', name === undefined ? NO_PATH : [name, ...path]);
        if (node.computed || node.property.type === 'PrivateIdentifier') this.#visit(node.property);
        return;
      }
      case 'CallExpression':
      case 'NewExpression':
        this.#visit(node.callee, 'callee');
        return this.#all(node.arguments);
      case 'TaggedTemplateExpression':
        this.#visit(node.tag, 'callee');
        return this.#visit(node.quasi);
      case 'AssignmentExpression':
        if (node.left.type === 'MemberExpression') this.#visit(node.left);
        else this.#assign(node.left);
        return this.#visit(node.right);
      case 'UpdateExpression':
        return this.#visit(node.argument, node.argument.type === 'Identifier' ? 'write' : 'read');
      case 'Property':
        if (node.computed) this.#visit(node.key);
        if (node.method || node.kind !== 'init') return this.#method(node, this.#scope.node);
        return this.#visit(node.value, node.shorthand ? 'shorthand' : 'read');
      case 'ObjectExpression': {
        const scope = new Scope(node, this.#scope);
        if (node.properties.some((p) => p.type === 'Property' && (p.method || p.kind !== 'init'))) {
          scope.declare('super', 'pseudo');
        }
        return this.#within(scope, () => this.#all(node.properties));
      }
      case 'FunctionDeclaration':
        if (node.id) {
          this.#scope.declare(node.id.name, 'function', node);
          // In sloppy code a function in a block is visible around it, too
          if (!this.#scope.takesVars && !isModuleProgram(this.root.node)) {
            this.#scope.varScope().declare(node.id.name, 'var');
          }
        }
        return this.#function(node);
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return this.#function(node);
      case 'ClassDeclaration':
        if (node.id) this.#scope.declare(node.id.name, 'class', node);
        return this.#class(node);
      case 'ClassExpression':
        return this.#class(node);
      case 'VariableDeclaration': {
        const scope = node.kind === 'var' ? this.#scope.varScope() : this.#scope;
        const kind = node.kind === 'await using' ? 'using' : node.kind;
        if (node.kind === 'await using') this.#refer('await', node);
        for (const { id, init } of node.declarations) {
          this.#declare(id, kind, scope, init ?? undefined);
          if (init) this.#visit(init);
        }
        return;
      }
      case 'ForInStatement':
      case 'ForOfStatement':
        if (node.type === 'ForOfStatement' && node.await) this.#refer('await', node);
        return this.#within(new Scope(node, this.#scope), () => {
          if (node.left.type === 'VariableDeclaration') this.#visit(node.left);
          else this.#assign(node.left);
          this.#visit(node.right);
          this.#visit(node.body);
        });
      case 'ForStatement':
      case 'BlockStatement':
      case 'SwitchStatement':
        return this.#within(new Scope(node, this.#scope), () => this.#children(node));
      case 'CatchClause':
        return this.#within(new Scope(node, this.#scope), () => {
          if (node.param) this.#declare(node.param, 'let', this.#scope);
          this.#visit(node.body);
        });
      case 'LabeledStatement':
        return this.#visit(node.body);
      case 'BreakStatement':
      case 'ContinueStatement':
        return;
      case 'ImportDeclaration':
        for (const { local } of node.specifiers) this.#scope.declare(local.name, 'import');
        return;
      case 'ExportNamedDeclaration':
        if (node.declaration) this.#visit(node.declaration);
        return;
      case 'ExportAllDeclaration':
        return;
      default:
        return this.#children(node);
    }
  }

  /** The target of an assignment. */
  #assign(node: AnyNode): void {
    eachTarget(
      node,
      (target) => {
        if (target.type === 'Identifier') this.#refer(target.name, target, 'write');
        else this.#visit(target);
      },
      (expression) => this.#visit(expression),
    );
  }

  #declare(pattern: Pattern, kind: Binding['kind'], scope: Scope, init?: AnyNode): void {
    if (pattern.type === 'Identifier') {
      scope.declare(pattern.name, kind, init);
      return;
    }
    eachTarget(
      pattern,
      (target) => {
        if (target.type === 'Identifier') scope.declare(target.name, kind);
      },
      (expression) => this.#visit(expression),
    );
  }

  #function(node: FunctionNode, site?: Omit<FunctionSite, 'node'>): void {
    this.functions.push({ node, ...(site ?? { start: node.start, end: node.end }) });
    let outer = this.#scope;
    if (node.type === 'FunctionExpression' && node.id) {
      outer = new Scope(node, outer);
      outer.declare(node.id.name, 'self', node);
    }
    const parameters = new Scope(node, outer, true);
    parameters.declare('await', 'pseudo');
    if (node.type !== 'ArrowFunctionExpression') {
      for (const name of ['this', 'arguments', 'new.target']) parameters.declare(name, 'pseudo');
    }
    this.#within(parameters, () => {
      for (const parameter of node.params) this.#declare(parameter, 'param', parameters);
      if (node.body.type !== 'BlockStatement') return this.#visit(node.body);
      // A body of its own, because defaults of parameters do not see its variables
      const { body } = node.body;
      this.#within(new Scope(node.body, parameters, true), () => this.#all(body));
    });
  }

  #method(definition: MethodDefinition | Property, owner: AnyNode): void {
    const isStatic = definition.type === 'MethodDefinition' && definition.static;
    const skip = isStatic
      ? (/^static\s*/.exec(this.#source.slice(definition.start, definition.end))?.[0].length ?? 0)
      : 0;
    const site = { start: definition.start + skip, end: definition.end, method: { definition, owner } };
    this.#function(definition.value as FunctionNode, site);
  }

  #class(node: ClassNode): void {
    this.functions.push({ node, start: node.start, end: node.end });
    const scope = new Scope(node, this.#scope);
    if (node.id) scope.declare(node.id.name, 'self', node);
    scope.declare('super', 'pseudo');
    for (const element of node.body.body) {
      if (element.type !== 'StaticBlock' && element.key.type === 'PrivateIdentifier') {
        scope.declare(`#${element.key.name}`, 'pseudo');
      }
    }
    this.#within(scope, () => {
      if (node.superClass) this.#visit(node.superClass, 'callee');
      for (const element of node.body.body) {
        if (element.type === 'StaticBlock') {
          this.#within(fieldScope(element, scope), () => this.#all(element.body));
          continue;
        }
        if (element.computed) this.#visit(element.key);
        if (element.type === 'MethodDefinition') this.#method(element, node);
        else if (element.value) {
          const { value } = element;
          this.#within(fieldScope(element, scope), () => this.#visit(value));
        }
      }
    });
  }
}

/** Initializers of fields and static blocks have a `this` of their own. */
function fieldScope(node: AnyNode, parent: Scope): Scope {
  const scope = new Scope(node, parent, true);
  for (const name of ['this', 'arguments', 'new.target']) scope.declare(name, 'pseudo');
  return scope;
}

function isModuleProgram(node: AnyNode): boolean {
  return node.type === 'Program' && node.sourceType === 'module';
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as AnyNode).type === 'string' && 'start' in value;
}
