import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { ScriptInfo } from './inspector.js';

const maps = new WeakMap<ScriptInfo, SourceMap | null>();

/** The source map of a script, if it has one. */
export function mapOf(script: ScriptInfo): SourceMap | undefined {
  let map = maps.get(script);
  if (map === undefined) {
    const payload = readPayload(script);
    map = payload ? new SourceMap(payload) : null;
    maps.set(script, map);
  }
  return map ?? undefined;
}

const links = new WeakMap<ScriptInfo, string>();

/** What code taken from a script should name as its source map: an inline map goes along without the sources' text. */
export function mapLinkOf(script: ScriptInfo): string | undefined {
  if (!script.sourceMap || !process.sourceMapsEnabled) return undefined;
  let link = links.get(script);
  if (link === undefined) {
    link = script.sourceMap;
    const payload = INLINE.test(link) ? readPayload(script) : undefined;
    if (payload) {
      const { sourcesContent: _, ...map } = payload;
      link = `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
    }
    links.set(script, link);
  }
  return link;
}

const INLINE = /^data:application\/json[^,]*?(;base64)?,/;

function readPayload({ sourceMap, url }: ScriptInfo): SourceMapPayload | undefined {
  if (!sourceMap) return undefined;
  try {
    const inline = INLINE.exec(sourceMap);
    const text = inline
      ? Buffer.from(decodeURIComponent(sourceMap.slice(inline[0].length)), inline[1] ? 'base64' : 'utf8').toString()
      : readFileSync(fileURLToPath(new URL(sourceMap, url)), 'utf8');
    return JSON.parse(text) as SourceMapPayload;
  } catch {
    // A map that is missing or broken costs the exact place only
    return undefined;
  }
}
