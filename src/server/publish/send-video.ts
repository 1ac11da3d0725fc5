/**
 * Sends a video into a room: joins over the same WebSocket as a page, is given a port for RTP, and lets ffmpeg send
 * there. When server, network or ffmpeg fail, it joins again.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { CarriagewayError, ERROR_COPY, type ErrorCode } from '../../errors.ts';
import { retryDelay } from '../../live/backoff.ts';
import { CLOSE_CODES, type Notification, SOCKET_PATH, TOKEN_PATH, tokenAnswer } from '../../live/protocol.ts';
import { Signalling, type SocketClass } from '../../live/signalling.ts';
import {
  type Destination,
  encodesH264,
  ffmpegArguments,
  isCamera,
  type Plan,
  planFor,
  printable,
  probe,
  repack,
} from './ffmpeg.ts';
import type { PublishOptions } from './options.ts';

/** Codes that trying again will not change. */
const FINAL: ReadonlySet<string> = new Set([
  'live-token-missing',
  'live-token-invalid',
  'live-token-expired',
  'live-removed',
]);

/** Milliseconds for which a silence that the server tells of is borne: it may be the network's. */
const SILENCE_BORNE = 3000;

/** What it means when the server ends a connection so. */
const ENDINGS: Readonly<Record<number, ErrorCode>> = {
  [CLOSE_CODES.expired]: 'live-token-expired',
  [CLOSE_CODES.removed]: 'live-removed',
};

/** Lines of ffmpeg's complaints that are shown when it fails. */
const COMPLAINTS = 5;

/** A folder for one copy, gone when it is disposed of. */
class Scratch implements AsyncDisposable {
  private constructor(private readonly folder: string) {}

  static async make(): Promise<Scratch> {
    return new Scratch(await mkdtemp(join(tmpdir(), 'carriageway-')));
  }

  get file(): string {
    return join(this.folder, 'video.ts');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** What sending needs of the outside. */
export interface SendPorts {
  /** Told what goes well, and what does not: passwords are never in it. */
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
  /** The way to where the server said; tests have datagrams go through what a network does to them. */
  readonly way?: (to: Destination) => Promise<Destination>;
  readonly Socket?: new (url: string) => WebSocket;
}

/**
 * Sends until told to stop.
 * @param signal ends it
 * @returns whether it ended because it was told to; what it cannot mend was complained of
 */
export async function sendVideo(
  options: PublishOptions,
  signal: AbortSignal,
  ports: SendPorts,
): Promise<boolean> {
  const { say, complain } = ports;
  const found = await probe(options.input, signal);
  if (signal.aborted) return true;
  if (!found) {
    complain(`${printable(options.input)} is no video that can be read (ffmpeg and ffprobe are needed).`);
    return false;
  }
  const h264 = await encodesH264();
  let plan = planFor(found, h264, options.transcode);
  await using copy = await Scratch.make();
  let input = options.input;
  if (plan.copy && !isCamera(input)) {
    if (await repack(input, found.stream, copy.file)) input = copy.file;
    else plan = planFor(found, h264, true);
  }
  say(
    plan.copy
      ? `Sending ${found.codec} ${found.profile} as it is.`
      : `Encoding as ${plan.codec === 'h264' ? 'H.264' : 'VP8'}: ${plan.reason}.`,
  );
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      await sleep(retryDelay(attempt, Math.random()), undefined, { signal });
      const ending = await stay({ ...options, input }, plan, signal, ports);
      attempt = 0;
      const code = ending === null ? undefined : ENDINGS[ending];
      // A token from the server is asked for anew; one that was given ends here.
      if (code !== undefined && (code === 'live-removed' || options.token !== null))
        throw new CarriagewayError(code);
      if (ending === CLOSE_CODES.tooFast && plan.copy) {
        complain('The server lets less through than this video has; it is encoded anew from now on.');
        plan = planFor(found, h264, true);
        input = options.input;
      }
    } catch (thrown) {
      if (signal.aborted) break;
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      const away = thrown instanceof CarriagewayError && thrown.code === 'live-unreachable';
      if (thrown instanceof CarriagewayError && FINAL.has(thrown.code)) {
        complain(ERROR_COPY[thrown.code]);
        return false;
      }
      complain(away ? `${options.server} cannot be reached; trying again.` : printable(message));
    }
  }
  return true;
}

/** One stay in the room. @returns the code with which the server ended it, null when something else did */
async function stay(
  options: PublishOptions,
  plan: Plan,
  signal: AbortSignal,
  { say, complain, way = async (to) => to, Socket = WebSocket }: SendPorts,
): Promise<number | null> {
  const url = new URL(SOCKET_PATH, options.server);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  let end: (reason: string) => void = () => {};
  const over = new Promise<string>((resolve) => {
    end = resolve;
  });
  let ended: number | null = null;
  const stop = () => end('stopped');
  signal.addEventListener('abort', stop, { once: true });
  let child: ChildProcess | null = null;
  let silence: NodeJS.Timeout | undefined;
  let joined = '';
  const hear = (notification: Notification) => {
    if (notification.event === 'token-ends') void renew();
    if (notification.event !== 'vehicle-silent') return;
    clearTimeout(silence);
    if (!notification.silent) return;
    complain(`The server hears nothing of ${options.name}.`);
    // Another port or address on the way: only joining anew makes the way known again.
    silence = setTimeout(() => end('nothing arrived at the server'), SILENCE_BORNE);
  };
  const renew = async () => {
    try {
      const next = await token(options);
      if (next !== joined) await signalling.request('renew', { token: next });
      joined = next;
    } catch {
      // Said when the connection ends.
    }
  };
  const signalling = await Signalling.open(
    url.href,
    // `ws` has the part of a browser's WebSocket that is used.
    Socket as unknown as SocketClass,
    hear,
    ({ code }) => {
      ended = code;
      end(`the connection ended (${code})`);
    },
  );
  try {
    joined = await token(options);
    await signalling.request('join', { token: joined, name: options.name });
    const to = await signalling.request('ingest', { codec: plan.codec, profile: plan.profile });
    // The server may tell an address of its own that is not reached from here; its name was.
    const address = to.address === '0.0.0.0' ? new URL(options.server).hostname : to.address;
    const complaints: string[] = [];
    child = spawn('ffmpeg', ffmpegArguments(options.input, plan, await way({ ...to, address })), {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaints.push(...text.trim().split('\n'));
      complaints.splice(0, complaints.length - COMPLAINTS);
    });
    child.once('error', () => end('ffmpeg could not be started'));
    child.once('exit', (code) =>
      end(printable(`ffmpeg ended (${code ?? 'killed'}): ${complaints.join(' ')}`)),
    );
    say(`${options.name} is live in ${options.room} (SRTP to ${address}:${to.port}).`);
    const reason = await over;
    if (!signal.aborted) complain(`${reason}; joining again.`);
    await signalling.request('leave', {}).catch(() => {});
    return ended;
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(silence);
    child?.removeAllListeners('exit');
    child?.kill('SIGKILL');
    signalling.close();
  }
}

/**
 * The token that was given, one that it may ask for where it is a viewer's who may invite, or the secret's.
 * @throws CarriagewayError `live-token-missing`, `live-unreachable`
 */
async function token({ token: given, secret, room, server }: PublishOptions): Promise<string> {
  if (given !== null && !mayInvite(given)) return given;
  const bearer = given ?? secret;
  let response: Response;
  try {
    response = await fetch(new URL(TOKEN_PATH, server), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      },
      body: JSON.stringify({ room, role: 'publish', seconds: 86_400 }),
    });
  } catch (cause) {
    throw new CarriagewayError('live-unreachable', server, { cause });
  }
  if (response.status === 401 || response.status === 403)
    throw new CarriagewayError('live-token-missing', `status ${response.status}`);
  if (!response.ok) throw new CarriagewayError('live-unreachable', `status ${response.status}`);
  return tokenAnswer.parse(await response.json()).token;
}

/** Whether a token says that its holder may invite; what it says is checked by the server alone. */
function mayInvite(token: string): boolean {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return invitation.safeParse(claims).data?.may.includes('invite') ?? false;
  } catch {
    return false;
  }
}

const invitation = z.object({ may: z.array(z.string()) });
