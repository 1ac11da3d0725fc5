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
): Record<string, unknown>[] {
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
