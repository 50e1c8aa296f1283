import { Socket, type ConnectOpts, type SocketConstructorOpts } from 'node:net';

/** What was rung says nothing, so every channel of this thread reads it to here. */
const ignored = new Uint8Array(64);

/**
 * The event loop's ear at an end of a channel, by which two processes ring for each other. Calls back at each ring, or
 * once for several. Read into memory of ours, a ring takes half as long as one that comes as `data` in a new buffer.
 */
export function channelSocket(end: number, onRing: () => void): Socket {
  const options: SocketConstructorOpts & ConnectOpts = {
    fd: end,
    onread: {
      buffer: ignored,
      callback() {
        onRing();
        return true;
      },
    },
  };
  const socket = new Socket(options);
  socket.on('error', () => {}); // the other process ended: that is told otherwise
  return socket;
}
