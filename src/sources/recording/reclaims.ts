/**
 * Browsers take decoders away from pages that have not used them for a while, or that others need more. Such a decoder
 * fails once and a new one works: this tells that failure from damage, and when to give up.
 */

/** Decoders lost in a row, without a single picture in between, after which there is no more trying. */
const TRIES_MAX = 3;

/** Counts the decoders that were taken away during one reading. */
export class Reclaims {
  #lost = 0;

  /** A picture came: whatever was lost before is made good. */
  progress(): void {
    this.#lost = 0;
  }

  /** Whether it is worth going on with a new decoder after this failure. */
  mend(thrown: unknown): boolean {
    return isReclaim(thrown) && ++this.#lost <= TRIES_MAX;
  }
}

/** WebCodecs ("codec reclamation") closes the decoder with this very error. */
function isReclaim(thrown: unknown): boolean {
  let cause: unknown = thrown;
  while (cause instanceof Error) {
    if (cause.name === 'QuotaExceededError') return true;
    cause = cause.cause;
  }
  return false;
}
