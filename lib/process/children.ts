/** A process that this thread has started. */
export interface Child {
  isAlive(): boolean;
  terminate(): void;
}

const started = new Set<Child>();

export function addChild(child: Child, exited: Promise<unknown>): void {
  started.add(child);
  void exited.then(() => started.delete(child));
}

/** For one that must not be asked any more. */
export function forgetChild(child: Child): void {
  started.delete(child);
}

/** Those that are alive. */
export function livingChildren(): Child[] {
  for (const child of started) if (!child.isAlive()) started.delete(child);
  return [...started];
}

process.on('exit', () => {
  // Only daemons are left by now, unless `process.exit` was called: they end with this thread, in either case.
  for (const child of livingChildren()) child.terminate();
});
