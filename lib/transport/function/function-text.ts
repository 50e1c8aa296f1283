import type { AnyFunction } from './protocol.js';
import { freeReferences, parseText, type ParsedText } from './script.js';
import type { FunctionSite } from './scopes.js';

/** What the text of a function tells without knowing where it stands. */
export interface FunctionText {
  readonly parsed: ParsedText;
  readonly site: FunctionSite;
  /** Names that it takes from elsewhere. */
  readonly free: ReadonlySet<string>;
  readonly usesEval: boolean;
}

const texts = new Map<string, FunctionText | null>();

/** Parses what `Function.prototype.toString` gives; null for native code, and what the parser does not know. */
export function readFunctionText(text: string): FunctionText | null {
  let known = texts.get(text);
  if (known === undefined) {
    known = read(text);
    // Programs may make functions from ever new texts
    if (texts.size >= 1000) texts.clear();
    texts.set(text, known);
  }
  return known;
}

/** Where a text may be valid: as an expression, a method, a method with a private name, within a function. */
const SURROUNDINGS = [
  ['(', '\n)'],
  ['({', '\n})'],
  ['(class {', '\n})'],
  ['(function () { return (', '\n); })'],
] as const;

function read(text: string): FunctionText | null {
  for (const [open, close] of SURROUNDINGS) {
    for (const type of ['module', 'script'] as const) {
      const parsed = parseText(open + text + close, type);
      const site = parsed?.functions.find(
        ({ start, end }) => start === open.length && end === open.length + text.length,
      );
      if (!parsed || !site) continue;
      const free = freeReferences(parsed, site.node.start, site.node.end);
      return { parsed, site, free: new Set(free.map(({ name }) => name)), usesEval: usesEval(parsed, site) };
    }
  }
  return null;
}

/** A direct call of `eval` may name anything. */
function usesEval({ references }: ParsedText, site: FunctionSite): boolean {
  return references.some(({ name, role, start, binding }) => {
    return name === 'eval' && role === 'callee' && !binding && start >= site.start && start < site.end;
  });
}

export interface Expression {
  readonly source: string;
  /** Which offset of the script stands how far into it. */
  readonly from: number;
  readonly lead: number;
}

/** An expression that makes the function anew, under its name. `render` gives the code of a range. */
export function expressionOf(
  site: FunctionSite,
  name: string,
  render: (start: number, end: number) => string,
): Expression {
  const around = (before: string, from: number, end: number, after: string): Expression => {
    return { source: before + render(from, end) + after, from, lead: before.length };
  };
  const { node, method } = site;
  const key = JSON.stringify(name);
  if (method) {
    const value = method.definition.value as { async: boolean; generator: boolean };
    const marks = (value.async ? 'async ' : '') + (value.generator ? '*' : '');
    return around(`({${marks}[${key}]`, node.start, node.end, `})[${key}]`);
  }
  const isNamed = node.type !== 'ArrowFunctionExpression' && node.id;
  // An anonymous function takes the name of the property that it is first put into
  if (isNamed || name === '') return around('(', site.start, site.end, ')');
  return around(`({[${key}]:`, site.start, site.end, `})[${key}]`);
}

export function nameOf(fn: AnyFunction): string {
  // A class may have a static member called `name`
  return typeof fn.name === 'string' ? fn.name.replace(/^[gs]et /, '') : '';
}
