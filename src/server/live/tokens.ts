/**
 * Tokens of rooms: JSON Web Tokens (RFC 7519) signed with HMAC-SHA-256, one room and one role each. Nothing about a
 * token is kept: what it says is all there is, and it ends by itself.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { roomName } from '../../live/names.ts';
import { type Role, role } from '../../live/protocol.ts';
import { Refused } from './refused.ts';

/** Keeps these tokens apart from any other that the same secret may sign. */
const AUDIENCE = 'carriageway-live';

/** The same for tokens between server processes, and how long those last, in seconds. */
const NODE_AUDIENCE = 'carriageway-node';
const NODE_SECONDS = 30;

/** Clocks of two servers may differ by this much, in seconds. */
const CLOCK_TOLERANCE = 5;

const claims = z.object({ room: roomName, role, invites: z.boolean().default(false), exp: z.number() });

/** What a token says. */
export interface Grant {
  readonly room: string;
  readonly role: Role;
  /** Whether its holder may ask for tokens of the same room. */
  readonly invites: boolean;
  /** When it ends, in seconds since 1970. */
  readonly expires: number;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Signs and checks tokens. */
export class Tokens {
  readonly #key: Uint8Array;

  /** @param secret any text; long ones are safer */
  constructor(private readonly secret: string) {
    this.#key = digest(`${AUDIENCE}\0${secret}`);
  }

  /** Whether a text is the secret itself; takes the same time whatever is wrong with it. */
  isSecret(text: string): boolean {
    return timingSafeEqual(digest(text), digest(this.secret));
  }

  /** @param seconds how long it lasts */
  async issue(
    grant: Pick<Grant, 'room' | 'role' | 'invites'>,
    seconds: number,
  ): Promise<{ token: string; expires: number }> {
    const expires = Math.floor(Date.now() / 1000) + seconds;
    const token = await new SignJWT({ room: grant.room, role: grant.role, invites: grant.invites })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .setExpirationTime(expires)
      .sign(this.#key);
    return { token, expires };
  }

  /** A token by which a process of the same secret is known to its neighbours; good for one request. */
  async issueForNode(): Promise<string> {
    return new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(NODE_AUDIENCE)
      .setExpirationTime(Math.floor(Date.now() / 1000) + NODE_SECONDS)
      .sign(this.#key);
  }

  /** Whether a token is a neighbour's. */
  async isNode(token: string): Promise<boolean> {
    return jwtVerify(token, this.#key, {
      algorithms: ['HS256'],
      audience: NODE_AUDIENCE,
      clockTolerance: CLOCK_TOLERANCE,
    }).then(
      () => true,
      () => false,
    );
  }

  /**
   * Reads a token.
   * @throws Refused `expired` when it was good once, `unauthorised` for anything else
   */
  async read(token: string): Promise<Grant> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ['HS256'],
        audience: AUDIENCE,
        clockTolerance: CLOCK_TOLERANCE,
      });
      const { exp, ...rest } = claims.parse(payload);
      return { ...rest, expires: exp };
    } catch (thrown) {
      throw new Refused(thrown instanceof errors.JWTExpired ? 'expired' : 'unauthorised');
    }
  }
}
