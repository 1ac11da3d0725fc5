/**
 * RTSP (RFC 2326) as it goes through a connection: requests, answers, and packets between them. What is read is written
 * anew from what was understood, so that nobody behind it can understand another thing.
 */

/** Most bytes of a message before its body, and of the body: a description of a camera has one or two thousand. */
const HEAD_MAX = 16 * 1024;
const BODY_MAX = 64 * 1024;

/** First byte of a packet in between, and the bytes before its content (RFC 2326, 10.12). */
const DOLLAR = 0x24;
const PACKET_HEAD = 4;

/** A request or an answer. */
export interface RtspMessage {
  /** Its first line. */
  readonly start: string;
  /** By lower-case name; of two of one name the first. */
  readonly headers: ReadonlyMap<string, string>;
  /** Every challenge of an answer with 401, in order. */
  readonly challenges: readonly string[];
  readonly body: Buffer;
}

/** What is none of it. */
export class NoRtsp extends Error {}

/** Takes messages and packets out of the bytes of a connection. */
export class RtspReader {
  #bytes: Buffer = Buffer.alloc(0);

  /** @yields messages, and packets as they are @throws NoRtsp what cannot be read, or is too long */
  *read(bytes: Buffer): Generator<RtspMessage | Buffer> {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    for (let next = this.#next(); next !== null; next = this.#next()) yield next;
  }

  #next(): RtspMessage | Buffer | null {
    if (this.#bytes[0] === DOLLAR) {
      if (this.#bytes.length < PACKET_HEAD) return null;
      return this.#take(PACKET_HEAD + this.#bytes.readUInt16BE(2));
    }
    // An empty line ends it, however lines end.
    const text = this.#bytes.toString('latin1', 0, HEAD_MAX);
    const end = /\r?\n\r?\n/.exec(text);
    if (!end) {
      if (text.length >= HEAD_MAX) throw new NoRtsp('head too long');
      return null;
    }
    const [start = '', ...lines] = text.slice(0, end.index).split(/\r?\n/);
    const headers = new Map<string, string>();
    const challenges: string[] = [];
    for (const line of lines) {
      const [, name, value] = /^([A-Za-z][A-Za-z0-9-]*)[ \t]*:[ \t]*([^\r]*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) continue;
      if (name.toLowerCase() === 'www-authenticate') challenges.push(value);
      if (!headers.has(name.toLowerCase())) headers.set(name.toLowerCase(), value);
    }
    const length = headers.get('content-length') ?? '0';
    if (!/^\d{1,6}$/.test(length) || Number(length) > BODY_MAX) throw new NoRtsp('body too long');
    const head = end.index + end[0].length;
    const whole = this.#take(head + Number(length));
    return whole && { start, headers, challenges, body: whole.subarray(head) };
  }

  #take(length: number): Buffer | null {
    if (this.#bytes.length < length) return null;
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }
}

/** Writes a message. @param headers without the length of the body, which is added */
export function writeRtsp(
  start: string,
  headers: Iterable<readonly [string, string]>,
  body: Buffer = Buffer.alloc(0),
): Buffer {
  const lines = [start, ...[...headers].map(([name, value]) => `${name}: ${value}`)];
  if (body.length > 0) lines.push(`content-length: ${body.length}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}
