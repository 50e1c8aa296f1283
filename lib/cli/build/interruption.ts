import { stopLogged } from './run-logged.js';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs `body`; a signal that ends this process meanwhile also ends what was started, and has `cleanUp` called before.
 */
export async function interruptible<T>(body: () => Promise<T>, cleanUp: () => void): Promise<T> {
  const onSignal = (signal: NodeJS.Signals): void => {
    void stopLogged().finally(() => {
      try {
        cleanUp();
      } catch (error) {
        console.error((error as Error).message);
      }
      stopListening();
      // The shell is to see what has ended it.
      process.kill(process.pid, signal);
    });
  };
  const stopListening = (): void => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    return await body();
  } finally {
    stopListening();
  }
}
