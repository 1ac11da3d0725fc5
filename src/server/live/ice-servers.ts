/**
 * STUN and TURN servers that clients are told of, for networks that let nothing else through. Where coturn and this
 * server share a secret (`use-auth-secret`, as in draft-uberti-behave-turn-rest-00), each client gets credentials of its
 * own that end.
 */
import { createHmac } from 'node:crypto';
import type { IceServer } from '../../live/protocol.ts';

/** What may be used of a TURN server. */
export type TurnCredentials =
  | { readonly kind: 'shared'; readonly secret: string }
  | { readonly kind: 'static'; readonly username: string; readonly password: string };

/** Seconds for which credentials last: longer than a drive, shorter than a token may. */
const LASTS = 12 * 3600;

/** Whether an address is one of STUN or TURN (RFC 7064, RFC 7065). */
export function isIceAddress(text: string): boolean {
  return /^(stuns?:[A-Za-z0-9.:[\]-]{1,253}|turns?:[A-Za-z0-9.:[\]-]{1,253}(\?transport=(udp|tcp))?)$/.test(
    text,
  );
}

/** Whether it relays. */
export function isTurn(address: string): boolean {
  return address.startsWith('turn');
}

/** Knows the servers. */
export class IceServers {
  /** @param now seconds since 1970 */
  constructor(
    private readonly addresses: readonly string[],
    private readonly credentials: TurnCredentials | null,
    private readonly now: () => number = () => Math.floor(Date.now() / 1000),
  ) {}

  /**
   * What one client is told.
   * @param client its name in the relay's log
   * @param expires end of its token, in seconds since 1970: the relay is of no use to it after that
   */
  for(client: string, expires: number): IceServer[] {
    const plain = this.addresses.filter((address) => !isTurn(address));
    const relays = this.addresses.filter(isTurn);
    return [
      ...(plain.length > 0 ? [{ urls: plain }] : []),
      ...(relays.length > 0 && this.credentials
        ? [{ urls: relays, ...this.#credentialsOf(this.credentials, client, expires) }]
        : []),
    ];
  }

  #credentialsOf(of: TurnCredentials, client: string, expires: number) {
    if (of.kind === 'static') return { username: of.username, credential: of.password };
    const username = `${Math.min(Math.floor(expires), this.now() + LASTS)}:${client}`;
    return { username, credential: createHmac('sha1', of.secret).update(username).digest('base64') };
  }
}
