import { isMainThread } from '../../base/told.js';
import { importFrom } from './import-from.js';

// Before Node 22, hooks that a program registered are not those of its workers, and tsx does not register itself there
const isNeeded = !isMainThread && Number(process.versions.node.split('.')[0]) < 22;
let ready: Promise<void> | undefined;

/** Lets a worker thread import TypeScript as its program does; undefined where there is nothing to wait for. */
export function prepareLoader(url: string): Promise<void> | undefined {
  if (!isNeeded || !/\.[cm]?tsx?$/.test(url.replace(/[?#].*$/, ''))) return undefined;
  const options = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
  // Either the name of the package or the path of its loader
  const loader = /(?:--import|--loader)[ =](?:(tsx)(?:\/esm)?(?= |$)|(file:\S*\/tsx\/dist\/\S+))/.exec(options);
  if (!loader) return undefined;
  return (ready ??= register(loader[2] ?? url));
}

async function register(parent: string): Promise<void> {
  const api = (await importFrom(parent, 'tsx/esm/api')) as { register?: () => unknown };
  api.register?.();
}
