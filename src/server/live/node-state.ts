/** What a process tells of itself in the directory, sealed: signed with the common secret, and of this minute. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { vehicle } from '../../live/protocol.ts';

/** Seconds for which a seal is good: the clocks of two hosts differ. */
const FRESH = 60;

/** Largest entry that is read, in characters: a hundred full rooms fit in. */
export const ENTRY_MAX = 2_000_000;

const state = z.object({
  node: z.object({ id: z.string().max(64), url: z.url({ protocol: /^https?$/ }) }),
  rooms: z.record(z.string().max(64), z.array(vehicle).max(1000)),
  revoked: z.array(z.object({ id: z.string().max(64), until: z.number() })).max(10_000),
});

/** All that comes in at a process. */
export type NodeState = z.output<typeof state>;

const sealed = z.object({ body: z.string(), mac: z.string() });
const body = z.object({ at: z.number(), state });

/** Seals and opens. */
export class Seal {
  readonly #key: Buffer;

  /** @param secret that the processes share */
  constructor(
    secret: string,
    private readonly now: () => number = () => Date.now() / 1000,
  ) {
    this.#key = createHash('sha256').update(`carriageway-directory\0${secret}`).digest();
  }

  close(of: NodeState): string {
    const text = JSON.stringify({ at: this.now(), state: of });
    return JSON.stringify({ body: text, mac: this.#mac(text).toString('base64url') });
  }

  /** Null for what is not of our secret, not of this minute, or no state at all. */
  open(text: string): NodeState | null {
    if (text.length > ENTRY_MAX) return null;
    try {
      const { body: inner, mac } = sealed.parse(JSON.parse(text));
      const [told, right] = [Buffer.from(mac, 'base64url'), this.#mac(inner)];
      if (told.length !== right.length || !timingSafeEqual(told, right)) return null;
      const read = body.parse(JSON.parse(inner));
      return Math.abs(this.now() - read.at) <= FRESH ? read.state : null;
    } catch {
      return null;
    }
  }

  #mac(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }
}
