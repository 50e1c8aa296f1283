import { inspect } from 'node:util';
import { HeapFullError, ProcessError, QueueClosedError, TimeoutError } from '../base/errors.js';
import { checkWait } from '../base/options.js';
import { whenReady, whenReadySync } from '../base/readiness.js';
import { optionalInteger } from '../base/validate.js';
import { Kind } from '../heap/outcome.js';
import { agent, exchange } from '../heap/program.js';
import { registerSharedObject, SharedObject } from '../heap/shared-object.js';
import type { WaitOptions } from '../sync/waiting.js';
import { copyOfBytes, type Bytes } from './bytes.js';
import { END, get, getSync, peek, peekSync, put, putSync, refused, type Refusal } from './messages.js';
import { QueueEnds } from './queue-ends.js';

/**
 * An end of a pipe: `multiprocessing.connection.Connection`. Made by {@link Pipe}.
 *
 * An end is there as long as any thread has an open handle on it. Once it is gone, its peer still receives what was sent,
 * then the end of the file, and can send no more. A thread that dies gives its handles back. Whoever passes an end on and
 * does not use it should close its own handle, as with Python: else the peer never sees the end.
 */
export class Connection<S = unknown, R = S> extends SharedObject implements Disposable, AsyncDisposable {
  /** The queues from which it receives and to which it sends; undefined: not in this direction. */
  readonly #outgoing: QueueEnds | undefined;
  #incoming: QueueEnds | undefined;
  #closed = false;
  /** Ends what waits on this handle. Made when first something does. */
  #closing: AbortController | undefined;

  /** @internal */
  constructor() {
    super(() => {
      throw new TypeError('A Connection is made by Pipe()');
    });
    agent.connectionQueues(SharedObject.offsetOf(this));
    const [incoming = 0, outgoing = 0] = exchange.control;
    this.#incoming = incoming === 0 ? undefined : new QueueEnds(incoming);
    this.#outgoing = outgoing === 0 ? undefined : new QueueEnds(outgoing);
  }

  /**
   * Sends a copy of a value. It is encoded at once.
   * @throws {SerializationError} when something in it cannot be copied; nothing was sent then
   * @throws {QueueClosedError} broken pipe: the other end is gone; or this handle was closed
   * @throws {ProcessError} when this end only receives
   * @throws {HeapFullError} when there is no shared memory left
   */
  async send(value: S): Promise<void> {
    return put(this, this.#toSend(), value);
  }

  /** As {@link send}. It does not wait either. */
  sendSync(value: S): void {
    putSync(this, this.#toSend(), value);
  }

  /**
   * Receives the next value, waiting for it without blocking the event loop.
   * @throws {QueueClosedError} end of file: the other end is gone and nothing is left; or this handle was closed
   * @throws {TimeoutError} when `timeout` has passed first
   * @throws {ProcessError} when this end only sends
   * @throws `signal.reason` when it is aborted
   */
  async recv(options?: WaitOptions): Promise<R> {
    return (await this.#receive(options, false)) as R;
  }

  /** As {@link recv}, blocking the thread. */
  recvSync(options?: WaitOptions): R {
    return getSync(this, this.#toReceive(), options) as R;
  }

  /**
   * Whether there is something to receive; the end of the file counts as well.
   * @param options `timeout`: how long to wait for it, in ms; default 0, Infinity: without end
   * @throws {QueueClosedError | ProcessError} when this handle was closed, or only sends
   */
  async poll(options?: WaitOptions): Promise<boolean> {
    return peek(this, this.#toReceive(), this.#limits(pollOptions(options)));
  }

  /** As {@link poll}, blocking the thread. */
  pollSync(options?: WaitOptions): boolean {
    return peekSync(this, this.#toReceive(), pollOptions(options));
  }

  /**
   * Sends bytes as one message: those of a buffer or view, from `offset` on, `size` of them.
   * @throws {RangeError} beyond the end of the buffer; and whatever {@link send} throws
   */
  async sendBytes(bytes: Bytes, offset?: number, size?: number): Promise<void> {
    return put(this, this.#toSend(), copyOfBytes(bytes, offset, size));
  }

  /** As {@link sendBytes}. */
  sendBytesSync(bytes: Bytes, offset?: number, size?: number): void {
    putSync(this, this.#toSend(), copyOfBytes(bytes, offset, size));
  }

  /**
   * Receives a message of bytes: a Buffer if one was sent, else a Uint8Array.
   * @param maxLength if the message is longer, it is lost, and this handle receives no more
   * @throws {ProcessError} for a longer message, or one that is not bytes; and whatever {@link recv} throws
   */
  async recvBytes(maxLength?: number, options?: WaitOptions): Promise<Uint8Array> {
    optionalInteger('maxLength', maxLength, 0);
    return this.#checkedBytes(await this.#receive(options, false), maxLength);
  }

  /** As {@link recvBytes}, blocking the thread. */
  recvBytesSync(maxLength?: number, options?: WaitOptions): Uint8Array {
    optionalInteger('maxLength', maxLength, 0);
    return this.#checkedBytes(getSync(this, this.#toReceive(), options), maxLength);
  }

  /**
   * Closes this handle; what waits on it ends with {@link QueueClosedError}. With the last handle, wherever it is, goes the
   * end of the pipe. Safe to repeat.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#closing?.abort(this.#closedError());
    SharedObject.release(this);
  }

  /** Whether this handle was closed. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Whether this handle can receive. */
  get readable(): boolean {
    return !this.#closed && this.#incoming !== undefined;
  }

  /** Whether this handle can send. */
  get writable(): boolean {
    return !this.#closed && this.#outgoing !== undefined;
  }

  /** Receives until the end of the file. Leaving the loop leaves the connection open. */
  async *[Symbol.asyncIterator](): AsyncGenerator<R, void, void> {
    for (;;) {
      const value = await this.#receive(undefined, true);
      if (value === END) return;
      yield value as R;
    }
  }

  /** As {@link close}, at the end of a scope of `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** As {@link close}, at the end of a scope of `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  /** @internal */
  async [whenReady](options: WaitOptions): Promise<boolean> {
    return peek(this, this.#toReceive(), this.#limits(options));
  }

  /** @internal */
  [whenReadySync](options: WaitOptions): boolean {
    return peekSync(this, this.#toReceive(), options);
  }

  /** @internal */
  [refused](refusal: Refusal, timeout: number | undefined): Error {
    switch (refusal) {
      case 'full':
        return new HeapFullError('No shared memory left for value');
      case 'empty':
        return new TimeoutError(`Nothing was received within ${timeout ?? 0} ms`);
      case 'closed':
        return new QueueClosedError('broken pipe: the other end is closed');
      case 'drained':
        return new QueueClosedError('end of file: the other end is closed');
    }
  }

  [inspect.custom](): string {
    if (this.#closed) return `${this.constructor.name} { closed }`;
    const ways = [this.readable ? 'readable' : '', this.writable ? 'writable' : ''].filter((way) => way !== '');
    return `${this.constructor.name} { ${ways.join(', ')} }`;
  }

  #receive(options: WaitOptions | undefined, end: boolean): Promise<unknown> {
    return get(this, this.#toReceive(), this.#limits(options), end);
  }

  /** A wait is ended by the end of this handle as well. */
  #limits(options: WaitOptions | undefined): WaitOptions {
    const { timeout, signal } = checkWait(options);
    const closing = (this.#closing ??= new AbortController()).signal;
    return { timeout, signal: signal === undefined ? closing : AbortSignal.any([signal, closing]) };
  }

  #toSend(): QueueEnds {
    if (this.#closed) throw this.#closedError();
    if (this.#outgoing === undefined) throw new ProcessError('This connection cannot send: it only receives');
    return this.#outgoing;
  }

  #toReceive(): QueueEnds {
    if (this.#closed) throw this.#closedError();
    if (this.#incoming === undefined) throw new ProcessError('This connection cannot receive: it only sends');
    return this.#incoming;
  }

  #closedError(): QueueClosedError {
    return new QueueClosedError('This connection is closed');
  }

  #checkedBytes(message: unknown, maxLength: number | undefined): Uint8Array {
    if (!(message instanceof Uint8Array)) {
      throw new ProcessError('The message is not bytes: what was sent by send() is received by recv()');
    }
    if (maxLength !== undefined && message.length > maxLength) {
      // As in Python: who receives bytes that nobody expects has lost the thread.
      if (this.#outgoing === undefined) this.close();
      else this.#incoming = undefined;
      throw new ProcessError(`The message has ${message.length} bytes, more than maxLength, ${maxLength}`);
    }
    return message;
  }
}

/** As in Python, the default is not to wait. */
function pollOptions(options: WaitOptions | undefined): WaitOptions {
  const { timeout, signal } = checkWait(options);
  return { timeout: options?.timeout === undefined ? 0 : timeout, signal };
}

registerSharedObject('Connection', Kind.connection, Connection, () => new Connection());
