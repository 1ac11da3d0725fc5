/**
 * Requests that ask to go on in another protocol. Node gives all of them to whoever listens for upgrades, and answers
 * none; but a client that offers HTTP/2 (`Upgrade: h2c`) wants its request answered in HTTP/1.1 where that is not to be
 * had (RFC 9110, 7.8).
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/** Headers of the hop that offered. */
const HOP = new Set(['connection', 'upgrade', 'http2-settings']);

/** Whether a request asks for a WebSocket. */
export function asksForSocket(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * Has a request answered as if it had offered nothing: its head is put back before what follows, without the offer, and
 * read again.
 * @param head what has been read beyond the headers
 */
export function answerInPlace(
  server: Server<typeof IncomingMessage, typeof ServerResponse>,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i] ?? '';
    if (!HOP.has(name.toLowerCase())) lines.push(`${name}: ${request.rawHeaders[i + 1]}`);
  }
  // One answer: what such a client sends next may be anything.
  lines.push('Connection: close');
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  // What comes decrypted is not decrypted again.
  server.emit(socket instanceof TLSSocket ? 'secureConnection' : 'connection', socket);
}
