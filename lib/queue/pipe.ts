import { HeapFullError } from '../base/errors.js';
import { namesOf, requireKnown } from '../base/options.js';
import { shown } from '../base/validate.js';
import { Kind } from '../heap/outcome.js';
import { agent, exchange, join } from '../heap/program.js';
import { attach } from '../heap/shared-object.js';
import { Connection } from './connection.js';

/** What the ends of a pipe can do. */
export interface PipeOptions {
  /** Whether both ends send and receive. Default true; else the first one only receives, and the second one only sends. */
  readonly duplex?: boolean | undefined;
}

const OPTIONS = namesOf<PipeOptions>({ duplex: true });

/**
 * Two connected ends: `multiprocessing.Pipe`. What one sends the other receives, in its order; nothing is sent to itself.
 * @throws {TypeError} for a bad option
 * @throws {HeapFullError} when there is no shared memory left
 *
 * @example
 * const [here, there] = Pipe<string, number>();
 * new Process({ target: (c: typeof there) => c.sendSync(c.recvSync().length), args: [there] }).start();
 * await here.send('four');
 * await here.recv(); // 4
 */
export function Pipe<A = unknown, B = A>(options: PipeOptions = {}): [Connection<A, B>, Connection<B, A>] {
  requireKnown(options, OPTIONS);
  const { duplex = true } = options;
  if (typeof duplex !== 'boolean') throw new TypeError(`duplex must be a boolean, got ${shown(duplex)}`);
  if (join().createPipe(duplex ? 1 : 0, 0) === 0) throw new HeapFullError('No shared memory left for a Pipe');
  const [a = 0, b = 0] = exchange.control;
  return [handleOn<A, B>(a), handleOn<B, A>(b)];
}

/** A handle on an end that is ours already: it takes another reference. */
function handleOn<S, R>(end: number): Connection<S, R> {
  const connection = attach(() => new Connection<S, R>(), end, Kind.connection, 'Connection');
  agent.releaseObject(end);
  return connection;
}
