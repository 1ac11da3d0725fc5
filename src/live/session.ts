/**
 * A page's stay in a room: joins, keeps its WebRTC transports, and when the connection breaks takes it up again: the
 * same transports with a restarted ICE first, everything anew when the server has forgotten them.
 */
import type { Device, types } from 'mediasoup-client';
import { CarriagewayError, type ErrorCode, type ErrorReport, reportOf } from '../errors.ts';
import { retryDelay } from './backoff.ts';
import { clockOffset } from './capture-times.ts';
import {
  type AnswerData,
  CLOSE_CODES,
  type Method,
  type Notification,
  type RequestData,
} from './protocol.ts';
import { type Ending, Signalling, type SocketClass } from './signalling.ts';

/** Where a stay stands. */
export type SessionState = 'joining' | 'joined' | 'reconnecting' | 'refused' | 'left';

/** What a session tells. */
export interface SessionEvents {
  /** @param error why it is not joined, when something went wrong */
  state(state: SessionState, error: ErrorReport | null): void;
  /** Joined with nothing left of an earlier time: transports, and all in them, must be made anew. */
  joined(answer: AnswerData<'join'>): void;
  /** Taken up again: what flowed flows on. The lists say how the room is now. */
  resumed(answer: AnswerData<'join'>): void;
  notification(notification: Notification): void;
}

/** What a session needs from outside. */
export interface SessionPorts {
  readonly url: string;
  readonly Socket: SocketClass;
  /** A token; asked for at each joining. @throws CarriagewayError */
  readonly token: () => Promise<string>;
  readonly createDevice: () => Promise<Device>;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly random: () => number;
}

/** Direction of a transport as the page sees it. */
export type Direction = 'send' | 'receive';

/** Codes that trying again will not change. */
const FINAL = new Set(['live-token-missing', 'live-token-invalid', 'live-token-expired', 'live-unsupported']);

/** What it means when the server ends a connection with one of these codes. */
const ENDINGS: Readonly<Record<number, ErrorCode>> = {
  [CLOSE_CODES.expired]: 'live-token-expired',
  [CLOSE_CODES.removed]: 'live-removed',
  [CLOSE_CODES.full]: 'live-full',
};

/** Milliseconds a transport may be disconnected before its ICE is restarted: most breaks heal by themselves. */
const PATIENCE = 2000;

/** Milliseconds for which a picture waits for the clock to be known before it is sent. */
const CLOCK_PATIENCE = 1500;

/** Owns the connection and the transports. */
export class Session {
  #signalling: Signalling | null = null;
  #device: Device | null = null;
  #resume: { peer: string; key: string } | null = null;
  readonly #transports = new Map<Direction, Promise<types.Transport>>();
  #attempt = 0;
  #left = false;
  #running: Promise<void> | null = null;
  #clock: number | null = null;
  #clockAsked: Promise<void> | null = null;

  constructor(
    private readonly ports: SessionPorts,
    private readonly name: string | null,
    private readonly events: SessionEvents,
  ) {}

  /** Begins; never rejects: what goes wrong is told as a state. */
  start(): void {
    this.#running ??= this.#join();
  }

  /**
   * The device, loaded with what the room carries.
   * @throws CarriagewayError `live-connection-lost` before the first joining
   */
  get device(): Device {
    if (!this.#device) throw new CarriagewayError('live-connection-lost', 'not joined yet');
    return this.#device;
  }

  /** Milliseconds to be added to the clock here for the server's; null before it was asked. */
  get clock(): number | null {
    return this.#clock;
  }

  /** @throws CarriagewayError one of the `live-` codes */
  request<M extends Method>(method: M, data: RequestData<M>): Promise<AnswerData<M>> {
    const signalling = this.#signalling;
    if (!signalling) return Promise.reject(new CarriagewayError('live-connection-lost', method));
    return signalling.request(method, data);
  }

  /** The transport of a direction, made when first asked for. */
  transport(direction: Direction): Promise<types.Transport> {
    let transport = this.#transports.get(direction);
    if (!transport) {
      transport = this.#createTransport(direction);
      this.#transports.set(direction, transport);
      // A failed try must not be kept.
      transport.catch(() => {
        if (this.#transports.get(direction) === transport) this.#transports.delete(direction);
      });
    }
    return transport;
  }

  /** Tries at once to get through: the network has changed, or came back. */
  refresh(): void {
    void this.#restartAll();
  }

  /** Joins as if for the first time: what was begun and not finished is not kept. Never rejects. */
  async rejoin(): Promise<void> {
    const signalling = this.#signalling;
    if (!signalling || this.#left) return;
    this.#signalling = null;
    this.#resume = null;
    // Said, so that what is half there goes before it comes anew.
    await signalling.request('leave', {}).catch(() => {});
    signalling.close();
    if (!this.#left) await this.#join();
  }

  /** Breaks the connection as a network would: for tests. */
  drop(): void {
    this.#signalling?.drop();
  }

  /** Leaves the room and releases everything. */
  async leave(): Promise<void> {
    if (this.#left) return;
    this.#left = true;
    const signalling = this.#signalling;
    this.#signalling = null;
    // Said, so that the others need not wait for this peer to come back.
    await signalling?.request('leave', {}).catch(() => {});
    signalling?.close();
    await this.#dropTransports();
    this.events.state('left', null);
  }

  async #join(): Promise<void> {
    this.events.state('joining', null);
    while (!this.#left) {
      try {
        await this.ports.wait(retryDelay(this.#attempt++, this.ports.random()));
        if (this.#left) return;
        await this.#connect();
        return;
      } catch (thrown) {
        const error = reportOf(thrown, 'live-unreachable');
        this.#signalling?.close();
        this.#signalling = null;
        if (this.#left) return;
        if (FINAL.has(error.code)) {
          await this.#dropTransports();
          this.events.state('refused', error);
          return;
        }
        this.events.state('reconnecting', error);
      }
    }
  }

  async #connect(): Promise<void> {
    const { ports } = this;
    const token = await ports.token();
    const signalling = await Signalling.open(
      ports.url,
      ports.Socket,
      (notification) => {
        if (notification.event === 'token-ends') void this.#renew(token);
        else this.events.notification(notification);
      },
      (ending) => this.#lost(signalling, ending),
    );
    if (this.#left) {
      signalling.close();
      return;
    }
    this.#signalling = signalling;
    const answer = await signalling.request('join', {
      token,
      ...(this.name === null ? {} : { name: this.name }),
      ...(this.#resume ? { resume: this.#resume } : {}),
    });
    if (!this.#device) {
      const device = await ports.createDevice();
      await device.load({ routerRtpCapabilities: answer.rtpCapabilities as types.RtpCapabilities });
      this.#device = device;
    }
    this.#resume = { peer: answer.peer, key: answer.key };
    this.#clockAsked = this.#askClock(signalling);
    this.#attempt = 0;
    this.events.state('joined', null);
    if (answer.resumed) {
      this.events.resumed(answer);
      void this.#restartAll();
    } else {
      await this.#dropTransports();
      this.events.joined(answer);
    }
  }

  /** Never rejects: a clock that is not told is not known, and that is all. */
  async #askClock(signalling: Signalling): Promise<void> {
    const ask = async () => (await signalling.request('clock', {})).now;
    this.#clock = await clockOffset(ask).catch(() => null);
  }

  /** Shows another token where one is to be had; without, the connection ends with the one at hand. */
  async #renew(shown: string): Promise<void> {
    try {
      const token = await this.ports.token();
      if (token !== shown) await this.request('renew', { token });
    } catch {
      // Said when the connection ends.
    }
  }

  #lost(signalling: Signalling, ending: Ending): void {
    if (this.#signalling !== signalling || this.#left) return;
    this.#signalling = null;
    const error = reportOf(
      new CarriagewayError(
        ENDINGS[ending.code] ?? (ending.final ? 'live-token-invalid' : 'live-connection-lost'),
        `code ${ending.code}`,
      ),
      'live-connection-lost',
    );
    if (ending.final) {
      void this.#dropTransports();
      this.events.state('refused', error);
      return;
    }
    this.events.state('reconnecting', error);
    void this.#join();
  }

  async #createTransport(direction: Direction): Promise<types.Transport> {
    const { sctpParameters, ...answer } = await this.request('createTransport', { direction });
    const options = {
      ...answer,
      ...(sctpParameters ? { sctpParameters } : {}),
    } as unknown as types.TransportOptions;
    const transport =
      direction === 'send'
        ? this.device.createSendTransport(options)
        : this.device.createRecvTransport(options);
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      this.request('connectTransport', {
        transport: transport.id,
        dtlsParameters: { ...dtlsParameters },
      }).then(done, failed);
    });
    transport.on('produce', ({ rtpParameters }, done, failed) => {
      this.#produce(transport.id, { ...rtpParameters }).then(({ vehicle }) => done({ id: vehicle }), failed);
    });
    transport.on('producedata', ({ sctpStreamParameters }, done, failed) => {
      this.request('produceData', {
        transport: transport.id,
        sctpStreamParameters: { ...sctpStreamParameters },
      }).then(({ source }) => done({ id: source }), failed);
    });
    transport.on('connectionstatechange', (state) => void this.#heal(transport, state));
    return transport;
  }

  /** Says how the clock here goes, for whoever looks: a picture tells when it was taken by this one. */
  async #produce(transport: string, rtpParameters: object): Promise<AnswerData<'produce'>> {
    await Promise.race([this.#clockAsked, this.ports.wait(CLOCK_PATIENCE)]);
    const clock = this.#clock === null ? {} : { clock: this.#clock };
    return this.request('produce', { transport, rtpParameters: { ...rtpParameters }, ...clock });
  }

  /** A transport that lost its way gets a fresh ICE, while the connection to the server stands. */
  async #heal(transport: types.Transport, state: types.ConnectionState): Promise<void> {
    if (state === 'disconnected') await this.ports.wait(PATIENCE);
    const broken = transport.connectionState === 'failed' || transport.connectionState === 'disconnected';
    if (!broken || transport.closed || this.#left) return;
    await this.#restart(transport);
  }

  async #restartAll(): Promise<void> {
    for (const pending of this.#transports.values()) {
      const transport = await pending.catch(() => null);
      if (transport && transport.connectionState !== 'new') await this.#restart(transport);
    }
  }

  async #restart(transport: types.Transport): Promise<void> {
    try {
      const { iceParameters, iceServers } = await this.request('restartIce', { transport: transport.id });
      // Their credentials end, and these are new.
      if (iceServers.length > 0)
        await transport.updateIceServers({ iceServers: iceServers as RTCIceServer[] });
      await transport.restartIce({ iceParameters: iceParameters as unknown as types.IceParameters });
    } catch {
      // No connection to the server: it is being taken up, and then this is done again.
    }
  }

  async #dropTransports(): Promise<void> {
    const pending = [...this.#transports.values()];
    this.#transports.clear();
    for (const transport of await Promise.allSettled(pending))
      if (transport.status === 'fulfilled') transport.value.close();
  }
}
