/** Where the media workers listen, and what clients are told of it. */
import { isIP } from 'node:net';
import type { types } from 'mediasoup';

/** Addresses of media. */
export interface Listen {
  /** The one listened on. */
  readonly address: string;
  /** Addresses and names that clients are told, the best first; none tells the one listened on. */
  readonly announced: readonly string[];
}

/**
 * ICE candidates as the worker tells them, which knows the first announced address only, and the same at each further
 * one, in that order of preference.
 */
export function candidatesAt(
  candidates: readonly types.IceCandidate[],
  announced: readonly string[],
): types.IceCandidate[] {
  const further = announced.slice(1).flatMap((address, i) =>
    candidates.map((candidate) => ({
      ...candidate,
      address,
      ip: address,
      foundation: `${candidate.foundation}-${isIP(address) || 'name'}-${i + 1}`,
      priority: candidate.priority - i - 1,
    })),
  );
  return [...candidates.map((candidate) => ({ ...candidate })), ...further];
}

/**
 * What it means for a person that workers could not begin to listen.
 * @param message of mediasoup's error
 * @param asked first port that was asked for; 0 for any
 */
export function listenProblem(message: string, { address }: Listen, asked: number): string {
  const [, port = String(asked)] = /port:(\d+)/.exec(message) ?? [];
  if (/address already in use|EADDRINUSE/.test(message))
    return `Media port ${port} is in use by another program; choose another with --media-port, or leave it out to take any free ones.`;
  if (/address not available|EADDRNOTAVAIL/.test(message))
    return `"${address}" is not an address of this machine; name one with --media-host.`;
  if (/permission denied|EACCES/.test(message))
    return `This user may not listen on media port ${port}; choose one above 1023 with --media-port.`;
  return message;
}
