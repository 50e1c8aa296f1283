import type { AnyNode } from 'acorn';
import type { Binding } from './scopes.js';
import { referencesIn, type ModuleBody, type ParsedText } from './script.js';

interface Parts {
  readonly text: ParsedText;
  readonly body: ModuleBody;
}

/**
 * The top-level names whose value a statement completes, in the forms that people and compilers write: `let x; x = …`,
 * `f.cache = …`, `Object.defineProperty(f, …)`, `(function (E) { … })(E || (E = {}))` of enums and namespaces, helpers
 * of compilers such as `__name(f, 'f')`, and `exports.x = …`. Other statements are the program's work, not travelled with.
 */
export function completedNames(statement: AnyNode, module: Parts): Set<string> {
  const names = new Set<string>();
  const { text } = module;
  switch (statement.type) {
    case 'ExpressionStatement':
      eachExpression(statement.expression, (expression) => {
        for (const name of completed(expression, module)) names.add(name);
      });
      break;
    case 'TryStatement':
    case 'IfStatement':
    case 'BlockStatement':
    case 'SwitchStatement':
      for (const { binding, role, start } of referencesIn(text, statement.start, statement.end)) {
        if (role !== 'write' || !binding) continue;
        if (isBare(binding, module) && !isNested(start, statement, module)) names.add(binding.name);
      }
      break;
    default:
  }
  return names;
}

function* completed(node: AnyNode, module: Parts): Generator<string> {
  if (node.type === 'AssignmentExpression') {
    const left = node.left as AnyNode;
    if (left.type === 'Identifier') {
      const binding = bindingOf(left, module);
      const isHelped = node.right.type === 'CallExpression' && isHelper(node.right.callee);
      if (binding && (isHelped || (isBare(binding, module) && binding.writes === 1))) yield left.name;
    } else {
      yield* member(left, node.right, module);
    }
    if (node.right.type === 'AssignmentExpression') yield* completed(node.right, module);
  } else if (node.type === 'CallExpression') {
    const callee = node.callee as AnyNode;
    const values = node.arguments as AnyNode[];
    if (isFunction(callee)) {
      const [value] = values;
      const holder = value?.type === 'LogicalExpression' ? (value.left as AnyNode) : undefined;
      if (holder?.type === 'Identifier' && bindingOf(holder, module)) yield holder.name;
      else if (holder) yield* member(holder, undefined, module);
    } else if (isHelper(callee)) {
      for (const value of values) yield* target(value, undefined, module);
    } else if (isObjectMethod(callee) && values[0]) {
      yield* target(values[0], undefined, module);
      if (isExports(values[0]) && values[1]?.type === 'Literal') yield `exports.${String(values[1].value)}`;
    }
  }
}

function* target(node: AnyNode, value: AnyNode | undefined, module: Parts): Generator<string> {
  if (isExports(node)) yield 'exports.*';
  else if (node.type === 'Identifier' && bindingOf(node, module)) yield node.name;
  else yield* member(node, value, module);
}

/** `x.a.b`: a part of `x`. */
function* member(node: AnyNode, value: AnyNode | undefined, module: Parts): Generator<string> {
  if (isExports(node)) yield 'exports.*';
  if (node.type !== 'MemberExpression') return;
  if (isExports(node.object) && !node.computed) {
    yield `exports.${(node.property as { name: string }).name}`;
    return;
  }
  let root = node as AnyNode;
  while (root.type === 'MemberExpression') root = root.object as AnyNode;
  const binding = root.type === 'Identifier' ? bindingOf(root, module) : undefined;
  if (!binding || binding.kind === 'import') return;
  const isOwn = binding.value !== undefined && (isFunction(binding.value) || binding.value.type.startsWith('Class'));
  if (!value || isOwn || isInert(value)) yield binding.name;
}

function bindingOf(node: AnyNode & { type: 'Identifier' }, module: Parts): Binding | undefined {
  for (const scope of module.body.scopes) {
    const binding = scope.bindings.get(node.name);
    if (binding) return binding;
  }
  return undefined;
}

/** Declared without a value. */
function isBare(binding: Binding, module: Parts): boolean {
  return module.body.scopes.has(binding.scope) && (binding.kind === 'let' || binding.kind === 'var') && !binding.value;
}

function isNested(at: number, statement: AnyNode, module: Parts): boolean {
  return module.text.functions.some(
    ({ start, end }) => start <= at && at < end && start >= statement.start && end <= statement.end,
  );
}

/** `exports` or `module.exports`. */
function isExports(node: AnyNode): boolean {
  if (node.type === 'Identifier') return node.name === 'exports';
  if (node.type !== 'MemberExpression' || node.computed || node.object.type !== 'Identifier') return false;
  return node.object.name === 'module' && (node.property as { name: string }).name === 'exports';
}

const isFunction = (node: AnyNode): boolean => /^(ArrowFunction|Function)(Expression|Declaration)$/.test(node.type);

/** `__name`, `__publicField`, `tslib_1.__decorate`: what compilers call to finish a declaration. */
function isHelper(callee: AnyNode): boolean {
  if (callee.type === 'MemberExpression') return isHelper(callee.property);
  if (callee.type === 'SequenceExpression') return isHelper(callee.expressions.at(-1) as AnyNode);
  return callee.type === 'Identifier' && callee.name.startsWith('__');
}

function isObjectMethod(callee: AnyNode): boolean {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return false;
  return callee.object.name === 'Object' || callee.object.name === 'Reflect';
}

/** Evaluating it can do nothing but make a value. */
function isInert(node: AnyNode): boolean {
  switch (node.type) {
    case 'Literal':
    case 'Identifier':
    case 'TemplateLiteral':
      return true;
    case 'ArrayExpression':
      return node.elements.every((element) => !element || isInert(element as AnyNode));
    case 'ObjectExpression':
      return node.properties.every((property) => property.type === 'Property' && isInert(property.value as AnyNode));
    case 'UnaryExpression':
      return isInert(node.argument);
    case 'MemberExpression':
      return isInert(node.object);
    default:
      return isFunction(node) || node.type === 'ClassExpression';
  }
}

function eachExpression(node: AnyNode, visit: (node: AnyNode) => void): void {
  if (node.type === 'SequenceExpression') for (const inner of node.expressions) eachExpression(inner, visit);
  else visit(node);
}
