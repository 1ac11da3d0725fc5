/**
 * One connection between ffmpeg and a camera: requests go out with the camera's own address, a login as it asks for it,
 * and numbers of their own; of answers goes in what ffmpeg needs, and never where else it could ask.
 */
import type { Socket } from 'node:net';
import { authorize, type Login, loginOf } from './rtsp-login.ts';
import { NoRtsp, type RtspMessage, RtspReader, writeRtsp } from './rtsp-messages.ts';

/** Most requests that wait for their answers. */
const WAITING_MAX = 16;

/** How often a request is made: without a login, and with the one that was asked for. */
const TRIES = 2;

/** What of an answer ffmpeg is told. */
const TOLD = ['content-type', 'content-base', 'public', 'session', 'transport', 'rtp-info', 'range'];

/** A request that was not answered yet. */
interface Waiting {
  readonly method: string;
  readonly uri: string;
  /** As it goes out, without number and login. */
  readonly headers: readonly (readonly [string, string])[];
  /** Its number inside. */
  readonly number: string;
  tries: number;
}

/** What a connection asks and tells. */
interface ConnectionEvents {
  /** The camera sends on. @returns what ffmpeg calls that place; null where it must not go */
  sentOn(location: string): string | null;
  /** A sentence on why nothing comes through; without passwords. */
  complain(sentence: string): void;
}

/** Owns neither of its sockets. */
export class CameraConnection {
  readonly #reader = new RtspReader();
  readonly #waiting = new Map<string, Waiting>();
  #number = 0;
  /** What the camera wants to be shown, once it said so. */
  #challenges: readonly string[] = [];
  readonly #login: Login | null;
  /** The camera's address without name and password. */
  readonly #bare: string;

  /**
   * @param name what ffmpeg calls the camera @param place where that is
   * @param inside to ffmpeg @param outside to the camera
   */
  constructor(
    private readonly name: string,
    private readonly place: URL,
    private readonly inside: Socket,
    private readonly outside: Socket,
    private readonly events: ConnectionEvents,
  ) {
    this.#login = loginOf(place);
    const bare = new URL(place.href);
    bare.username = '';
    bare.password = '';
    this.#bare = bare.href;
    inside.on('drain', () => outside.resume());
    outside.on('data', (bytes) => this.#hear(bytes));
  }

  /** A packet from ffmpeg: how well it receives. */
  send(packet: Buffer): void {
    this.outside.write(packet);
  }

  /** A request from ffmpeg. @throws NoRtsp too many at once */
  ask({ start, headers }: RtspMessage): void {
    const [method = '', address = ''] = start.split(' ');
    if (this.#waiting.size >= WAITING_MAX) throw new NoRtsp('too many requests');
    const uri = address.startsWith(this.name) ? this.#bare + address.slice(this.name.length) : address;
    const kept = [...headers].filter(([name]) => !/^(cseq|authorization|content-length)$/.test(name));
    this.#ask({ method, uri, headers: kept, number: headers.get('cseq') ?? '', tries: 0 });
  }

  #ask(waiting: Waiting): void {
    const { method, uri, headers } = waiting;
    waiting.tries++;
    const number = String(++this.#number);
    this.#waiting.set(number, waiting);
    const login = this.#login;
    const shown = login && authorize(this.#challenges, login, method, uri);
    const own = [['CSeq', number] as const, ...(shown ? [['Authorization', shown] as const] : [])];
    this.outside.write(writeRtsp(`${method} ${uri} RTSP/1.0`, [...own, ...headers]));
  }

  #hear(bytes: Buffer): void {
    try {
      for (const said of this.#reader.read(bytes)) {
        if (Buffer.isBuffer(said)) this.#tell(said);
        else this.#answer(said);
      }
    } catch (thrown) {
      if (!(thrown instanceof NoRtsp)) throw thrown;
      this.events.complain(`${this.place.host} speaks no RTSP (${thrown.message}).`);
      this.outside.destroy();
    }
  }

  /** @throws NoRtsp what is no answer to anything */
  #answer({ start, headers, challenges, body }: RtspMessage): void {
    const [, status] = /^RTSP\/\d\.\d (\d{3})(?: |$)/.exec(start) ?? [];
    // A camera may ask something, too; ffmpeg has nothing to answer.
    if (status === undefined && /^[A-Z_]+ \S+ RTSP\/\d\.\d$/.test(start)) return;
    const number = headers.get('cseq') ?? '';
    const waiting = this.#waiting.get(number);
    if (status === undefined || !waiting) throw new NoRtsp('an answer to nothing');
    this.#waiting.delete(number);
    if (status === '401') {
      this.#challenges = challenges;
      const login = this.#login;
      if (login && waiting.tries < TRIES && authorize(challenges, login, waiting.method, waiting.uri)) {
        this.#ask(waiting);
        return;
      }
      this.events.complain(
        `${this.place.host} ${login ? 'does not take the name and password' : 'asks for a name and a password'}.`,
      );
    }
    const told = TOLD.flatMap((name) => {
      const value = headers.get(name);
      return value === undefined ? [] : [[name, value] as const];
    });
    if (status.startsWith('3')) {
      const location = this.events.sentOn(headers.get('location') ?? '');
      if (location === null) {
        this.outside.destroy();
        return;
      }
      told.push(['Location', location]);
    }
    this.#tell(writeRtsp(`RTSP/1.0 ${status} .`, [['CSeq', waiting.number], ...told], body));
  }

  #tell(bytes: Buffer): void {
    if (!this.inside.write(bytes)) this.outside.pause();
  }
}
