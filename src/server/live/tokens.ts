/**
 * Tokens of rooms: JSON Web Tokens (RFC 7519) signed with HMAC-SHA-256, one room and one role each. Nothing about a
 * token is kept but whether it was revoked: what it says is all there is, and it ends by itself.
 */
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { roomName, vehicleName } from '../../live/names.ts';
import { type Permission, permission, type Role, role } from '../../live/protocol.ts';
import { tokenHash } from '../log.ts';
import { Once } from './once.ts';
import { Refused } from './refused.ts';

/** Keeps these tokens apart from any other that the same secret may sign. */
const AUDIENCE = 'carriageway-live';

/** The same for tokens between server processes, and how long those last, in seconds. */
const NODE_AUDIENCE = 'carriageway-node';
const NODE_SECONDS = 30;

/** Clocks of two servers may differ by this much, in seconds. */
const CLOCK_TOLERANCE = 5;

const claims = z.object({
  room: roomName,
  role,
  may: z.array(permission).max(4).default([]),
  name: vehicleName.nullable().default(null),
  share: z.boolean().default(true),
  jti: z.string().min(1).max(64),
  exp: z.number(),
});

const nodeClaims = z.object({
  room: z.string(),
  vehicle: z.string(),
  from: z.string(),
  to: z.string(),
  jti: z.string().min(1).max(64),
  exp: z.number(),
});

/** What a token says. */
export interface Grant {
  readonly room: string;
  readonly role: Role;
  readonly may: readonly Permission[];
  /** What its holder is called; null lets it say so itself. */
  readonly name: string | null;
  /** Whether a viewer may share masks. */
  readonly share: boolean;
  /** Number of the token. */
  readonly id: string;
  /** When it ends, in seconds since 1970. */
  readonly expires: number;
  /** What stands for it in a log. */
  readonly hash: string;
}

/** What is to be issued. */
export type Wish = Pick<Grant, 'room' | 'role'> & Partial<Pick<Grant, 'may' | 'name' | 'share'>>;

/** What a process asks another for: one vehicle of one room, by one process of another. */
export interface NodeRequest {
  readonly room: string;
  readonly vehicle: string;
  readonly from: string;
  readonly to: string;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Signs and checks tokens. */
export class Tokens {
  readonly #key: Uint8Array;
  readonly #revoked = new Once();
  readonly #nodeTokens = new Once();

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
    { room, role, may = [], name = null, share = true }: Wish,
    seconds: number,
  ): Promise<{ token: string; expires: number; id: string }> {
    const expires = Math.floor(Date.now() / 1000) + seconds;
    const id = randomUUID();
    const token = await new SignJWT({ room, role, may, share, ...(name === null ? {} : { name }) })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(AUDIENCE)
      .setJti(id)
      .setIssuedAt()
      .setExpirationTime(expires)
      .sign(this.#key);
    return { token, expires, id };
  }

  /** A token by which a process of the same secret asks another for one vehicle; good once. */
  async issueForNode(request: NodeRequest): Promise<string> {
    return new SignJWT({ ...request })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(NODE_AUDIENCE)
      .setJti(randomUUID())
      .setExpirationTime(Math.floor(Date.now() / 1000) + NODE_SECONDS)
      .sign(this.#key);
  }

  /** Whether a token is a neighbour's, for exactly this, and shown for the first time. */
  async isNode(token: string, request: NodeRequest): Promise<boolean> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ['HS256'],
        audience: NODE_AUDIENCE,
        clockTolerance: CLOCK_TOLERANCE,
      });
      const { room, vehicle, from, to, jti, exp } = nodeClaims.parse(payload);
      if (room !== request.room || vehicle !== request.vehicle || from !== request.from || to !== request.to)
        return false;
      return this.#nodeTokens.add(jti, exp + CLOCK_TOLERANCE);
    } catch {
      return false;
    }
  }

  /** Lets a token open nothing any more. @param expires when it would end by itself, in seconds since 1970 */
  revoke(id: string, expires: number): void {
    this.#revoked.add(id, expires + CLOCK_TOLERANCE);
  }

  /** Whether a token was revoked. */
  isRevoked(id: string): boolean {
    return this.#revoked.has(id);
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
      const { exp, jti, ...rest } = claims.parse(payload);
      if (this.#revoked.has(jti)) throw new Refused('unauthorised');
      return { ...rest, id: jti, expires: exp, hash: tokenHash(token) };
    } catch (thrown) {
      throw new Refused(thrown instanceof errors.JWTExpired ? 'expired' : 'unauthorised');
    }
  }
}
