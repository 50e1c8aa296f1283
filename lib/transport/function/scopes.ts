import type { AnyNode, MethodDefinition, Property } from 'acorn';

export type FunctionNode = Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;
export type ClassNode = Extract<AnyNode, { type: 'ClassDeclaration' | 'ClassExpression' }>;

/** How a name is used; a `callee` is called, constructed, extended or used as a template's tag. */
export type Role = 'read' | 'write' | 'callee' | 'shorthand';

/**
 * What a name refers to. Besides variables there are pseudo-names for what a function takes from its surroundings in
 * other ways: `this`, `arguments`, `new.target`, `super`, `await` and private names (`#x`).
 */
export interface Binding {
  readonly name: string;
  readonly kind: 'var' | 'let' | 'const' | 'using' | 'function' | 'class' | 'import' | 'param' | 'self' | 'pseudo';
  readonly scope: Scope;
  /** The function or class that is its one value, or that its declaration gives it at first. */
  value?: AnyNode;
  /** Number of assignments besides the declaration. */
  writes: number;
}

export interface Reference {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly role: Role;
  readonly scope: Scope;
  /** Names of the properties read from it at once: `exports.a.b` → `['a', 'b']`. */
  readonly path: readonly string[];
  /** Undefined: no scope of this text declares it. */
  binding?: Binding;
}

export class Scope {
  readonly bindings = new Map<string, Binding>();
  readonly node: AnyNode;
  readonly parent: Scope | undefined;
  /** `var` declarations rise to the nearest such scope. */
  readonly takesVars: boolean;

  constructor(node: AnyNode, parent: Scope | undefined, takesVars = false) {
    this.node = node;
    this.parent = parent;
    this.takesVars = takesVars;
  }

  declare(name: string, kind: Binding['kind'], value?: AnyNode): Binding {
    const known = this.bindings.get(name);
    if (known) {
      // `var f; function f() {}` and the like: what the name holds is no longer certain
      if (value) known.value = value;
      if (kind !== 'pseudo' && known.kind !== 'pseudo') known.writes++;
      if (known.kind !== 'pseudo') return known;
    }
    const binding: Binding = { name, kind, scope: this, writes: 0, ...(value ? { value } : {}) };
    this.bindings.set(name, binding);
    return binding;
  }

  find(name: string): Binding | undefined {
    return this.bindings.get(name) ?? this.parent?.find(name);
  }

  varScope(): Scope {
    return this.takesVars || !this.parent ? this : this.parent.varScope();
  }
}

/** A function or class of the text, with the range that `Function.prototype.toString` gives for it. */
export interface FunctionSite {
  readonly node: FunctionNode | ClassNode;
  readonly start: number;
  readonly end: number;
  readonly method?: { definition: MethodDefinition | Property; owner: AnyNode };
}
