/** What one signal ends: one listener, however many they are. */
interface Watched {
  readonly nodes: Set<number>;
  readonly onAbort: () => void;
}

/** Waits that signals end. */
export class Abortable {
  readonly #abort: (node: number) => void;
  readonly #signals = new Map<AbortSignal, Watched>();

  /** @param abort ends a wait, which calls {@link delete} */
  constructor(abort: (node: number) => void) {
    this.#abort = abort;
  }

  add(signal: AbortSignal, node: number): void {
    let watched = this.#signals.get(signal);
    if (watched === undefined) {
      const nodes = new Set<number>();
      watched = { nodes, onAbort: () => Array.from(nodes).forEach(this.#abort) };
      this.#signals.set(signal, watched);
      signal.addEventListener('abort', watched.onAbort, { once: true });
    }
    watched.nodes.add(node);
  }

  delete(signal: AbortSignal, node: number): void {
    const watched = this.#signals.get(signal);
    if (watched === undefined || !watched.nodes.delete(node) || watched.nodes.size > 0) return;
    this.#signals.delete(signal);
    signal.removeEventListener('abort', watched.onAbort);
  }
}
