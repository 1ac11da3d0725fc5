/** The data channels of one viewer: one out for what it shares, and one in for each other that shares. */
import type { types } from 'mediasoup';
import type { AnswerData } from '../../live/protocol.ts';
import type { RoomRouter } from '../sfu/worker-pool.ts';
import { Refused } from './refused.ts';

/** What is asked of the room. @typeParam P whoever shares */
interface MaskRoom<P> {
  addSource(producer: types.DataProducer, home: RoomRouter, peer: P): void;
  bringSource(source: string, to: RoomRouter): Promise<void>;
}

/** Knows what is open; the transports own it. */
export class MaskChannels<P> {
  #shares = false;
  readonly #listened = new Set<string>();

  constructor(
    private readonly room: MaskRoom<P>,
    private readonly router: RoomRouter,
  ) {}

  /**
   * Opens the way out.
   * @throws Refused `too-many` for a second one, or when enough others share
   */
  async share(
    through: types.WebRtcTransport,
    sctpStreamParameters: object,
    peer: P,
  ): Promise<AnswerData<'produceData'>> {
    if (this.#shares) throw new Refused('too-many');
    this.#shares = true;
    let producer: types.DataProducer;
    try {
      producer = await through.produceData({
        sctpStreamParameters: sctpStreamParameters as types.SctpStreamParameters,
        label: 'masks',
        protocol: '',
      });
    } catch (thrown) {
      this.#shares = false;
      throw thrown;
    }
    producer.observer.once('close', () => {
      this.#shares = false;
    });
    try {
      this.room.addSource(producer, this.router, peer);
    } catch (thrown) {
      producer.close();
      throw thrown;
    }
    return { source: producer.id };
  }

  /**
   * Opens a way in. One for each source: a second would only double what goes out.
   * @throws Refused `too-many`, `not-found`, `unsupported`
   */
  async listen(through: types.WebRtcTransport, source: string): Promise<AnswerData<'consumeData'>> {
    if (this.#listened.has(source)) throw new Refused('too-many');
    this.#listened.add(source);
    let consumer: types.DataConsumer;
    try {
      await this.room.bringSource(source, this.router);
      consumer = await through.consumeData({ dataProducerId: source });
    } catch (thrown) {
      this.#listened.delete(source);
      throw thrown;
    }
    consumer.observer.once('close', () => this.#listened.delete(source));
    const { id, sctpStreamParameters, label, protocol } = consumer;
    if (!sctpStreamParameters) throw new Refused('unsupported');
    return { id, source, sctpStreamParameters: { ...sctpStreamParameters }, label, protocol };
  }
}
