/**
 * A file at an address, read by HTTP ranges: whoever reads files reads it like any other, and only what is looked at
 * crosses the wire.
 */
import { CarriagewayError } from '../../errors';

/** Bytes that are asked for at once. */
const PAGE = 1024 * 1024;

/** Pages that are kept: a film's index, and what is played. */
const PAGES_KEPT = 32;

/** How long a page may take, in milliseconds. */
const PAGE_TIMEOUT = 30_000;

/** How often a page is asked for, and the pauses between, in milliseconds. */
const PAUSES = [0, 500, 2000] as const;

/** What is known of a file at an address whose server gives ranges, as plain data that travels to a worker. */
export interface RemoteParts {
  readonly kind: 'address';
  readonly url: string;
  /** Bytes. */
  readonly size: number;
  /** `ETag` of the file, where it is told: another one later means another file. */
  readonly tag: string | null;
}

/** The first bytes of an address, asked for as a range. */
export function askForRange(url: string, from: number, to: number, signal: AbortSignal): Promise<Response> {
  return fetch(url, { headers: { Range: `bytes=${from}-${to - 1}` }, signal });
}

/** A remote file, or a part of it. Reads of it reject with `source-unreachable`. */
export class RemoteFile extends Blob {
  readonly #pages: Pages;
  readonly #from: number;
  readonly #to: number;

  /** @param pages for parts of a file, those of the whole */
  constructor(parts: RemoteParts, from = 0, to: number = parts.size, pages: Pages = new Pages(parts)) {
    super();
    this.#pages = pages;
    this.#from = from;
    this.#to = to;
  }

  override get size(): number {
    return this.#to - this.#from;
  }

  override slice(start = 0, end: number = this.size): Blob {
    const place = (at: number) => Math.min(this.size, Math.max(0, at < 0 ? this.size + at : at));
    const from = this.#from + place(start);
    return new RemoteFile(this.#pages.parts, from, Math.max(from, this.#from + place(end)), this.#pages);
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = new Uint8Array(this.size);
    for (let at = this.#from; at < this.#to; ) {
      const piece = await this.#pages.read(at, this.#to);
      bytes.set(piece, at - this.#from);
      at += piece.length;
    }
    return bytes.buffer;
  }

  override async text(): Promise<string> {
    return new TextDecoder().decode(await this.arrayBuffer());
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    let at = this.#from;
    return new ReadableStream(
      {
        pull: async (controller) => {
          if (at < this.#to) {
            const piece = await this.#pages.read(at, this.#to);
            at += piece.length;
            // Who reads a stream may give its bytes away, and these are read again.
            controller.enqueue(piece.slice());
          }
          if (at >= this.#to) controller.close();
        },
      },
      { highWaterMark: 0 },
    );
  }
}

/** The pages of one file that were read last. */
class Pages {
  readonly #kept = new Map<number, Promise<Uint8Array<ArrayBuffer>>>();

  constructor(readonly parts: RemoteParts) {}

  /** The bytes from a place on, up to the end of its page or to `to`; at least one. */
  async read(at: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
    const number = Math.floor(at / PAGE);
    const page = this.#page(number);
    // What is played goes on in the next one.
    if (at >= (number + 0.5) * PAGE && (number + 1) * PAGE < this.parts.size)
      this.#page(number + 1).catch(() => {});
    const bytes = await page;
    return bytes.subarray(at - number * PAGE, Math.min(bytes.length, to - number * PAGE));
  }

  #page(number: number): Promise<Uint8Array<ArrayBuffer>> {
    const kept = this.#kept.get(number);
    this.#kept.delete(number);
    const page = kept ?? this.#fetch(number);
    this.#kept.set(number, page);
    if (!kept) {
      // The next reader asks anew.
      page.catch(() => this.#kept.delete(number));
      const [oldest] = this.#kept.keys();
      if (this.#kept.size > PAGES_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    }
    return page;
  }

  async #fetch(number: number): Promise<Uint8Array<ArrayBuffer>> {
    let last: unknown;
    for (const pause of PAUSES) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      try {
        return await this.#ask(number);
      } catch (thrown) {
        if (thrown instanceof CarriagewayError) throw thrown;
        last = thrown;
      }
    }
    throw new CarriagewayError('source-unreachable', `${this.parts.url}: ${String(last)}`, { cause: last });
  }

  async #ask(number: number): Promise<Uint8Array<ArrayBuffer>> {
    const { url, size, tag } = this.parts;
    const from = number * PAGE;
    const to = Math.min(size, from + PAGE);
    const response = await askForRange(url, from, to, AbortSignal.timeout(PAGE_TIMEOUT));
    // An answer with the whole file would be read to its end for one page.
    if (response.status !== 206) {
      await response.body?.cancel();
      throw new Error(`the server answered ${response.status} to a range`);
    }
    const bytes = new Uint8Array(await response.arrayBuffer());
    const now = response.headers.get('ETag');
    if (bytes.length !== to - from || (tag !== null && now !== null && now !== tag))
      throw new CarriagewayError('source-unreachable', `${url} is another file than it was at the beginning`);
    return bytes;
  }
}
