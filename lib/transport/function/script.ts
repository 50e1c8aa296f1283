import { createRequire } from 'node:module';
import type { AnyNode, Program } from 'acorn';
import { LineTable } from './lines.js';
import { analyse, type Analysis } from './analyse.js';
import type { FunctionSite, Reference, Scope } from './scopes.js';

export interface ParsedText extends Analysis {
  readonly program: Program;
  readonly source: string;
  /** Code of a module is strict; other code says so in a directive. */
  readonly strict: boolean;
  readonly lines: LineTable;
}

const require = createRequire(import.meta.filename);

/** Parses and resolves a text; `undefined` where it is no program of that type. */
export function parseText(source: string, sourceType: 'module' | 'script'): ParsedText | undefined {
  // Loaded when first needed: a worker that passes no functions on never parses any.
  const { parse } = require('acorn') as typeof import('acorn');
  let program: Program;
  try {
    program = parse(source, {
      ecmaVersion: 'latest',
      sourceType,
      allowReturnOutsideFunction: sourceType === 'script',
      allowAwaitOutsideFunction: sourceType === 'module',
      allowSuperOutsideMethod: true,
      allowHashBang: true,
      checkPrivateFields: false,
    });
  } catch {
    return undefined;
  }
  const strict = sourceType === 'module' || isStrict(program.body);
  return { program, source, strict, lines: new LineTable(source), ...analyse(program, source) };
}

/** The references within a function (or any range) to what lies outside of it. */
export function freeReferences(text: ParsedText, start: number, end: number): Reference[] {
  return referencesIn(text, start, end).filter(({ binding }) => {
    const home = binding?.scope.node;
    return !home || home.type === 'Program' || home.start < start || home.end > end;
  });
}

export function referencesIn({ references }: ParsedText, start: number, end: number): Reference[] {
  return references.slice(lowerBound(references, start), lowerBound(references, end));
}

/** The function whose text is `text` and whose parameters begin at or before `offset`. */
export function findSite(parsed: ParsedText, text: string, offset: number): FunctionSite | undefined {
  const { functions, source } = parsed;
  let best: FunctionSite | undefined;
  for (const site of functions) {
    if (site.end - site.start !== text.length || site.start > offset || site.end <= offset) continue;
    if (source.startsWith(text, site.start)) best = site;
  }
  return best;
}

export interface ModuleBody {
  readonly statements: readonly AnyNode[];
  /** Bindings of these scopes are the module's own. */
  readonly scopes: ReadonlySet<Scope>;
}

/**
 * The statements of a module. Some loaders and bundlers (tsx, esbuild's iife format) wrap a whole CommonJS module into
 * one function that is called at once: its body is the module then.
 */
export function moduleBody(text: ParsedText): ModuleBody {
  const scopes = new Set([text.root]);
  let statements: readonly AnyNode[] = text.program.body;
  while (text.program.sourceType === 'script') {
    const wrapper = statements.map(wrapperBody).filter((body) => body !== undefined);
    const body = wrapper[0];
    if (wrapper.length !== 1 || !body || statements.some((node) => isDeclaration(node))) break;
    for (const { scope } of text.references) {
      for (let at: Scope | undefined = scope; at; at = at.parent) if (at.node === body) scopes.add(at);
    }
    statements = (body as { body: AnyNode[] }).body;
  }
  return { statements, scopes };
}

/** The body of the function in `(() => { … })()`. */
function wrapperBody(node: AnyNode): AnyNode | undefined {
  if (node.type !== 'ExpressionStatement' || node.expression.type !== 'CallExpression') return undefined;
  const { callee, arguments: values } = node.expression;
  if (values.length > 0 || (callee.type !== 'ArrowFunctionExpression' && callee.type !== 'FunctionExpression')) {
    return undefined;
  }
  if (callee.params.length > 0 || callee.async || callee.generator) return undefined;
  return callee.body.type === 'BlockStatement' ? callee.body : undefined;
}

function isDeclaration(node: AnyNode): boolean {
  return node.type.endsWith('Declaration') && node.type !== 'ImportDeclaration';
}

function isStrict(body: readonly AnyNode[]): boolean {
  const wrapped = body.map(wrapperBody).find((inner) => inner !== undefined);
  const hasDirective = (nodes: readonly AnyNode[]): boolean =>
    nodes.some((node) => node.type === 'ExpressionStatement' && node.directive === 'use strict');
  return hasDirective(body) || (wrapped !== undefined && hasDirective((wrapped as { body: AnyNode[] }).body));
}

function lowerBound(references: readonly Reference[], start: number): number {
  let low = 0;
  let high = references.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((references[middle] as Reference).start < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
