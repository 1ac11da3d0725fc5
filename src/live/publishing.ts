/**
 * Sends one picture into a room: in layers where its size allows, and again after every full re-joining.
 */
import type { types } from 'mediasoup-client';
import { CarriagewayError, type ErrorReport, reportOf } from '../errors';
import { retryDelay } from './backoff';
import { Session, type SessionPorts, type SessionState } from './session';

/** Codecs a browser may be asked to send. */
export type SendCodec = 'vp8' | 'h264' | 'vp9';

/** Names as in RTP. */
const MIME: Readonly<Record<SendCodec, string>> = {
  vp8: 'video/VP8',
  h264: 'video/H264',
  vp9: 'video/VP9',
};

/** Below this width three sizes of a picture are not worth encoding: the smallest would be a stamp. */
const LAYERS_FROM = 480;

/**
 * Layers of a picture. VP8 and H.264 are sent in three sizes (simulcast): a quarter, half and all of the width; VP9
 * carries them in one stream (SVC). Bit rates are those at which a street with traffic still shows its lane markings.
 */
function encodingsOf(codec: SendCodec, width: number): types.RtpEncodingParameters[] {
  if (width < LAYERS_FROM) return [{ maxBitrate: 900_000, scalabilityMode: 'L1T2' }];
  if (codec === 'vp9') return [{ maxBitrate: 2_500_000, scalabilityMode: 'L3T2_KEY' }];
  return [
    { scaleResolutionDownBy: 4, maxBitrate: 150_000, scalabilityMode: 'L1T2' },
    { scaleResolutionDownBy: 2, maxBitrate: 500_000, scalabilityMode: 'L1T2' },
    { scaleResolutionDownBy: 1, maxBitrate: 2_000_000, scalabilityMode: 'L1T2' },
  ];
}

/** What a publisher tells. */
export interface PublishingEvents {
  state(state: SessionState, error: ErrorReport | null): void;
  /** The picture flows, under this id. */
  sending(vehicle: string, codec: string): void;
  /** It could not be sent. */
  failed(error: ErrorReport): void;
}

/** How a picture is sent. */
export interface PublishingOptions {
  readonly name: string;
  readonly codec: SendCodec;
  /** Width of the picture in pixels. */
  readonly width: number;
}

/** Owns its session; the track stays its giver's. */
export class Publishing {
  readonly session: Session;
  #producer: types.Producer | null = null;
  /** Joinings so far: what belongs to one before the last is not gone on with. */
  #joinings = 0;
  /** Tries to send that failed, one after the other. */
  #failures = 0;

  constructor(
    private readonly track: MediaStreamTrack,
    private readonly options: PublishingOptions,
    private readonly ports: SessionPorts,
    private readonly events: PublishingEvents,
  ) {
    this.session = new Session(ports, options.name, {
      state: (state, error) => events.state(state, error),
      joined: () => void this.#send(++this.#joinings),
      // Where the connection broke while it began, nobody knows how much of it the server has.
      resumed: () => {
        if (!this.#producer) void this.session.rejoin();
      },
      notification: () => {},
    });
  }

  start(): void {
    this.session.start();
  }

  /** Bits per second that leave now, and the round trip in milliseconds; nulls before the first report. */
  async stats(): Promise<{ bytes: number; roundTrip: number | null }> {
    let bytes = 0;
    let roundTrip: number | null = null;
    for (const stat of (await this.#producer?.getStats())?.values() ?? []) {
      if (stat.type === 'outbound-rtp') bytes += stat.bytesSent ?? 0;
      if (stat.type === 'remote-inbound-rtp' && typeof stat.roundTripTime === 'number')
        roundTrip = stat.roundTripTime * 1000;
    }
    return { bytes, roundTrip };
  }

  async stop(): Promise<void> {
    await this.session.leave();
  }

  /** Sends; what fails is told, and tried again with a joining of its own, for as long as that is of any use. */
  async #send(joining: number): Promise<void> {
    this.#producer = null;
    try {
      const { device } = this.session;
      const wanted = device.sendRtpCapabilities.codecs?.find(
        (codec) => codec.mimeType.toLowerCase() === MIME[this.options.codec].toLowerCase(),
      );
      if (!device.canProduce('video')) throw new CarriagewayError('live-unsupported', 'no video codec');
      const transport = await this.session.transport('send');
      const producer = await transport.produce({
        track: this.track,
        encodings: encodingsOf(wanted ? this.options.codec : 'vp8', this.options.width),
        codecOptions: { videoGoogleStartBitrate: 800 },
        ...(wanted ? { codec: wanted } : {}),
        stopTracks: false,
        // The pump closes what it is not asked for; a muted sender would still be fed.
        zeroRtpOnPause: true,
      });
      if (joining !== this.#joinings) return;
      this.#producer = producer;
      this.#failures = 0;
      const sent = this.#producer.rtpParameters.codecs[0]?.mimeType.replace('video/', '') ?? '';
      this.events.sending(this.#producer.id, sent);
    } catch (thrown) {
      if (joining !== this.#joinings) return;
      const error = reportOf(thrown, 'live-publish-failed');
      // The connection broke: when it is taken up, this is seen to.
      if (error.code === 'live-connection-lost') return;
      this.events.failed(error);
      if (error.code === 'live-unsupported') return;
      await this.ports.wait(retryDelay(++this.#failures, this.ports.random()));
      if (joining === this.#joinings) await this.session.rejoin();
    }
  }
}
