/**
 * One WebSocket: texts in, checked by size, rate and schema before anything else; answers and notifications out. What
 * goes wrong inside is logged here and told as one word.
 */
import type { WebSocket } from 'ws';
import {
  CLOSE_CODES,
  type Method,
  REQUESTS,
  type Refusal,
  type RequestData,
  requestEnvelope,
} from '../../live/protocol.ts';
import { within } from '../deadline.ts';
import type { Log } from '../log.ts';
import type { Lobby } from './lobby.ts';
import type { LiveMetrics } from './metrics.ts';
import type { Peer } from './peer.ts';
import type { PeerSocket } from './peer-ports.ts';
import type { RateLimit } from './rate-limit.ts';
import { Refused } from './refused.ts';

/** Bytes that may wait to be sent; a reader this far behind is gone. */
const BACKLOG_MAX = 1024 * 1024;

/** Requests that may wait for those before them: while a media worker is asked for an answer, nobody piles up more. */
const WAITING_MAX = 256;

/** Milliseconds between pings; a socket that leaves one unanswered is dead, whatever TCP believes. */
const PING_INTERVAL = 15_000;

/** A ping that is so much later than it should be says that this process stood still, and nothing of the other side. */
const OWN_STALL = 1.2;

/** With which code a socket is closed whose joining was refused. */
const JOIN_CLOSES: Readonly<Partial<Record<Refusal, keyof typeof CLOSE_CODES>>> = {
  'not-ready': 'again',
  'held-back': 'again',
  failed: 'again',
  closed: 'again',
  'too-many': 'full',
  'too-fast': 'tooFast',
  expired: 'expired',
  malformed: 'malformed',
};

let count = 0;

/** Serves one socket until it closes. */
export class Connection implements PeerSocket {
  readonly #name = `connection-${++count}`;
  #peer: Peer | null = null;
  /** Requests are answered one after the other: none sees another's half-made change. */
  #queue: Promise<void> = Promise.resolve();
  /** How many wait in it. */
  #waiting = 0;
  #alive = true;
  #pingedAt = performance.now();
  #closing = false;
  readonly #deadline: NodeJS.Timeout;
  readonly #pulse: NodeJS.Timeout;
  #log: Log;

  /**
   * @param address it comes from
   * @param rate shared by all connections, keyed by connection
   * @param onJoined called once it has joined
   */
  constructor(
    private readonly socket: WebSocket,
    private readonly address: string,
    private readonly lobby: Lobby,
    private readonly rate: RateLimit,
    private readonly metrics: LiveMetrics,
    log: Log,
    private readonly onJoined: () => void,
  ) {
    this.#log = log.child({ connection: this.#name });
    this.#deadline = setTimeout(() => this.close('unauthorised'), lobby.limits.joinTime);
    this.#pulse = setInterval(() => this.#ping(), PING_INTERVAL);
    socket.on('pong', () => {
      this.#alive = true;
    });
    socket.on('message', (data, binary) => {
      // Whoever was sent away may go on talking until the socket is gone.
      if (this.#closing) return;
      if (!rate.take(this.#name) || this.#waiting >= WAITING_MAX) return this.close('tooFast');
      if (binary) return this.close('malformed');
      const text = String(data);
      this.#waiting++;
      this.#queue = this.#queue.then(() => this.#receive(text)).finally(() => this.#waiting--);
    });
    // Too large, not UTF-8, not a frame: `ws` closes the socket by itself.
    socket.on('error', () => metrics.count('refused', 'malformed'));
    socket.on('close', () => this.#ended());
  }

  send(message: object): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > BACKLOG_MAX) this.socket.terminate();
    else this.socket.send(JSON.stringify(message));
  }

  close(code: keyof typeof CLOSE_CODES): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#log.info({ code }, 'closed by the server');
    if (code !== 'again' && code !== 'replaced') this.metrics.count('closed', code);
    this.socket.close(CLOSE_CODES[code], code);
  }

  async #receive(text: string): Promise<void> {
    if (this.#closing) return;
    const envelope = requestEnvelope.safeParse(parse(text));
    if (!envelope.success) {
      this.metrics.count('refused', 'malformed');
      return this.close('malformed');
    }
    const { id, method, data } = envelope.data;
    try {
      const checked = REQUESTS[method].safeParse(data);
      if (!checked.success) throw new Refused('malformed');
      const limit = this.lobby.limits.answerTime;
      const answer = await within(this.#answer(method, checked.data), limit, method);
      this.send({ id, ok: true, data: answer });
    } catch (thrown) {
      const refusal = this.#refusalOf(thrown, method);
      this.metrics.count('refused', refusal);
      this.send({ id, ok: false, refusal });
      if (method === 'join') this.close(JOIN_CLOSES[refusal] ?? 'unauthorised');
    }
  }

  async #answer(method: Method, data: unknown): Promise<object> {
    if (method === 'join') {
      if (this.#peer) throw new Refused('forbidden');
      const { peer, answer } = await this.lobby.join(data as never, this, this.address);
      clearTimeout(this.#deadline);
      this.#peer = peer;
      const { room, role, hash } = peer.grant;
      this.#log = this.#log.child({ room, peer: peer.id, role, token: hash });
      this.#log.info({ name: peer.name, resumed: answer.resumed }, 'joined');
      // The socket may have closed while the token was read.
      if (this.socket.readyState !== this.socket.OPEN) peer.detach(this);
      this.onJoined();
      return answer;
    }
    const peer = this.#peer;
    if (!peer) throw new Refused('unauthorised');
    if (peer.closed) throw new Refused('closed');
    if (method === 'leave') {
      peer.close(null);
      // After the answer.
      setImmediate(() => this.socket.close(1000));
      return {};
    }
    if (method === 'renew') {
      const grant = await this.lobby.tokens.read((data as RequestData<'renew'>).token);
      peer.renew(grant);
      return { expires: grant.expires };
    }
    if (method === 'clock') return { now: Date.now() };
    // Checked by the schema of the same method.
    return peer[method](data as never);
  }

  /** One word for the client; whatever we did not foresee is ours to read in the log. */
  #refusalOf(thrown: unknown, method: Method): Refusal {
    if (thrown instanceof Refused) return thrown.refusal;
    // mediasoup throws a TypeError for parameters that make no sense: the client's doing.
    if (thrown instanceof TypeError) return 'malformed';
    this.#log.error({ err: thrown, method }, 'request failed');
    return 'failed';
  }

  #ping(): void {
    const now = performance.now();
    // Where this process itself stood still, an answer may have come and wait to be read.
    const stalled = now - this.#pingedAt > PING_INTERVAL * OWN_STALL;
    this.#pingedAt = now;
    if (!this.#alive && !stalled) {
      this.socket.terminate();
      return;
    }
    this.#alive = false;
    this.socket.ping();
  }

  #ended(): void {
    clearTimeout(this.#deadline);
    clearInterval(this.#pulse);
    this.rate.forget(this.#name);
    if (this.#peer) this.#log.info('socket ended');
    this.#peer?.detach(this);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
