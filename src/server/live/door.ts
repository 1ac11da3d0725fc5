/**
 * Who may knock: the page's own origin, and without a secret nobody but this machine.
 */
import type { IncomingMessage } from 'node:http';

const LOOPBACK_ADDRESSES = /^(127\.|::1$|::ffff:127\.)/;
const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

function hostName(host: string | undefined): string {
  return (host ?? '').replace(/:\d+$/, '').toLowerCase();
}

/** Whether an address is this machine's own. */
export function isLoopback(address: string): boolean {
  return LOOPBACK_ADDRESSES.test(address) || address === 'localhost';
}

/**
 * Whether a request comes from this very machine. A proxy's request does, too, as far as its address tells; it says so
 * in its headers, or asks for another name than the loopback's. The name also keeps pages out that point a name of
 * their own at 127.0.0.1.
 */
export function fromThisMachine(request: IncomingMessage): boolean {
  const { headers, socket } = request;
  if (headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined) return false;
  return isLoopback(socket.remoteAddress ?? '') && LOOPBACK_HOSTS.has(hostName(headers.host));
}

/**
 * Whether the page that asks may. Programs that are no browsers send no origin; a token is asked of them all the same.
 * @param allowed origins beside the server's own, such as `https://fleet.example`
 */
export function originAllowed(request: IncomingMessage, allowed: readonly string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase();
}
