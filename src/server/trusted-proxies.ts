/**
 * Who asks, when there may be a proxy in front: its `X-Forwarded-For` is believed, and nobody else's. Each proxy appends
 * the address it was asked from, so the list is read from its end up to the first address that is no proxy of ours.
 */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** IPv4 in IPv6's clothes, as a socket that listens on both tells it. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

function kindOf(address: string): 'ipv4' | 'ipv6' | null {
  const version = isIP(address);
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : null;
}

/** The first entry that is neither an address nor a range; null when all are. */
export function problemOfProxies(list: readonly string[]): string | null {
  return list.find((each) => !parsed(each)) ?? null;
}

function parsed(entry: string): { address: string; kind: 'ipv4' | 'ipv6'; bits: number } | null {
  const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const kind = kindOf(address);
  if (!kind) return null;
  const most = kind === 'ipv4' ? 32 : 128;
  const bits = length === undefined ? most : Number(length);
  return bits <= most ? { address, kind, bits } : null;
}

/** Knows the proxies. */
export class TrustedProxies {
  readonly #list = new BlockList();

  /** @param entries addresses and ranges (CIDR); what is neither is left out */
  constructor(entries: readonly string[] = []) {
    for (const entry of entries) {
      const range = parsed(entry);
      if (range) this.#list.addSubnet(range.address, range.bits, range.kind);
    }
  }

  /** Address from which a request comes, as far as it can be known. */
  addressOf(request: IncomingMessage): string {
    let address = plain(request.socket.remoteAddress ?? '');
    const header = request.headers['x-forwarded-for'];
    const hops = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',');
    for (const hop of hops.reverse()) {
      if (!this.#trusts(address)) break;
      const next = plain(hop.trim());
      // A proxy that writes nonsense is asked no further.
      if (kindOf(next) === null) break;
      address = next;
    }
    return address;
  }

  #trusts(address: string): boolean {
    const kind = kindOf(address);
    return kind !== null && this.#list.check(address, kind);
  }
}
