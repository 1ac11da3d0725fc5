/**
 * One participant of a room, as the server sees it: its transports and what flows through them. It outlives its
 * WebSocket by a little, so that a broken connection can be taken up where it was.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { types } from 'mediasoup';
import type { AnswerData, CLOSE_CODES, IceServer, Notification, RequestData } from '../../live/protocol.ts';
import { candidatesAt } from '../sfu/listen.ts';
import type { RoomRouter } from '../sfu/worker-pool.ts';
import type { Sender } from './bitrate-guard.ts';
import { consumerAnswer, tellOf } from './consumer-answer.ts';
import { openIngest } from './ingest.ts';
import { type Leaving, leavingBy } from './leaving.ts';
import { MaskChannels } from './mask-channels.ts';
import type { MediaPlace, PeerRoom, PeerSocket } from './peer-ports.ts';
import { type OwnTransport, receivedBy } from './received.ts';
import { Refused } from './refused.ts';
import { TokenEnd } from './token-end.ts';
import type { Grant } from './tokens.ts';

/** Bits per second a viewer's link is first taken for; the estimate corrects it within seconds. */
const FIRST_BITRATE = 1_500_000;

/** Owns transports, producers and consumers. */
export class Peer implements Sender {
  readonly id = randomUUID();
  /** Whoever shows it may take up the connection, once: the next one is told then. */
  #key = newKey();
  readonly #transports = new Map<string, OwnTransport>();
  readonly #consumers = new Map<string, types.Consumer>();
  readonly #producers = new Map<string, types.Producer>();
  readonly #masks: MaskChannels<Peer>;
  #socket: PeerSocket | null = null;
  #timer: NodeJS.Timeout | undefined;
  readonly #end: TokenEnd;
  #grant: Grant;
  #closed = false;
  /** Why its vehicles leave: without a word of its own, the worker below them has died. */
  #leaving: Leaving = 'again';

  constructor(
    readonly room: PeerRoom<Peer>,
    readonly router: RoomRouter,
    grant: Grant,
    readonly name: string,
    /** Address it comes from. */
    readonly address: string,
    /** Addresses to tell senders and viewers. */
    private readonly listen: MediaPlace,
  ) {
    this.#grant = grant;
    this.#masks = new MaskChannels(room, router);
    this.#end = new TokenEnd(
      room.limits.renewTime,
      (seconds) => this.tell({ event: 'token-ends', seconds }),
      () => this.close('expired'),
    );
    this.#end.await(grant.expires);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** What its token says. */
  get grant(): Grant {
    return this.#grant;
  }

  get key(): string {
    return this.#key;
  }

  /** A viewer sends masks and what keeps its connection; pictures are another matter. */
  get bitrateMax(): number {
    const { bitrateMax, viewerBitrateMax } = this.room.limits;
    return this.grant.role === 'publish' ? bitrateMax : viewerBitrateMax;
  }

  /** STUN and TURN servers, with what opens them to this peer. */
  get iceServers(): IceServer[] {
    return this.listen.iceServers?.for(this.id, this.grant.expires) ?? [];
  }

  async received(): Promise<ReadonlyMap<string, number>> {
    const totals = await Promise.all(
      [...this.#transports.values()].map(async (transport) => {
        return [transport.id, await receivedBy(transport)] as const;
      }),
    );
    return new Map(totals);
  }

  /** Whether a vehicle is this one's. */
  sends(vehicle: unknown): boolean {
    return this.#producers.has(String(vehicle));
  }

  /** The pictures it sends. */
  get producers(): Iterable<types.Producer> {
    return this.#producers.values();
  }

  /** Goes on by another token of the same room and role. @throws Refused `forbidden` */
  renew(grant: Grant): void {
    if (grant.room !== this.grant.room || grant.role !== this.grant.role) throw new Refused('forbidden');
    this.#grant = grant;
    this.#end.await(grant.expires);
  }

  tell(message: Notification): void {
    this.#socket?.send(message);
  }

  /** Speaks through another socket from now on; the one before, if any, is closed, and the key with it is worth nothing. */
  attach(socket: PeerSocket): void {
    clearTimeout(this.#timer);
    this.#key = newKey();
    this.#socket?.close('replaced');
    this.#socket = socket;
  }

  /** The socket broke: everything stays for a while. */
  detach(socket: PeerSocket): void {
    if (this.#socket !== socket || this.#closed) return;
    this.#socket = null;
    this.#timer = setTimeout(() => this.close(null, 'lost'), this.room.limits.resumeTime);
    this.#timer.unref();
  }

  /** Leaves the room and releases everything. @param code for the socket @param leaving what the others are told */
  close(code: keyof typeof CLOSE_CODES | null, leaving: Leaving = leavingBy(code)): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#leaving = leaving;
    clearTimeout(this.#timer);
    this.#end[Symbol.dispose]();
    for (const transport of this.#transports.values()) transport.close();
    this.#transports.clear();
    this.#consumers.clear();
    this.#producers.clear();
    if (code) this.#socket?.close(code);
    this.#socket = null;
    this.room.remove(this);
  }

  /** The direction is the client's affair: what may flow is decided when something is to. */
  async createTransport(_: RequestData<'createTransport'>): Promise<AnswerData<'createTransport'>> {
    // Viewers share masks, and receive them.
    const transport = await this.openTransport({ enableSctp: this.grant.role === 'view' });
    return {
      id: transport.id,
      iceParameters: { ...transport.iceParameters },
      iceCandidates: candidatesAt(transport.iceCandidates, this.listen.announced),
      dtlsParameters: { ...transport.dtlsParameters },
      sctpParameters: transport.sctpParameters ? { ...transport.sctpParameters } : null,
      iceServers: this.iceServers,
    };
  }

  /** Owned by the peer. @param how what is to be otherwise @throws Refused `too-many`, `closed` */
  async openTransport(
    how: Pick<types.WebRtcTransportOptions, 'enableSctp' | 'iceConsentTimeout'>,
  ): Promise<types.WebRtcTransport> {
    this.#roomForTransport();
    const transport = await this.router.router.createWebRtcTransport({
      webRtcServer: this.router.webRtcServer,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      initialAvailableOutgoingBitrate: FIRST_BITRATE,
      maxReceiveMessageSize: this.room.limits.maskBytes,
      ...how,
    });
    this.#own(transport);
    await transport.setMaxIncomingBitrate(this.bitrateMax);
    return transport;
  }

  async connectTransport({
    transport,
    dtlsParameters,
  }: RequestData<'connectTransport'>): Promise<Record<never, never>> {
    await this.#webRtc(transport).connect({ dtlsParameters: dtlsParameters as never });
    return {};
  }

  async restartIce({ transport }: RequestData<'restartIce'>): Promise<AnswerData<'restartIce'>> {
    const iceParameters = { ...(await this.#webRtc(transport).restartIce()) };
    return { iceParameters, iceServers: this.iceServers };
  }

  async produce({ transport, rtpParameters, clock }: RequestData<'produce'>): Promise<AnswerData<'produce'>> {
    this.#allow('publish');
    this.#roomForVehicle();
    const producer = await this.#webRtc(transport).produce({
      kind: 'video',
      rtpParameters: rtpParameters as unknown as types.RtpParameters,
      // Half a second: a picture asked for by many viewers at once is encoded anew but once.
      keyFrameRequestDelay: 500,
    });
    return { vehicle: this.#addVehicle(producer, 'browser', clock) };
  }

  /** Opens a port for RTP without WebRTC. */
  async ingest(wish: RequestData<'ingest'>): Promise<AnswerData<'ingest'>> {
    this.#allow('publish');
    this.#roomForVehicle();
    this.#roomForTransport();
    const ingest = await openIngest(this.router.router, this.listen, this.bitrateMax, (transport) =>
      this.#own(transport),
    );
    const { producer, ...answer } = await ingest.produce(wish, this.id);
    return { vehicle: this.#addVehicle(producer, 'rtp'), ...answer };
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
    tellOf(consumer, (message) => this.tell(message));
    return consumerAnswer(consumer);
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

  /** Whoever may share what it sees may tell of it. */
  async raiseAlarm(seen: RequestData<'raiseAlarm'>): Promise<Record<never, never>> {
    this.#allow('view');
    if (!this.grant.share) throw new Refused('forbidden');
    return this.room.raiseAlarm(seen);
  }

  async acknowledgeAlarm({ alarm }: RequestData<'acknowledgeAlarm'>): Promise<Record<never, never>> {
    this.#allow('view');
    return this.room.acknowledgeAlarm(alarm, this.name);
  }

  async produceData({
    transport,
    sctpStreamParameters,
  }: RequestData<'produceData'>): Promise<AnswerData<'produceData'>> {
    this.#allow('view');
    if (!this.grant.share) throw new Refused('forbidden');
    return this.#masks.share(this.#webRtc(transport), sctpStreamParameters, this);
  }

  async consumeData({ source, transport }: RequestData<'consumeData'>): Promise<AnswerData<'consumeData'>> {
    this.#allow('view');
    return this.#masks.listen(this.#webRtc(transport), source);
  }

  #addVehicle(producer: types.Producer, via: 'browser' | 'rtp', clock?: number): string {
    this.#producers.set(producer.id, producer);
    producer.observer.once('close', () => this.#producers.delete(producer.id));
    const { id } = producer;
    const told = clock === undefined ? {} : { clock };
    const vehicle = { id, name: this.name, via, silent: false, roundTrip: null, ...told };
    this.room.addVehicle(vehicle, producer, this.router, () => this.#leaving);
    return id;
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
    if (this.#producers.size >= this.room.limits.vehiclesPerPeer || this.room.full)
      throw new Refused('too-many');
  }
}

function newKey(): string {
  return randomBytes(24).toString('base64url');
}
