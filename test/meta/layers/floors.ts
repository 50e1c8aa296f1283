import type { Edge, Finding } from './tree.js';

/** Units (folders or single files) of one height. */
export interface Floor {
  readonly units: readonly string[];
  /** Units of this floor may not see each other at all. Otherwise they may, as long as they form no cycle. */
  readonly apart?: boolean;
}

/** From the top of the building down: a file may name files of its own unit and of lower floors. */
export const nativeFloors: readonly Floor[] = [
  { units: ['native/addon'] },
  { units: ['native/kernel'] },
  { units: ['native/executor'] },
  { units: ['native/container'] },
  { units: ['native/sync', 'native/queue'], apart: true },
  { units: ['native/object'] },
  { units: ['native/memory'] },
  { units: ['native/participant'] },
  { units: ['native/platform'] },
  { units: ['native/base'] },
];

export const libFloors: readonly Floor[] = [
  { units: ['lib/cli'] },
  { units: ['lib/index.ts'] },
  { units: ['lib/context.ts'] },
  { units: ['lib/common.ts'] },
  { units: ['lib/manager'] },
  { units: ['lib/process', 'lib/pool'] },
  { units: ['lib/runtime'] },
  { units: ['lib/queue', 'lib/container'] },
  { units: ['lib/transport'] },
  { units: ['lib/vector'] },
  { units: ['lib/memory'] },
  { units: ['lib/sync'] },
  { units: ['lib/heap'] },
  { units: ['lib/binding'] },
  { units: ['lib/base'] },
];

interface Place {
  readonly unit: string;
  readonly floor: Floor;
  /** 0 is the top floor. */
  readonly depth: number;
}

function placeOf(file: string, floors: readonly Floor[]): Place | undefined {
  for (const [depth, floor] of floors.entries()) {
    const unit = floor.units.find((name) => file === name || file.startsWith(`${name}/`));
    if (unit !== undefined) return { unit, floor, depth };
  }
  return undefined;
}

/** Files that stand on no floor, and edges that go up or across a wall. */
export function checkFloors(files: readonly string[], edges: readonly Edge[], floors: readonly Floor[]): Finding[] {
  const homeless = files
    .filter((file) => placeOf(file, floors) === undefined)
    .map((file) => ({ file, message: 'stands on no floor' }));
  const climbing = edges.flatMap(({ from, to }) => {
    const [source, target] = [placeOf(from, floors), placeOf(to, floors)];
    if (!source || !target || source.unit === target.unit || source.depth < target.depth) return [];
    if (source.depth > target.depth) return [{ file: from, message: `reaches up to ${to}` }];
    return source.floor.apart ? [{ file: from, message: `reaches across to ${to}` }] : [];
  });
  return [...homeless, ...climbing];
}
