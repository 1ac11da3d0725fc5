/** A request that is refused for a reason its sender may know; anything else that goes wrong is `failed`, and logged. */
import type { Refusal } from '../../live/protocol.ts';

/** Thrown by whatever handles a request. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly refusal: Refusal) {
    super(refusal);
  }
}
