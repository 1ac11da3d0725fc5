/** The other end of an association of SCTP (RFC 9260) over datagrams, which keeps to no rule once it stands. */
import type { Dice } from './hostile-packets';

/** Both ports, as WebRTC has them. */
const PORT = 5000;

/** Chunks by their numbers. */
const INIT = 1;
const INIT_ACK = 2;
const COOKIE_ECHO = 10;
const COOKIE_ACK = 11;

/** Data, beginnings, acknowledgements, heartbeats, errors, interleaved data, changes of streams, and what is given up. */
const CHUNKS = [0, 0, 0, 1, 2, 3, 3, 4, 5, 9, 10, 11, 64, 130, 130, 192, 194];

/** Abort and shutdown. */
const ENDINGS = [6, 7, 8, 14];

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0x82f63b78 : sum >>> 1;
  return sum;
});

function checksum(bytes: Buffer): number {
  let sum = ~0;
  for (const byte of bytes) sum = CRC[(sum ^ byte) & 255]! ^ (sum >>> 8);
  return ~sum >>> 0;
}

function chunk(type: number, flags: number, body: Buffer, told = 4 + body.length): Buffer {
  const head = Buffer.from([type, flags, 0, 0]);
  head.writeUInt16BE(told, 2);
  return Buffer.concat([head, body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
}

function packet(chunks: readonly Buffer[], tag: number): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(PORT);
  head.writeUInt16BE(PORT, 2);
  head.writeUInt32BE(tag, 4);
  const whole = Buffer.concat([head, ...chunks]);
  whole.writeUInt32LE(checksum(whole), 8);
  return whole;
}

/** Answers until the association stands, and sends nonsense from then on. */
export class HostileSctp {
  #tag = 0;
  #sent = 1;
  #stands = false;

  constructor(private readonly dice: Dice) {}

  /** Whether the other side believes in the association. */
  get stands(): boolean {
    return this.#stands;
  }

  /** Says who is there, so that the other side knows where to ask. */
  hello(): Buffer {
    return packet([chunk(4, 0, Buffer.alloc(4))], 0);
  }

  /** @returns what is answered; null where nothing is */
  answer(heard: Buffer): Buffer | null {
    const type = heard[12];
    if (type === INIT) {
      this.#tag = heard.readUInt32BE(16);
      const body = Buffer.alloc(16);
      body.writeUInt32BE(0x1234);
      body.writeUInt32BE(100_000, 4);
      body.writeUInt16BE(1024, 8);
      body.writeUInt16BE(1024, 10);
      body.writeUInt32BE(1, 12);
      // A cookie, and that what is late may be given up (RFC 3758).
      const cookie = Buffer.from([0, 7, 0, 8, 1, 2, 3, 4]);
      const forward = Buffer.from([0xc0, 0, 0, 4]);
      return packet([chunk(INIT_ACK, 0, Buffer.concat([body, cookie, forward]))], this.#tag);
    }
    if (type !== COOKIE_ECHO) return null;
    this.#stands = true;
    return packet([chunk(COOKIE_ACK, 0, Buffer.alloc(0))], this.#tag);
  }

  next(): Buffer {
    const { dice } = this;
    const chunks = Array.from({ length: 1 + dice.below(4) }, () => this.#chunk());
    return dice.spoil(packet(chunks, dice.chance(0.95) ? this.#tag : dice.below(2 ** 32)));
  }

  #chunk(): Buffer {
    const { dice } = this;
    // What ends the association ends the matter.
    const type = dice.chance(0.005) ? dice.of(ENDINGS) : dice.of([...CHUNKS, dice.below(256)]);
    const told = dice.chance(0.1) ? dice.of([0, 1, 2, 3, 4, 5, 65_535, dice.below(3000)]) : undefined;
    return chunk(type, dice.of([0, 1, 2, 3, 4, 7, dice.below(256)]), this.#body(type), told);
  }

  #body(type: number): Buffer {
    const { dice } = this;
    if (type === 0) {
      const head = Buffer.alloc(12);
      head.writeUInt32BE(dice.chance(0.7) ? this.#sent++ : dice.below(2 ** 32));
      head.writeUInt16BE(dice.of([0, 1, 2, 1023, 65_535]), 4);
      head.writeUInt16BE(dice.below(4), 6);
      head.writeUInt32BE(dice.of([50, 51, 53, 56, 57, 0, dice.below(2 ** 32)]), 8);
      return Buffer.concat([head, dice.bytes(dice.of([0, 1, 10, 100, 1000]))]);
    }
    if (type === 1 || type === 2) return Buffer.concat([dice.bytes(16), ...this.#parameters()]);
    if (type === 3) {
      const head = dice.bytes(12);
      head.writeUInt16BE(dice.of([0, 1, 2, 100, 65_535]), 8);
      head.writeUInt16BE(dice.of([0, 1, 65_535]), 10);
      return Buffer.concat([head, dice.bytes(4 * dice.below(6))]);
    }
    if (type === 130) return Buffer.concat(this.#parameters());
    return dice.bytes(dice.of([0, 4, 8, 12, 20, 4 + 4 * dice.below(20)]));
  }

  /** Of all that there are (RFC 9260, RFC 6525). */
  #parameters(): Buffer[] {
    const { dice } = this;
    return Array.from({ length: dice.below(4) }, () => {
      const kinds = [7, 8, 9, 13, 14, 15, 16, 17, 18, 0xc000, 0x8002, 0x8003, 0x8004, 0x8008];
      const value = dice.bytes(dice.of([0, 1, 2, 4, 8, 12, dice.below(40)]));
      const head = Buffer.alloc(4);
      head.writeUInt16BE(dice.of([...kinds, dice.below(65_536)]));
      head.writeUInt16BE(dice.chance(0.8) ? 4 + value.length : dice.below(65_536), 2);
      return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
    });
  }
}
