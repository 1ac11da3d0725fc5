/** Who asks for what only some may have: the owner of the server by its secret, a guest by a token, or nobody known. */
import type { FastifyRequest } from 'fastify';
import { RateLimit } from './rate-limit.ts';
import { Refused } from './refused.ts';
import type { Grant, Tokens } from './tokens.ts';

/** Wrong secrets per second and at once, from everybody together: many addresses are no way to try more. */
const FAILURE_RATE = 1;
const FAILURE_BURST = 30;

/** Who asks. */
export type Asker = 'owner' | 'nobody' | 'too-many' | Grant;

/** What follows `Bearer`; null without it. */
export function bearerOf(request: FastifyRequest): string | null {
  return /^Bearer (\S{1,2048})$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

/** Tells who asks. */
export class Authority {
  readonly #failures = new RateLimit(FAILURE_RATE, FAILURE_BURST);

  constructor(private readonly tokens: Tokens) {}

  /** The secret and good tokens are looked at before any bound: no stranger can shut the owner out by failing often. */
  async askerOf(request: FastifyRequest): Promise<Asker> {
    const bearer = bearerOf(request);
    if (bearer !== null) {
      if (this.tokens.isSecret(bearer)) return 'owner';
      try {
        return await this.tokens.read(bearer);
      } catch (thrown) {
        if (!(thrown instanceof Refused)) throw thrown;
      }
      if (!this.#failures.take('')) return 'too-many';
    }
    return 'nobody';
  }
}

/** The status for whoever may not; null for a known asker. */
export function refusalOf(asker: Asker): 401 | 429 | null {
  return asker === 'nobody' ? 401 : asker === 'too-many' ? 429 : null;
}
