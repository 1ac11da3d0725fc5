/** Which pages may knock. */
import type { IncomingMessage } from 'node:http';

const LOOPBACK_ADDRESSES = /^(127\.|::1$|::ffff:127\.)/;

/** Whether an address is this machine's own. */
export function isLoopback(address: string): boolean {
  return LOOPBACK_ADDRESSES.test(address) || address === 'localhost';
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
