/** The messages that go from one worker to another, and how their arrival is checked. */

export type MessageKind = 'number' | 'object' | 'buffer';

export interface StreamJob {
  readonly kind: MessageKind;
  /** Messages of one round. */
  readonly count: number;
  /** The next round starts when the last message of the one before has arrived. */
  readonly rounds: number;
}

export interface Messages {
  make(i: number): unknown;
  /** Whether this is the i-th message. */
  check(message: unknown, i: number): boolean;
}

export const bufferBytes = 64 << 20;

function buffers(): Messages {
  // One buffer for all: it is copied on its way.
  const bytes = new Uint8Array(bufferBytes).fill(1);
  return {
    make(i) {
      bytes[0] = bytes[bufferBytes - 1] = i + 2;
      return bytes.buffer;
    },
    check(message, i) {
      const arrived = new Uint8Array(message as ArrayBuffer);
      return arrived.length === bufferBytes && arrived[0] === i + 2 && arrived[bufferBytes - 1] === i + 2;
    },
  };
}

export function messagesOf(kind: MessageKind): Messages {
  switch (kind) {
    case 'number':
      return { make: (i) => i, check: (message, i) => message === i };
    case 'object':
      return {
        make: (i) => ({ id: i, name: 'an item', done: false }),
        check: (message, i) => (message as { id: number }).id === i,
      };
    case 'buffer':
      return buffers();
  }
}

/** Seconds on a clock that all threads of the machine share. */
export function clock(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}

/** Seconds of each round, from the times at which one side began to send and the other had received all. */
export function roundsOf(began: readonly number[], ended: readonly number[]): number[] {
  return ended.map((end, round) => end - began[round]!);
}
