/**
 * A camera that speaks RTSP (RFC 2326) over TCP, as far as ffmpeg needs it: ffmpeg makes the packets of a clip, and
 * whoever plays gets them interleaved in the connection.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** First byte of an interleaved packet, and the channel it goes through (RFC 2326, 10.12). */
const DOLLAR = 0x24;
const CHANNEL = 0;

/** How a camera behaves, if other than usual. */
interface Behaviour {
  /** Address that it listens at. */
  readonly host?: string;
  /** Where it sends whoever asks what it shows (RFC 2326, 11.3). */
  readonly sendsOnTo?: string;
  /** What it wants to be shown before it says anything of that (RFC 2617, by MD5). */
  readonly login?: { readonly name: string; readonly password: string };
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** Owns its sockets and its ffmpeg. */
export class RtspCamera implements AsyncDisposable {
  readonly #players = new Set<Socket>();
  readonly #sockets = new Set<Socket>();
  /** Connections that were made to it. */
  connections = 0;
  /** First lines of the requests it got. */
  readonly requests: string[] = [];

  private constructor(
    private readonly server: Server,
    private readonly packets: Datagrams,
    private readonly ffmpeg: ChildProcess,
    private readonly description: string,
    private readonly behaviour: Behaviour,
  ) {
    server.on('connection', (socket) => this.#serve(socket));
    packets.on('message', (packet) => {
      const head = Buffer.from([DOLLAR, CHANNEL, packet.length >> 8, packet.length & 255]);
      for (const player of this.#players) player.write(Buffer.concat([head, packet]));
    });
  }

  /** Shows a clip, over and over. @param clip H.264 in a container whose header holds the parameter sets */
  static async show(clip: string, behaviour: Behaviour = {}): Promise<RtspCamera> {
    const packets = createSocket('udp4').bind(0, '127.0.0.1');
    await once(packets, 'listening');
    const to = `rtp://127.0.0.1:${packets.address().port}?pkt_size=1200`;
    const ffmpeg = spawn(
      'ffmpeg',
      ['-loglevel', 'error', '-re', '-stream_loop', '-1', '-i', clip, '-an', '-c:v', 'copy', '-f', 'rtp', to],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    // It says on its output what it sends.
    let said = '';
    for await (const text of ffmpeg.stdout!.setEncoding('utf8')) {
      said += text;
      if (/a=fmtp:.*\r?\n/.test(said)) break;
    }
    const lines = said.split(/\r?\n/).filter((line) => /^[a-z]=/.test(line) && !line.startsWith('c='));
    const description = [...lines, 'a=control:track1', ''].join('\r\n').replace(/m=video \d+/, 'm=video 0');
    const server = createServer().listen(0, behaviour.host ?? '127.0.0.1');
    await once(server, 'listening');
    return new RtspCamera(server, packets, ffmpeg, description, behaviour);
  }

  /** Its address. */
  get url(): string {
    const address = this.server.address();
    return `rtsp://${this.behaviour.host ?? '127.0.0.1'}:${typeof address === 'object' && address ? address.port : 0}/street`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.ffmpeg.kill('SIGKILL');
    for (const socket of this.#sockets) socket.destroy();
    this.packets.close();
    this.server.close();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    this.connections++;
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#players.delete(socket);
      this.#sockets.delete(socket);
    });
    let said = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      // Reports on what arrived come interleaved, too; nobody here reads them.
      said += text.replace(/\$[\s\S]*?(?=[A-Z]{4,} rtsp|$)/g, '');
      for (let end = said.indexOf('\r\n\r\n'); end >= 0; end = said.indexOf('\r\n\r\n')) {
        this.#answer(socket, said.slice(0, end));
        said = said.slice(end + 4);
      }
    });
  }

  #answer(socket: Socket, request: string): void {
    const method = request.split(' ')[0] ?? '';
    const header = (name: string) => new RegExp(`^${name}: *(.*)$`, 'im').exec(request)?.[1]?.trim() ?? '';
    this.requests.push(request.split('\r\n')[0] ?? '');
    const { sendsOnTo } = this.behaviour;
    const other =
      method === 'OPTIONS'
        ? null
        : !this.#knows(method, header('Authorization'))
          ? ['401 Unauthorized', 'WWW-Authenticate: Digest realm="here", nonce="one"']
          : sendsOnTo
            ? ['302 Found', `Location: ${sendsOnTo}`]
            : null;
    if (other) {
      const [status, line] = other;
      socket.write(`RTSP/1.0 ${status}\r\nCSeq: ${header('CSeq')}\r\n${line}\r\n\r\n`);
      return;
    }
    const answers: Readonly<Record<string, readonly string[]>> = {
      OPTIONS: ['Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN'],
      DESCRIBE: ['Content-Type: application/sdp', `Content-Length: ${this.description.length}`],
      SETUP: [`Transport: ${header('Transport')}`, 'Session: 1'],
      PLAY: ['Session: 1'],
    };
    const lines = ['RTSP/1.0 200 OK', `CSeq: ${header('CSeq')}`, ...(answers[method] ?? ['Session: 1'])];
    socket.write(`${lines.join('\r\n')}\r\n\r\n${method === 'DESCRIBE' ? this.description : ''}`);
    if (method === 'PLAY') this.#players.add(socket);
    if (method === 'TEARDOWN') socket.end();
  }

  /** Whether a request shows the login, where one is wanted. */
  #knows(method: string, shown: string): boolean {
    const { login } = this.behaviour;
    if (!login) return true;
    const uri = /uri="([^"]*)"/.exec(shown)?.[1] ?? '';
    const secret = md5(`${login.name}:here:${login.password}`);
    return (
      uri.startsWith(this.url) &&
      shown.includes(`response="${md5(`${secret}:one:${md5(`${method}:${uri}`)}`)}"`)
    );
  }
}
