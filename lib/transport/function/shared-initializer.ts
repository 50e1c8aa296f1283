import type { AnyNode } from 'acorn';
import type { ModuleMap } from './module-map.js';

const CLASSES = new Set(
  `Value SharedArray Lock RLock Semaphore BoundedSemaphore Condition Event Barrier Queue JoinableQueue SimpleQueue Pipe
  Manager SharedMemory ShareableList`.split(/\s+/),
);

/** Whether code is sure to make a shared object: it calls or constructs what comes from this package by name. */
export function makesShared(node: AnyNode, module: ModuleMap): boolean {
  switch (node.type) {
    case 'AwaitExpression':
      return makesShared(node.argument, module);
    case 'ArrayExpression':
      return node.elements.some((element) => element !== null && makesShared(element, module));
    case 'ObjectExpression':
      return node.properties.some((property) => property.type === 'Property' && makesShared(property.value, module));
    case 'NewExpression':
    case 'CallExpression': {
      const callee = node.callee as AnyNode;
      if (callee.type === 'Identifier') return isClass(callee.name, module);
      if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return false;
      const { name } = callee.object;
      if (isPackage(name, module)) {
        return !callee.computed && CLASSES.has((callee.property as { name: string }).name);
      }
      return isManager(name, module);
    }
    default:
      return false;
  }
}

/** `require('…')`, maybe within calls of compilers' helpers, and a member of it. */
export function isModuleCall(node: AnyNode | null | undefined): boolean {
  if (node?.type === 'MemberExpression') return isModuleCall(node.object);
  if (node?.type !== 'CallExpression') return false;
  const callee = node.callee as AnyNode;
  if (callee.type === 'Identifier' && callee.name === 'require') return true;
  return node.arguments.some((argument) => isModuleCall(argument));
}

/** The names under which a top-level name is imported or required from this package. */
function importedAs(name: string, module: ModuleMap): string | undefined {
  for (const { part, declarator } of module.unitsOf(name)) {
    if (part?.specifier === 'allcores') return part.imported;
    const init = declarator?.init;
    if (init?.type !== 'CallExpression' || !isModuleCall(init)) continue;
    const argument = init.arguments[0];
    if (argument?.type !== 'Literal' || argument.value !== 'allcores') continue;
    const pattern = declarator?.id as AnyNode | undefined;
    if (pattern?.type !== 'ObjectPattern') return '*';
    for (const property of pattern.properties) {
      if (property.type !== 'Property' || property.key.type !== 'Identifier') continue;
      if (property.value.type === 'Identifier' && property.value.name === name) return property.key.name;
    }
  }
  return undefined;
}

const isClass = (name: string, module: ModuleMap): boolean => CLASSES.has(importedAs(name, module) ?? '');
const isPackage = (name: string, module: ModuleMap): boolean => /^(\*|default)$/.test(importedAs(name, module) ?? '');

function isManager(name: string, module: ModuleMap): boolean {
  return module.unitsOf(name).some(({ declarator }) => {
    const init = declarator?.init;
    const callee = init?.type === 'NewExpression' ? (init.callee as AnyNode) : undefined;
    return callee?.type === 'Identifier' && importedAs(callee.name, module) === 'Manager';
  });
}
