import path from 'node:path';
import type { Edge, Finding } from './tree.js';

/** One finding for each cycle met among the files, and for each met among the folders they stand in. */
export function checkCycles(edges: readonly Edge[]): Finding[] {
  const folderEdges = edges
    .map(({ from, to }) => ({ from: path.posix.dirname(from), to: path.posix.dirname(to) }))
    .filter(({ from, to }) => from !== to);
  return [...cyclesIn(edges, 'file'), ...cyclesIn(folderEdges, 'folder')];
}

function cyclesIn(edges: readonly Edge[], kind: 'file' | 'folder'): Finding[] {
  const targets = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    const known = targets.get(from);
    if (known) known.add(to);
    else targets.set(from, new Set([to]));
  }

  const findings: Finding[] = [];
  const finished = new Set<string>();
  const trail: string[] = [];
  const visit = (node: string): void => {
    const start = trail.indexOf(node);
    if (start >= 0) {
      findings.push({ file: node, message: `${kind} cycle: ${[...trail.slice(start), node].join(' -> ')}` });
      return;
    }
    if (finished.has(node)) return;
    trail.push(node);
    for (const next of targets.get(node) ?? []) visit(next);
    trail.pop();
    finished.add(node);
  };
  for (const node of targets.keys()) visit(node);
  return findings;
}
