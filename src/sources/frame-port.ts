/**
 * Frames through a `MessagePort`, with credit: the reader asks for one frame at a time, so a source never has more
 * than one frame in the mail and a slow reader slows nobody's memory. The sender stamps and transfers the frame;
 * ownership goes with it.
 */
import { CarriagewayError, type ErrorReport } from '../errors';
import type { FrameReader, TimedFrame } from '../media/timed-frame';

type ToReader =
  | { readonly type: 'frame'; readonly frame: TimedFrame }
  | { readonly type: 'end' }
  | { readonly type: 'error'; readonly error: ErrorReport };
type ToSender = { readonly type: 'credit' } | { readonly type: 'close' };

/** The sending end, in a source's worker. */
export class FramePortSender {
  #credit = 0;
  #closed = false;
  #waiting: (() => void)[] = [];

  /** @param port one end of a channel whose other end a `FramePortReader` holds; owned from now on */
  constructor(private readonly port: MessagePort) {
    port.onmessage = (event: MessageEvent<ToSender>) => {
      if (event.data.type === 'credit') this.#credit++;
      else this.#closed = true;
      this.#wake();
    };
  }

  /** Whether the reader went away. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Whether the reader is waiting for a frame right now. */
  get wanted(): boolean {
    return this.#credit > 0 && !this.#closed;
  }

  /** Resolves to true once the reader wants a frame, to false once it is gone. */
  async ready(): Promise<boolean> {
    while (!this.#closed && this.#credit === 0)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return !this.#closed;
  }

  /** Sends one frame and gives it away; closes it when nobody wants it. Returns whether it was sent. */
  send(frame: TimedFrame): boolean {
    if (!this.wanted) {
      frame.frame.close();
      return false;
    }
    this.#credit--;
    const transfer: Transferable[] = [frame.frame];
    if (frame.truth) transfer.push(frame.truth.ids.buffer as ArrayBuffer);
    this.port.postMessage({ type: 'frame', frame } satisfies ToReader, transfer);
    return true;
  }

  /** Tells the reader that no frame follows. */
  end(): void {
    this.port.postMessage({ type: 'end' } satisfies ToReader);
  }

  /** Tells the reader why no frame follows. */
  fail(error: ErrorReport): void {
    this.port.postMessage({ type: 'error', error } satisfies ToReader);
  }

  /** Closes the port. */
  close(): void {
    this.#closed = true;
    this.port.close();
    this.#wake();
  }

  #wake(): void {
    for (const go of this.#waiting.splice(0)) go();
  }
}

/** The reading end of a port. */
export class FramePortReader implements FrameReader {
  readonly #inbox: ToReader[] = [];
  #waiting: (() => void) | null = null;
  #closed = false;

  /** @param port the other end of a sender's channel; owned from now on */
  constructor(
    private readonly port: MessagePort,
    readonly live = false,
    readonly onDemand = false,
  ) {
    port.onmessage = (event: MessageEvent<ToReader>) => {
      if (this.#closed) {
        if (event.data.type === 'frame') event.data.frame.frame.close();
        return;
      }
      this.#inbox.push(event.data);
      this.#wake();
    };
  }

  /** Asks for one frame and waits for it; one call at a time. */
  async read(): Promise<TimedFrame | null> {
    if (this.#closed) return null;
    this.port.postMessage({ type: 'credit' } satisfies ToSender);
    while (!this.#closed && this.#inbox.length === 0)
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    const message = this.#inbox.shift();
    if (!message || message.type === 'end') return null;
    if (message.type === 'error') throw new CarriagewayError(message.error.code, message.error.detail);
    return message.frame;
  }

  /** Closes what was received and not read, and the port. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.port.postMessage({ type: 'close' } satisfies ToSender);
    for (const message of this.#inbox) if (message.type === 'frame') message.frame.frame.close();
    this.#inbox.length = 0;
    // The port stays open for a moment: a frame already in the mail is still delivered, and closed above.
    setTimeout(() => this.port.close(), 1000);
    this.#wake();
  }

  #wake(): void {
    this.#waiting?.();
    this.#waiting = null;
  }
}
