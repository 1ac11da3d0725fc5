/** What the others in a room are told when the server closes a peer. */
import type { CLOSE_CODES, Leaving } from '../../live/protocol.ts';

export type { Leaving };

/** By the code that the peer itself is told. */
const BY_CODE: Readonly<Record<keyof typeof CLOSE_CODES, Leaving>> = {
  again: 'again',
  malformed: 'too-fast',
  tooFast: 'too-fast',
  unauthorised: 'expired',
  replaced: 'lost',
  full: 'removed',
  expired: 'expired',
  removed: 'removed',
};

/** Why a peer's vehicles leave. @param code null where it is not told any */
export function leavingBy(code: keyof typeof CLOSE_CODES | null): Leaving {
  return code === null ? 'left' : BY_CODE[code];
}
