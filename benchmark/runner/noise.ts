import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Linux counts CPU time in these; the value of `getconf CLK_TCK` on every supported architecture. */
const ticksPerSecond = 100;

interface CpuTime {
  /** CPU seconds that all programs have used, all cores together. */
  readonly total: number;
  /** CPU seconds of this process and of its children that have ended. */
  readonly own: number;
  /** Seconds on the clock. */
  readonly at: number;
}

/** Undefined where /proc does not tell. */
function cpuTime(): CpuTime | undefined {
  try {
    const stat = readFileSync('/proc/stat', 'utf8');
    // user nice system idle iowait irq softirq steal: what a neighbour of this virtual machine takes is noise too.
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = stat
      .slice(0, stat.indexOf('\n'))
      .split(/\s+/)
      .slice(1)
      .map(Number);
    const self = readFileSync('/proc/self/stat', 'utf8');
    // After the name in parentheses: state is field 3; utime, stime, cutime and cstime are 14 to 17.
    const fields = self
      .slice(self.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const own = fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0);
    const total = user + nice + system + irq + softirq + steal;
    return { total: total / ticksPerSecond, own: own / ticksPerSecond, at: performance.now() / 1000 };
  } catch {
    return undefined;
  }
}

/** Measures what other programs use from now on. */
export class NoiseMeter {
  readonly #start = cpuTime();

  /** The CPU that others used since, as cores (0.5: half a core); undefined where it cannot be known. */
  read(): number | undefined {
    const now = cpuTime();
    if (!now || !this.#start || now.at <= this.#start.at) return undefined;
    const foreign = now.total - this.#start.total - (now.own - this.#start.own);
    return Math.max(0, foreign / (now.at - this.#start.at));
  }
}

/** Below this many cores used by others the machine counts as quiet. */
export const quietCores = 0.1;

/** Waits for a quiet moment, `window` ms long, for at most `limit` ms. Gives the milliseconds waited in vain. */
export async function waitForQuiet(window: number, limit: number): Promise<number> {
  const start = performance.now();
  for (;;) {
    const meter = new NoiseMeter();
    await sleep(window);
    const noise = meter.read();
    if (noise === undefined || noise < quietCores) return performance.now() - start - window;
    if (performance.now() - start + window > limit) return performance.now() - start;
  }
}
