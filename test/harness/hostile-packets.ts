/**
 * Packets as nobody honest sends them: whole enough to be read, and wrong in one place or another. By a seed, so that
 * what ended something can be sent again.
 */
import { createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Largest packet that comes to a parser. */
const PACKET_MAX = 2048;

/** Chance by a seed (splitmix32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** At least 0, less than 1. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let mixed = this.#state ^ (this.#state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  }

  /** A whole number below another. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** Bytes of which many are at either end of what a byte holds. */
  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (let i = 0; i < length; i++) bytes[i] = this.of([0, 0xff, 0x80, 1, this.below(256), this.below(256)]);
    return bytes;
  }

  /** Cuts a packet off, or changes a byte, now and then. */
  spoil(packet: Buffer): Buffer {
    if (packet.length > 0 && this.chance(0.05)) packet[this.below(packet.length)] = this.below(256);
    const length = this.chance(0.05) ? this.below(packet.length + 1) : packet.length;
    return packet.subarray(0, Math.min(length, PACKET_MAX));
  }
}

/** A picture or a sound that a packet pretends to be of. */
export interface Pretence {
  readonly payloadType: number;
  readonly ssrc: number;
  /** What sends lost packets again. */
  readonly again?: { readonly payloadType: number; readonly ssrc: number };
  /** First bytes of a payload that mean something to who reads it. */
  readonly starts: readonly number[];
}

/** Makes packets of RTP (RFC 3550, 5.1) with header extensions of either form (RFC 8285). */
export class HostileRtp {
  readonly #sequences = new Map<number, number>();

  /** @param extensions numbers that were agreed on */
  constructor(
    private readonly dice: Dice,
    private readonly extensions: readonly number[],
  ) {}

  next(of: Pretence): Buffer {
    const { dice } = this;
    const again = dice.chance(0.25) ? of.again : undefined;
    const { payloadType, ssrc } = dice.chance(0.03)
      ? { payloadType: dice.below(128), ssrc: dice.below(2 ** 32) }
      : (again ?? of);
    const sequence = (this.#sequences.get(ssrc) ?? 0) + dice.of([1, 1, 1, 1, 2, 0, -1, 30]);
    this.#sequences.set(ssrc, dice.chance(0.02) ? dice.below(65_536) : sequence);
    const extension = dice.chance(0.6) ? this.#extension() : Buffer.alloc(0);
    const sources = dice.chance(0.05) ? dice.below(16) : 0;
    const padded = dice.chance(0.1);
    const head = Buffer.alloc(12);
    head[0] = 0x80 | (padded ? 0x20 : 0) | (extension.length > 0 ? 0x10 : 0) | sources;
    head[1] = (dice.chance(0.3) ? 0x80 : 0) | payloadType;
    head.writeUInt16BE(sequence & 0xffff, 2);
    head.writeUInt32BE((sequence * 3000) >>> 0, 4);
    head.writeUInt32BE(ssrc, 8);
    const payload = dice.bytes(dice.of([0, 1, 2, 3, 4, 5, 8, 16, 50, 200, 1100]));
    if (payload.length > 0 && of.starts.length > 0 && dice.chance(0.7)) payload[0] = dice.of(of.starts);
    if (again && payload.length > 1) payload.writeUInt16BE(sequence & 0xffff);
    const { length } = payload;
    if (padded && length > 0) payload[length - 1] = dice.of([0, 1, 255, length & 255, (length + 12) & 255]);
    return dice.spoil(Buffer.concat([head, Buffer.alloc(sources * 4), extension, payload]));
  }

  #extension(): Buffer {
    const { dice } = this;
    const twoBytes = dice.chance(0.4);
    const entries = Array.from({ length: dice.below(6) }, () => {
      const id = dice.chance(0.9) ? dice.of(this.extensions) : dice.below(256);
      const length = dice.of([0, 1, 2, 3, 8, 16, dice.below(40)]);
      const told = twoBytes ? [id, length] : [((id & 15) << 4) | Math.max(0, Math.min(15, length - 1))];
      return Buffer.concat([Buffer.from(told), dice.bytes(dice.chance(0.9) ? length : dice.below(20))]);
    });
    const body = padTo4(Buffer.concat(entries));
    const head = Buffer.alloc(4);
    head.writeUInt16BE(twoBytes ? 0x1000 | dice.below(16) : 0xbede);
    head.writeUInt16BE(dice.chance(0.95) ? body.length / 4 : dice.below(1000), 2);
    return Buffer.concat([head, body]);
  }
}

/** Packets of RTCP in one datagram (RFC 3550, 6.1), of every type there is. */
export function hostileRtcp(dice: Dice, ssrcs: readonly number[]): Buffer {
  const ssrc = () => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(dice.chance(0.8) ? dice.of(ssrcs) : dice.below(2 ** 32));
    return bytes;
  };
  const body = (type: number, count: number): Buffer => {
    const words = dice.of([0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 20, dice.below(120)]);
    // Feedback of the receiver's estimate, and of each packet's arrival.
    if (type === 206 && count === 15) {
      const list = Array.from({ length: dice.below(5) }, ssrc);
      return Buffer.concat([ssrc(), ssrc(), Buffer.from('REMB'), dice.bytes(4), ...list]);
    }
    if (type === 205 && count === 15) {
      const arrivals = dice.bytes(8 + 4 * words);
      arrivals.writeUInt16BE(dice.of([0, 1, 2, 7, 14, 15, 100, 65_535]), 2);
      return Buffer.concat([ssrc(), ssrc(), arrivals]);
    }
    if (type === 207) {
      const blocks = Array.from({ length: dice.below(4) }, () => {
        const head = Buffer.from([dice.of([4, 5, dice.below(8)]), 0, 0, 0]);
        const length = dice.of([0, 1, 2, 3, 6]);
        head.writeUInt16BE(dice.chance(0.8) ? length : dice.below(65_536), 2);
        return Buffer.concat([head, dice.bytes(length * 4)]);
      });
      return Buffer.concat([ssrc(), ...blocks]);
    }
    if (type === 202) {
      const chunks = Array.from({ length: dice.below(4) }, () => {
        const length = dice.below(20);
        const item = [dice.of([0, 1, 2, 8, dice.below(256)]), dice.chance(0.8) ? length : dice.below(256)];
        return Buffer.concat([ssrc(), Buffer.from(item), dice.bytes(length), Buffer.alloc(dice.below(4))]);
      });
      return Buffer.concat(chunks);
    }
    return Buffer.concat([ssrc(), ...(dice.chance(0.8) ? [ssrc()] : []), dice.bytes(words * 4)]);
  };
  const packets = Array.from({ length: 1 + dice.below(4) }, () => {
    const type = dice.of([200, 201, 202, 203, 204, 205, 206, 207, 192 + dice.below(32)]);
    const count = dice.of([0, 1, 2, 3, 4, 5, 8, 15, dice.below(32)]);
    const content = padTo4(body(type, count));
    const head = Buffer.from([0x80 | (dice.chance(0.05) ? 0x20 : 0) | count, type, 0, 0]);
    head.writeUInt16BE(dice.chance(0.9) ? content.length / 4 : dice.of([0, 1, 65_535, dice.below(200)]), 2);
    return Buffer.concat([head, content]);
  });
  return dice.spoil(Buffer.concat(packets));
}

/** What a candidate is known by. */
export interface IceKeys {
  readonly usernameFragment: string;
  readonly password: string;
}

/**
 * A question of STUN (RFC 8489) that a server answers.
 * @param more attributes before its seal
 */
export function stunRequest({ usernameFragment, password }: IceKeys, more: readonly Buffer[] = []): Buffer {
  const priority = Buffer.from([0x6e, 0x7f, 0x1e, 0xff]);
  const controlling = Buffer.alloc(8, 1);
  const attributes = [
    stunAttribute(0x0006, Buffer.from(`${usernameFragment}:them`)),
    stunAttribute(0x0024, priority),
    stunAttribute(0x802a, controlling),
    stunAttribute(0x0025, Buffer.alloc(0)),
    ...more,
  ];
  const body = Buffer.concat(attributes);
  const head = Buffer.alloc(20, 7);
  head.writeUInt16BE(0x0001);
  head.writeUInt32BE(0x2112a442, 4);
  // Each of the two seals counts itself as a part of the packet, and what comes later not.
  head.writeUInt16BE(body.length + 24, 2);
  const seal = createHmac('sha1', password)
    .update(Buffer.concat([head, body]))
    .digest();
  head.writeUInt16BE(body.length + 32, 2);
  const sealed = Buffer.concat([head, body, stunAttribute(0x0008, seal)]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE((crc32(sealed) ^ 0x5354554e) >>> 0);
  return Buffer.concat([sealed, stunAttribute(0x8028, sum)]);
}

/** The same with attributes that lie of their length, twice over or of no kind. */
export function hostileStun(dice: Dice, keys: IceKeys): Buffer {
  const more = Array.from({ length: dice.below(6) }, () => {
    const kinds = [0x0001, 0x0006, 0x0008, 0x0009, 0x0014, 0x0015, 0x0020, 0x0024, 0x0025, 0x8028, 0x8029];
    const type = dice.of([...kinds, 0x802a, 0xc057, dice.below(65_536)]);
    const value = dice.bytes(dice.of([0, 1, 3, 4, 8, 20, dice.below(100)]));
    return stunAttribute(type, value, dice.chance(0.2) ? dice.below(65_536) : value.length);
  });
  const packet = stunRequest(keys, more);
  if (dice.chance(0.1)) packet.writeUInt16BE(dice.of([0x0011, 0x0101, 0x0111, 0x0003, dice.below(0x4000)]));
  if (dice.chance(0.1)) packet.writeUInt16BE(dice.below(65_536), 2);
  return dice.spoil(packet);
}

/** Records of DTLS (RFC 6347), most of them pieces of a handshake that do not fit together. */
export function hostileDtls(dice: Dice): Buffer {
  const records = Array.from({ length: 1 + dice.below(4) }, () => {
    const handshake = dice.chance(0.8);
    const piece = dice.bytes(dice.of([0, 1, 11, 12, 40, 200, dice.below(400)]));
    const head = Buffer.alloc(12);
    head[0] = dice.of([1, 1, 1, 2, 11, 12, 16, 20, dice.below(256)]);
    const [length, at] = [dice.of([piece.length, 0, 0xffffff, 70_000]), dice.of([0, 0, 1, 0xfffffe])];
    head.writeUIntBE(length, 1, 3);
    head.writeUInt16BE(dice.of([0, 1, 65_535]), 4);
    head.writeUIntBE(at, 6, 3);
    head.writeUIntBE(dice.of([piece.length, 0, 0xffffff]), 9, 3);
    const body = handshake ? Buffer.concat([head, piece]) : piece;
    const record = Buffer.alloc(13);
    record[0] = handshake ? 22 : dice.of([20, 21, 23, 24, 25, dice.below(64)]);
    record.writeUInt16BE(dice.of([0xfefd, 0xfeff, 0x0100, dice.below(65_536)]), 1);
    record.writeUInt16BE(dice.of([0, 0, 1, 65_535]), 3);
    record.writeUInt16BE(dice.chance(0.9) ? body.length : dice.below(65_536), 11);
    return Buffer.concat([record, body]);
  });
  return dice.spoil(Buffer.concat(records));
}

function stunAttribute(type: number, value: Buffer, told = value.length): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type);
  head.writeUInt16BE(told, 2);
  return padTo4(Buffer.concat([head, value]));
}

function padTo4(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
