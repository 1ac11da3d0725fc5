/**
 * One participant of a room, as the server sees it: its transports and what flows through them. It outlives its
 * WebSocket by a little, so that a broken connection can be taken up where it was.
 */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { types } from 'mediasoup';
import type { AnswerData, CLOSE_CODES, Notification, RequestData, Vehicle } from '../../live/protocol.ts';
import { H264_PROFILES } from '../sfu/codecs.ts';
import type { RoomRouter } from '../sfu/worker-pool.ts';
import type { Incoming, Sender } from './bitrate-guard.ts';
import type { Limits } from './limits.ts';
import { Refused } from './refused.ts';
import type { Grant } from './tokens.ts';

/** What a peer speaks through; null while its connection is broken. */
export interface PeerSocket {
  send(message: Notification): void;
  close(code: keyof typeof CLOSE_CODES): void;
}

/** Dynamic payload type of RTP that comes without WebRTC (RFC 3551, 6). */
const INGEST_PAYLOAD_TYPE = 100;

/** Bits per second a viewer's link is first taken for; the estimate corrects it within seconds. */
const FIRST_BITRATE = 1_500_000;

type OwnTransport = types.WebRtcTransport | types.PlainTransport;

/** What a peer asks of its room: see `Room`. */
export interface PeerRoom {
  readonly limits: Limits;
  readonly name: string;
  readonly vehicles: readonly Vehicle[];
  /** Whether no further vehicle has a place. */
  readonly full: boolean;
  /** Ids of the viewers' shared masks, except a peer's own. */
  sourcesFor(peer: Peer): readonly string[];
  remove(peer: Peer): void;
  addVehicle(vehicle: Vehicle, producer: types.Producer, home: RoomRouter): void;
  addSource(producer: types.DataProducer, home: RoomRouter, peer: Peer): void;
  bring(vehicle: string, to: RoomRouter): Promise<types.Producer>;
  bringSource(source: string, to: RoomRouter): Promise<void>;
}

/** Owns transports, producers and consumers. */
export class Peer implements Sender {
  readonly id = randomUUID();
  /** Whoever shows it may take up the connection. */
  readonly key = randomBytes(24).toString('base64url');
  readonly #transports = new Map<string, OwnTransport>();
  readonly #consumers = new Map<string, types.Consumer>();
  #vehicles = 0;
  #socket: PeerSocket | null = null;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    readonly room: PeerRoom,
    readonly router: RoomRouter,
    readonly grant: Grant,
    readonly name: string,
    /** Address to tell senders of plain RTP. */
    private readonly listen: { readonly address: string; readonly announced: string | null },
  ) {}

  get closed(): boolean {
    return this.#closed;
  }

  /** A viewer sends masks and what keeps its connection; pictures are another matter. */
  get bitrateMax(): number {
    const { bitrateMax, viewerBitrateMax } = this.room.limits;
    return this.grant.role === 'publish' ? bitrateMax : viewerBitrateMax;
  }

  async incoming(): Promise<readonly Incoming[]> {
    return Promise.all(
      [...this.#transports.values()].map(async (transport) => {
        const [stats] = await transport.getStats();
        return { id: transport.id, bitrate: stats?.recvBitrate ?? 0 };
      }),
    );
  }

  tell(message: Notification): void {
    this.#socket?.send(message);
  }

  /** Speaks through another socket from now on; the one before, if any, is closed. */
  attach(socket: PeerSocket): void {
    clearTimeout(this.#timer);
    this.#socket?.close('replaced');
    this.#socket = socket;
  }

  /** The socket broke: everything stays for a while. */
  detach(socket: PeerSocket): void {
    if (this.#socket !== socket || this.#closed) return;
    this.#socket = null;
    this.#timer = setTimeout(() => this.close(null), this.room.limits.resumeTime);
    this.#timer.unref();
  }

  /** Leaves the room and releases everything. @param code for the socket, if it is to be closed */
  close(code: keyof typeof CLOSE_CODES | null): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const transport of this.#transports.values()) transport.close();
    this.#transports.clear();
    this.#consumers.clear();
    if (code) this.#socket?.close(code);
    this.#socket = null;
    this.room.remove(this);
  }

  /** The direction is the client's affair: what may flow is decided when something is to. */
  async createTransport(_: RequestData<'createTransport'>): Promise<AnswerData<'createTransport'>> {
    this.#roomForTransport();
    const transport = await this.router.router.createWebRtcTransport({
      webRtcServer: this.router.webRtcServer,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      // Viewers share masks, and receive them.
      enableSctp: this.grant.role === 'view',
      initialAvailableOutgoingBitrate: FIRST_BITRATE,
      maxReceiveMessageSize: this.room.limits.maskBytes,
    });
    this.#own(transport);
    await transport.setMaxIncomingBitrate(this.bitrateMax);
    return {
      id: transport.id,
      iceParameters: { ...transport.iceParameters },
      iceCandidates: transport.iceCandidates.map((candidate) => ({ ...candidate })),
      dtlsParameters: { ...transport.dtlsParameters },
      sctpParameters: transport.sctpParameters ? { ...transport.sctpParameters } : null,
    };
  }

  async connectTransport({
    transport,
    dtlsParameters,
  }: RequestData<'connectTransport'>): Promise<Record<never, never>> {
    await this.#webRtc(transport).connect({ dtlsParameters: dtlsParameters as never });
    return {};
  }

  async restartIce({ transport }: RequestData<'restartIce'>): Promise<AnswerData<'restartIce'>> {
    return { iceParameters: { ...(await this.#webRtc(transport).restartIce()) } };
  }

  async produce({ transport, rtpParameters }: RequestData<'produce'>): Promise<AnswerData<'produce'>> {
    this.#allow('publish');
    this.#roomForVehicle();
    const producer = await this.#webRtc(transport).produce({
      kind: 'video',
      rtpParameters: rtpParameters as unknown as types.RtpParameters,
      // Half a second: a picture asked for by many viewers at once is encoded anew but once.
      keyFrameRequestDelay: 500,
    });
    return { vehicle: this.#addVehicle(producer, 'browser') };
  }

  async ingest({ codec, profile }: RequestData<'ingest'>): Promise<AnswerData<'ingest'>> {
    this.#allow('publish');
    this.#roomForVehicle();
    this.#roomForTransport();
    const { address, announced } = this.listen;
    const transport = await this.router.router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: address, ...(announced ? { announcedAddress: announced } : {}) },
      rtcpMux: true,
      // Whoever's packet comes first is the sender; its address is not known before.
      comedia: true,
    });
    this.#own(transport);
    await transport.setMaxIncomingBitrate(this.bitrateMax).catch(() => {});
    const ssrc = randomInt(1, 2 ** 31);
    const producer = await transport.produce({
      kind: 'video',
      rtpParameters: {
        codecs: [
          codec === 'vp8'
            ? { mimeType: 'video/VP8', payloadType: INGEST_PAYLOAD_TYPE, clockRate: 90_000 }
            : {
                mimeType: 'video/H264',
                payloadType: INGEST_PAYLOAD_TYPE,
                clockRate: 90_000,
                parameters: {
                  'packetization-mode': 1,
                  'profile-level-id': h264Profile(profile),
                  'level-asymmetry-allowed': 1,
                },
              },
        ],
        encodings: [{ ssrc }],
        rtcp: { cname: this.id },
      },
    });
    const vehicle = this.#addVehicle(producer, 'rtp');
    const { localAddress, localPort } = transport.tuple;
    return {
      vehicle,
      address: announced ?? localAddress,
      port: localPort,
      payloadType: INGEST_PAYLOAD_TYPE,
      ssrc,
    };
  }

  async consume({
    vehicle,
    transport,
    rtpCapabilities,
  }: RequestData<'consume'>): Promise<AnswerData<'consume'>> {
    this.#allow('view');
    if (this.#consumers.size >= this.room.limits.consumersPerPeer) throw new Refused('too-many');
    const through = this.#webRtc(transport);
    const producer = await this.room.bring(vehicle, this.router);
    const capabilities = rtpCapabilities as unknown as types.RtpCapabilities;
    if (!this.router.router.canConsume({ producerId: producer.id, rtpCapabilities: capabilities }))
      throw new Refused('unsupported');
    const consumer = await through.consume({
      producerId: producer.id,
      rtpCapabilities: capabilities,
      // Nothing is sent before the page is ready for it.
      paused: true,
    });
    this.#consumers.set(consumer.id, consumer);
    this.router.consumers++;
    consumer.observer.once('close', () => {
      this.router.consumers--;
      if (this.#consumers.delete(consumer.id)) this.tell({ event: 'consumer-closed', consumer: consumer.id });
    });
    consumer.on('score', ({ score, producerScore }) =>
      this.tell({ event: 'consumer-score', consumer: consumer.id, score, producerScore }),
    );
    consumer.on('layerschange', (layers) =>
      this.tell({ event: 'consumer-layers', consumer: consumer.id, spatial: layers?.spatialLayer ?? null }),
    );
    // It tells of changes only; a link that is good from the start never changes.
    const { score, producerScore } = consumer.score;
    this.tell({ event: 'consumer-score', consumer: consumer.id, score, producerScore });
    const encoding = consumer.rtpParameters.encodings?.[0];
    const [, spatial = '1', temporal = '1'] = /^[LS](\d)T(\d)/.exec(encoding?.scalabilityMode ?? '') ?? [];
    return {
      id: consumer.id,
      vehicle: producer.id,
      kind: 'video',
      rtpParameters: { ...consumer.rtpParameters },
      spatialLayers: Number(spatial),
      temporalLayers: Number(temporal),
    };
  }

  async setConsumer({
    consumer: id,
    paused,
    layers,
    priority,
  }: RequestData<'setConsumer'>): Promise<Record<never, never>> {
    const consumer = this.#consumer(id);
    if (layers && (consumer.type === 'simulcast' || consumer.type === 'svc'))
      await consumer.setPreferredLayers({
        spatialLayer: layers.spatial,
        ...(layers.temporal === undefined ? {} : { temporalLayer: layers.temporal }),
      });
    if (priority !== undefined) await consumer.setPriority(priority);
    if (paused === true) await consumer.pause();
    if (paused === false) await consumer.resume();
    return {};
  }

  async closeConsumer({ consumer }: RequestData<'closeConsumer'>): Promise<Record<never, never>> {
    const found = this.#consumer(consumer);
    this.#consumers.delete(consumer);
    found.close();
    return {};
  }

  async produceData({
    transport,
    sctpStreamParameters,
  }: RequestData<'produceData'>): Promise<AnswerData<'produceData'>> {
    this.#allow('view');
    const producer = await this.#webRtc(transport).produceData({
      sctpStreamParameters: sctpStreamParameters as unknown as types.SctpStreamParameters,
      label: 'masks',
      protocol: '',
    });
    try {
      this.room.addSource(producer, this.router, this);
    } catch (thrown) {
      producer.close();
      throw thrown;
    }
    return { source: producer.id };
  }

  async consumeData({ source, transport }: RequestData<'consumeData'>): Promise<AnswerData<'consumeData'>> {
    this.#allow('view');
    const through = this.#webRtc(transport);
    await this.room.bringSource(source, this.router);
    const consumer = await through.consumeData({ dataProducerId: source });
    const { sctpStreamParameters, label, protocol } = consumer;
    if (!sctpStreamParameters) throw new Refused('unsupported');
    return { id: consumer.id, source, sctpStreamParameters: { ...sctpStreamParameters }, label, protocol };
  }

  #addVehicle(producer: types.Producer, via: 'browser' | 'rtp'): string {
    this.#vehicles++;
    producer.observer.once('close', () => {
      this.#vehicles--;
    });
    this.room.addVehicle({ id: producer.id, name: this.name, via }, producer, this.router);
    return producer.id;
  }

  #own(transport: OwnTransport): void {
    // The peer may have left while the transport was made.
    if (this.#closed) {
      transport.close();
      throw new Refused('closed');
    }
    this.#transports.set(transport.id, transport);
    const forget = () => void this.#transports.delete(transport.id);
    if (transport.type === 'webrtc') transport.observer.once('close', forget);
    else transport.observer.once('close', forget);
  }

  #webRtc(id: string): types.WebRtcTransport {
    const transport = this.#transports.get(id);
    if (transport?.type !== 'webrtc') throw new Refused('not-found');
    return transport;
  }

  #consumer(id: string): types.Consumer {
    const consumer = this.#consumers.get(id);
    if (!consumer) throw new Refused('not-found');
    return consumer;
  }

  #allow(role: Grant['role']): void {
    if (this.grant.role !== role) throw new Refused('forbidden');
  }

  #roomForTransport(): void {
    if (this.#transports.size >= this.room.limits.transportsPerPeer) throw new Refused('too-many');
  }

  #roomForVehicle(): void {
    if (this.#vehicles >= this.room.limits.vehiclesPerPeer || this.room.full) throw new Refused('too-many');
  }
}

/** What the router calls a stream of this profile; baseline for what is not known. */
function h264Profile(asked: string | undefined): string {
  const family = asked?.slice(0, 2).toLowerCase() ?? '';
  const known: Readonly<Record<string, string>> = H264_PROFILES;
  return Object.hasOwn(known, family) ? known[family]! : H264_PROFILES['42'];
}
