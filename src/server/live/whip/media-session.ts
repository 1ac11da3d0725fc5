/**
 * One stay by HTTP alone (WHIP, RFC 9725, or WHEP): a peer with one transport and one picture, which ends when its
 * holder says so, its way breaks for good, or the room sends it away.
 */
import { randomUUID } from 'node:crypto';
import type { types } from 'mediasoup';
import type { Leaving, Notification } from '../../../live/protocol.ts';
import { candidatesAt } from '../../sfu/listen.ts';
import type { Peer } from '../peer.ts';
import type { PeerSocket } from '../peer-ports.ts';
import { Refused } from '../refused.ts';
import { type Way, writeAnswer, writeFragment } from './answer.ts';
import { type Offer, readFragment, sendingParameters } from './offer.ts';

/** Owns its peer from `begin` on. */
export class MediaSession implements PeerSocket {
  /** Nobody can guess it: with a token of the room it is the key to the session. */
  readonly id = randomUUID();
  #tag = newTag();
  #user: string;
  #peer: Peer | null = null;
  #transport: types.WebRtcTransport | null = null;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  /**
   * @param announced addresses that clients are told
   * @param onEnd called once, when it is over
   */
  constructor(
    private readonly offer: Offer,
    private readonly announced: readonly string[],
    private readonly onEnd: (session: MediaSession) => void,
  ) {
    this.#user = offer.user;
  }

  /** Of the way as it stands (RFC 9110, 8.8.3). */
  get tag(): string {
    return this.#tag;
  }

  /** Its participant; null before it begins. */
  get peer(): Peer | null {
    return this.#peer;
  }

  /** Sends the offered picture into the room. @returns the answer @throws Refused */
  async publish(peer: Peer): Promise<string> {
    const transport = await this.#begin(peer);
    const parameters = sendingParameters(this.offer, peer.router.router.rtpCapabilities);
    await peer.produce({ transport: transport.id, rtpParameters: parameters });
    return this.#answer(transport, { direction: 'recvonly', parameters });
  }

  /** Receives a vehicle's picture. @returns the answer @throws Refused */
  async play(peer: Peer, vehicle: string, rtpCapabilities: types.RtpCapabilities): Promise<string> {
    const transport = await this.#begin(peer);
    const sent = await peer.consume({ transport: transport.id, vehicle, rtpCapabilities });
    await peer.setConsumer({ consumer: sent.id, paused: false });
    const parameters = sent.rtpParameters as types.RtpParameters;
    return this.#answer(transport, { direction: 'sendonly', parameters });
  }

  /**
   * Hears of the other side's way; of another one, and this side's begins anew.
   * @returns the fragment that answers a restart; null where there is nothing to answer
   * @throws Refused `malformed`, `closed`
   */
  async patch(text: string): Promise<string | null> {
    const { user } = readFragment(text);
    const transport = this.#transport;
    if (!transport || this.#ended) throw new Refused('closed');
    // Where the other side waits is not needed: it is the one that asks, and is answered where it asks from.
    if (user === null || user === this.#user) return null;
    await transport.restartIce();
    this.#user = user;
    this.#tag = newTag();
    return writeFragment(this.offer, this.#way(transport));
  }

  send(message: Notification): void {
    // The picture is gone, and it was the only one.
    if (message.event === 'consumer-closed') this.end();
  }

  close(): void {
    this.#end();
  }

  /** Leaves the room. @param leaving why */
  end(leaving: Leaving = 'left'): void {
    this.#peer?.close(null, leaving);
    this.#end();
  }

  async #begin(peer: Peer): Promise<types.WebRtcTransport> {
    this.#peer = peer;
    // Not every program asks for consent again and again (RFC 7675): libnice does not. Whoever brings no byte is gone.
    const transport = await peer.openTransport({ iceConsentTimeout: 0 });
    this.#transport = transport;
    const { mediaSilence } = peer.room.limits;
    let [heard, heardAt] = [0, performance.now()];
    this.#timer = setInterval(async () => {
      const [stats] = await transport.getStats().catch(() => []);
      if (stats && stats.bytesReceived > heard) [heard, heardAt] = [stats.bytesReceived, performance.now()];
      else if (performance.now() - heardAt >= mediaSilence) this.end('silent');
    }, mediaSilence / 6);
    this.#timer.unref();
    transport.on('dtlsstatechange', (state) => {
      if (state === 'closed' || state === 'failed') this.end('lost');
    });
    transport.observer.once('close', () => this.end('again'));
    await peer.connectTransport({ transport: transport.id, dtlsParameters: this.offer.dtls });
    return transport;
  }

  #answer(transport: types.WebRtcTransport, picture: Parameters<typeof writeAnswer>[2]): string {
    return writeAnswer(this.offer, this.#way(transport), picture, this.id);
  }

  #way(transport: types.WebRtcTransport): Way {
    return {
      ice: transport.iceParameters,
      candidates: candidatesAt(transport.iceCandidates, this.announced),
      dtls: transport.dtlsParameters,
    };
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    this.onEnd(this);
  }
}

/** A strong one. */
function newTag(): string {
  return `"${randomUUID()}"`;
}
