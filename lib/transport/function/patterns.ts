import type { AnyNode, Pattern } from 'acorn';

/** Walks a pattern: `target` gets the identifiers (and members) assigned, `expression` defaults and computed keys. */
export function eachTarget(node: AnyNode, target: (node: AnyNode) => void, expression: (node: AnyNode) => void): void {
  const into = (inner: AnyNode): void => eachTarget(inner, target, expression);
  switch (node.type) {
    case 'ObjectPattern':
      for (const property of node.properties) {
        if (property.type === 'RestElement') {
          into(property.argument);
          continue;
        }
        if (property.computed) expression(property.key);
        into(property.value);
      }
      return;
    case 'ArrayPattern':
      for (const element of node.elements) if (element) into(element);
      return;
    case 'AssignmentPattern':
      into(node.left);
      return expression(node.right);
    case 'RestElement':
      return into(node.argument);
    default:
      return target(node);
  }
}

/** The names that a pattern declares. */
export function namesOf(pattern: Pattern): string[] {
  const names: string[] = [];
  eachTarget(
    pattern,
    (node) => node.type === 'Identifier' && names.push(node.name),
    () => {},
  );
  return names;
}
