/**
 * A link between a sender and a server on the same machine: what comes within a while goes on together. A sender that
 * encrypts takes its time before each datagram, and a server on another core falls asleep and wakes in each pause; over
 * a link, pauses are the link's and the same for all.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Milliseconds of a while: some datagrams of each sender, and less than a picture. */
const WHILE = 10;

/** Where it begins. */
export interface Link extends Disposable {
  readonly port: number;
}

/** Lays a link to a port of the same machine. */
export async function layLink(address: string, port: number): Promise<Link> {
  const socket = createSocket('udp4');
  let waiting: Buffer[] = [];
  socket.on('message', (datagram, from) => {
    // The server's own answers end here: ffmpeg heeds none.
    if (from.port !== port) waiting.push(datagram);
  });
  socket.bind(0, address);
  await once(socket, 'listening');
  socket.setRecvBufferSize(4 << 20);
  const timer = setInterval(() => {
    const going = waiting;
    waiting = [];
    for (const datagram of going) socket.send(datagram, port, address);
  }, WHILE);
  return {
    port: socket.address().port,
    [Symbol.dispose]() {
      clearInterval(timer);
      socket.close();
    },
  };
}
