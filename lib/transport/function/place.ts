import { fileURLToPath } from 'node:url';
import { locate, type ScriptInfo } from './inspector.js';
import type { AnyFunction } from './protocol.js';
import { mapOf } from './source-map.js';
import { remembered } from './described.js';
import { taskOf } from './task.js';

/** Where the user wrote a function: `path:line:column`, counted from 1; undefined for native code. */
export function describePlace(fn: AnyFunction): string | undefined {
  const known = remembered(fn)?.at;
  if (known !== undefined) return known;
  const located = locate(taskOf(fn)?.fn ?? fn);
  return located && placeOf(located.script, located.offset);
}

/** The place of an offset in a script, followed through its source map if it has one. */
export function placeOf(script: ScriptInfo, offset: number): string | undefined {
  if (!script.url) return undefined;
  const { line, column } = script.lines.position(offset);
  const entry = mapOf(script)?.findEntry(line, column);
  if (entry && 'originalSource' in entry && entry.originalSource) {
    return `${pathOf(resolved(entry.originalSource, script.url))}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  }
  return `${pathOf(script.url)}:${line + 1}:${column + 1}`;
}

function resolved(source: string, base: string): string {
  try {
    return new URL(source, base).href;
  } catch {
    return source;
  }
}

function pathOf(url: string): string {
  return url.startsWith('file:') ? fileURLToPath(url) : url;
}
