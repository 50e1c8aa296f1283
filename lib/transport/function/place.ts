import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';
import { locate, type ScriptInfo } from './inspector.js';
import type { AnyFunction } from './protocol.js';
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

const maps = new WeakMap<ScriptInfo, SourceMap | null>();

function mapOf(script: ScriptInfo): SourceMap | undefined {
  let map = maps.get(script);
  if (map === undefined) {
    map = script.sourceMap ? readMap(script) : null;
    maps.set(script, map);
  }
  return map ?? undefined;
}

function readMap({ sourceMap, url }: ScriptInfo): SourceMap | null {
  try {
    const inline = /^data:application\/json[^,]*?(;base64)?,/.exec(sourceMap);
    const text = inline
      ? Buffer.from(decodeURIComponent(sourceMap.slice(inline[0].length)), inline[1] ? 'base64' : 'utf8').toString()
      : readFileSync(fileURLToPath(new URL(sourceMap, url)), 'utf8');
    return new SourceMap(JSON.parse(text) as SourceMapPayload);
  } catch {
    // A map that is missing or broken costs the exact place only
    return null;
  }
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
