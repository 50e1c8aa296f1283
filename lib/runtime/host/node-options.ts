import type { HostOptions, ResourceLimits } from './worker-host.js';

/** Options that are for the one process that they were given to, with what follows them. */
const OWN_WITH_VALUE = new Set(['-e', '--eval', '-p', '--print', '-pe', '--input-type', '--watch-path']);
const OWN =
  /^(?:-i|--interactive|-c|--check|--test|--test-.*|--watch|--watch-.*|--inspect.*|--prof|--build-snapshot.*)(?:=.*)?$/u;

/** The options of Node with which a process is started: those given, else this process's own as far as they are for all. */
export function nodeOptions({ execArgv, resourceLimits }: HostOptions): string[] {
  return [...(execArgv ?? inheritable(process.execArgv)), ...heapFlags(resourceLimits)];
}

/** The arguments of this program, which its workers have too: what a module makes of them is the same everywhere. */
export function programArguments(): string[] {
  return process.argv.slice(2).map(String);
}

function inheritable(options: readonly string[]): string[] {
  const passed: string[] = [];
  for (let i = 0; i < options.length; i++) {
    const option = options[i]!;
    if (OWN_WITH_VALUE.has(option)) i++;
    else if (!OWN.test(option) && !/^--(?:eval|print|input-type|watch-path)=/u.test(option)) passed.push(option);
  }
  return passed;
}

/** A semi-space is a third of the young generation. There is no flag for `codeRangeSizeMb`. */
function heapFlags({ maxOldGenerationSizeMb, maxYoungGenerationSizeMb, stackSizeMb }: ResourceLimits = {}): string[] {
  const flags: string[] = [];
  if (maxOldGenerationSizeMb !== undefined) flags.push(`--max-old-space-size=${Math.ceil(maxOldGenerationSizeMb)}`);
  if (maxYoungGenerationSizeMb !== undefined) {
    flags.push(`--max-semi-space-size=${Math.max(1, Math.round(maxYoungGenerationSizeMb / 3))}`);
  }
  if (stackSizeMb !== undefined) flags.push(`--stack-size=${Math.round(stackSizeMb * 1024)}`);
  return flags;
}
