/**
 * The only way from ffmpeg to a camera: a door on this machine through which it reaches that camera and, where the
 * camera sends it on, hosts that the owner allows. ffmpeg itself goes wherever a camera points, so it is never told where
 * the camera is, nor its password.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { CameraConnection } from './camera-connection.ts';
import { NoRtsp, type RtspMessage, RtspReader } from './rtsp-messages.ts';

/** This machine, and nobody else. */
const HERE = '127.0.0.1';

/** Where cameras listen (RFC 2326, 3.2). */
const PORTS: Readonly<Record<string, number>> = { 'rtsp:': 554, 'rtsps:': 322 };

/** Milliseconds in which a camera is reached, and for which it may say nothing. */
const CONNECT_LIMIT = 10_000;
const SILENCE_LIMIT = 30_000;

/** Most places that a camera may send on to: from one to the next, or another each time. */
const PLACES_MAX = 4;

/** Whether an address is of RTSP, and of a host that is allowed. @param hosts names and addresses, as in the address */
export function mayPull(url: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return /^rtsps?:$/.test(protocol) && hosts.includes(hostname.toLowerCase());
}

/** Owns its sockets. */
export class CameraGate implements AsyncDisposable {
  /** Where the camera is, and where it sent on to, by what ffmpeg calls it. */
  readonly #places = new Map<string, URL>();
  readonly #sockets = new Set<Socket>();
  readonly #first: string;

  private constructor(
    private readonly server: Server,
    camera: string,
    private readonly hosts: readonly string[],
    /** Told in a sentence why nothing comes through; without passwords. */
    private readonly complain: (sentence: string) => void,
  ) {
    this.#first = this.#name(new URL(camera))!;
    server.on('connection', (socket) => this.#serve(socket));
  }

  /** @param camera an address that may be pulled from @param hosts those that it may send on to */
  static async open(
    camera: string,
    hosts: readonly string[],
    complain: (sentence: string) => void,
  ): Promise<CameraGate> {
    const server = createServer().listen(0, HERE);
    await once(server, 'listening');
    return new CameraGate(server, camera, hosts, complain);
  }

  /** What ffmpeg is told in place of the camera's address. */
  get url(): string {
    return this.#first;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** What ffmpeg calls a place; null where there are too many. */
  #name(place: URL): string | null {
    for (const [name, known] of this.#places) if (known.href === place.href) return name;
    if (this.#places.size > PLACES_MAX) return null;
    const address = this.server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    // Nobody else on this machine comes through.
    const name = `rtsp://${HERE}:${port}/${randomBytes(12).toString('hex')}`;
    this.#places.set(name, place);
    return name;
  }

  #serve(inside: Socket): void {
    this.#own(inside);
    const reader = new RtspReader();
    let way: CameraConnection | null = null;
    inside.on('data', (bytes) => {
      try {
        for (const said of reader.read(bytes)) {
          if (Buffer.isBuffer(said)) {
            way?.send(said);
            continue;
          }
          way ??= this.#wayFor(said, inside);
          way.ask(said);
        }
      } catch (thrown) {
        if (!(thrown instanceof NoRtsp)) throw thrown;
        inside.destroy();
      }
    });
  }

  /** @throws NoRtsp what asks for no place that is known */
  #wayFor({ start }: RtspMessage, inside: Socket): CameraConnection {
    const uri = start.split(' ')[1] ?? '';
    const found = [...this.#places].find(([name]) => uri.startsWith(name));
    if (!found) throw new NoRtsp('nobody’s');
    const [name, place] = found;
    const outside = reach(place);
    this.#own(outside);
    const { host } = place;
    let reached = false;
    outside.setTimeout(CONNECT_LIMIT, () => {
      this.complain(`${host} ${reached ? 'says nothing any more' : 'cannot be reached (no answer)'}.`);
      outside.destroy();
    });
    outside.once(place.protocol === 'rtsps:' ? 'secureConnect' : 'connect', () => {
      reached = true;
      outside.setTimeout(SILENCE_LIMIT);
    });
    outside.once('error', ({ code = '' }: NodeJS.ErrnoException) => {
      if (!reached) this.complain(`${host} cannot be reached (${code}).`);
    });
    outside.once('close', () => inside.destroy());
    // What was said last still goes out: the camera is told that nobody looks any more.
    inside.once('close', () => outside.destroySoon());
    const events = {
      sentOn: (location: string) => this.#sentOn(place, location),
      complain: this.complain,
    };
    return new CameraConnection(name, place, inside, outside, events);
  }

  /** Where a camera sends on to. @returns what ffmpeg calls it; null where it must not go */
  #sentOn(from: URL, location: string): string | null {
    const to = location !== '' && URL.canParse(location, from.href) ? new URL(location, from.href) : null;
    if (!to || !mayPull(to.href, this.hosts)) {
      this.complain(`${from.host} sends on to ${to?.host || 'nowhere'}, which --pull does not allow.`);
      return null;
    }
    // A password is for the host that it was given for.
    if (to.host === from.host && to.username === '')
      [to.username, to.password] = [from.username, from.password];
    const name = this.#name(to);
    const order = [...this.#places.keys()];
    // Always on, so that ffmpeg comes to an end; it would go round for ever.
    const on = name !== null && order.indexOf(name) > [...this.#places.values()].indexOf(from);
    if (!on) this.complain(`${from.host} sends on too often, or in a circle.`);
    return on ? name : null;
  }

  #own(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
  }
}

function reach({ protocol, hostname, port }: URL): Socket {
  const host = hostname.replace(/^\[|\]$/g, '');
  const to = { host, port: port === '' ? (PORTS[protocol] ?? 0) : Number(port) };
  // Cameras make their own certificates.
  return protocol === 'rtsps:' ? connectSecurely({ ...to, rejectUnauthorized: false }) : connect(to);
}
