/**
 * Shared masks over data channels: one out, one in for each viewer that shares. Unordered and never sent twice: a mask
 * that comes late is worth nothing. What goes out is bounded in bytes per second; what does not fit is left out.
 */
import type { types } from 'mediasoup-client';
import type { Session } from './session';
import { decodeMask, encodeMask, type SharedMask, thinned } from './shared-mask';

/** Bytes per second that one viewer sends: nine vehicles twice a second at a usual 1 KB, with some to spare. */
const BYTES_PER_SECOND = 24_000;

/** Milliseconds before a channel that could not be opened is tried again. */
const RETRY_AFTER = 3000;

/** Bytes that may wait in the channel; more means that the link does not keep up. */
const BACKLOG_MAX = 64 * 1024;

/** Sends and receives masks of one room. */
export class MaskChannel {
  #out: Promise<types.DataProducer> | null = null;
  readonly #in = new Map<string, Promise<types.DataConsumer>>();
  #budget = BYTES_PER_SECOND;
  #filledAt = performance.now();
  /** Before this no channel out is tried. */
  #notBefore = 0;

  constructor(
    private readonly session: Session,
    private readonly onMask: (mask: SharedMask) => void,
  ) {}

  /** The transports, and the channels in them, are gone. */
  reset(): void {
    this.#out = null;
    this.#in.clear();
  }

  /** Sends a mask if there is room for it. Never rejects. */
  async send(mask: SharedMask): Promise<void> {
    try {
      const bytes = encodeMask(thinned(mask));
      if (!this.#out && performance.now() < this.#notBefore) return;
      if (!this.#afford(bytes.length)) return;
      this.#out ??= this.#open();
      const channel = await this.#out;
      if (channel.readyState === 'open' && channel.bufferedAmount < BACKLOG_MAX) channel.send(bytes);
    } catch {
      // Refused (others share already) or disconnected: what is not shared is seen by nobody else, and that is all.
    }
  }

  /** Listens to a viewer that shares. Never rejects. */
  receive(source: string): void {
    if (this.#in.has(source)) return;
    const channel = this.#listen(source);
    this.#in.set(source, channel);
    channel.catch(() => {
      setTimeout(() => {
        // Forgotten, or made anew, meanwhile.
        if (this.#in.get(source) !== channel) return;
        this.#in.delete(source);
        this.receive(source);
      }, RETRY_AFTER);
    });
  }

  forget(source: string): void {
    const channel = this.#in.get(source);
    this.#in.delete(source);
    void channel?.then(
      (consumer) => consumer.close(),
      () => {},
    );
  }

  #afford(bytes: number): boolean {
    const now = performance.now();
    const filled = this.#budget + ((now - this.#filledAt) / 1000) * BYTES_PER_SECOND;
    this.#budget = Math.min(BYTES_PER_SECOND, filled);
    this.#filledAt = now;
    if (this.#budget < bytes) return false;
    this.#budget -= bytes;
    return true;
  }

  async #open(): Promise<types.DataProducer> {
    try {
      const transport = await this.session.transport('send');
      return await transport.produceData({ ordered: false, maxRetransmits: 0, label: 'masks' });
    } catch (thrown) {
      // Refused while others share, who may leave; or the connection broke just then.
      this.#out = null;
      this.#notBefore = performance.now() + RETRY_AFTER;
      throw thrown;
    }
  }

  async #listen(source: string): Promise<types.DataConsumer> {
    const transport = await this.session.transport('receive');
    const answer = await this.session.request('consumeData', { source, transport: transport.id });
    const consumer = await transport.consumeData({
      id: answer.id,
      dataProducerId: answer.source,
      sctpStreamParameters: answer.sctpStreamParameters as unknown as types.SctpStreamParameters,
      label: answer.label,
      protocol: answer.protocol,
    });
    consumer.on('message', (data: unknown) => {
      if (!(data instanceof ArrayBuffer)) return;
      const mask = decodeMask(new Uint8Array(data));
      if (mask) this.onMask(mask);
    });
    return consumer;
  }
}
