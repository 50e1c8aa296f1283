/** This system has no such thing, and is not expected to. Told apart by its name, which travels. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** Of workers that are processes. */
export function noProcesses(): Unavailable {
  return new Unavailable(`there are no process workers on ${process.platform}`);
}
