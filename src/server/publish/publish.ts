/**
 * A dashcam without a browser: joins a room over the same WebSocket as a page, is given a port for RTP, and lets ffmpeg
 * send there. When server, network or ffmpeg fail, it joins again.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { CarriagewayError } from '../../errors.ts';
import { retryDelay } from '../../live/backoff.ts';
import { CLOSE_CODES, SOCKET_PATH, TOKEN_PATH, tokenAnswer } from '../../live/protocol.ts';
import { Signalling, type SocketClass } from '../../live/signalling.ts';
import { encodesH264, ffmpegArguments, isCamera, type Plan, planFor, probe, repack } from './ffmpeg.ts';
import { type PublishOptions, readPublishOptions, USAGE } from './options.ts';

/** Codes that trying again will not change. */
const FINAL: ReadonlySet<string> = new Set([
  'live-token-missing',
  'live-token-invalid',
  'live-token-expired',
]);

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

/**
 * Publishes until told to stop.
 * @param signal ends it
 * @returns exit code
 */
export async function publish(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<number> {
  const options = readPublishOptions(argv, env);
  if (options === 'help' || 'problem' in options) {
    if (options === 'help') console.log(USAGE);
    else console.error(`${options.problem}\n\n${USAGE}`);
    return options === 'help' ? 0 : 1;
  }
  const found = await probe(options.input);
  if (!found) {
    console.error(`${options.input} is no video that can be read (ffmpeg and ffprobe are needed).`);
    return 1;
  }
  const h264 = await encodesH264();
  let plan = planFor(found, h264, options.transcode);
  await using copy = await Scratch.make();
  let input = options.input;
  if (plan.copy && !isCamera(input)) {
    if (await repack(input, copy.file)) input = copy.file;
    else plan = planFor(found, h264, true);
  }
  console.log(
    plan.copy
      ? `Sending ${found.codec} ${found.profile} as it is.`
      : `Encoding as ${plan.codec === 'h264' ? 'H.264' : 'VP8'}: ${plan.reason}.`,
  );
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      await sleep(retryDelay(attempt, Math.random()), undefined, { signal });
      const ending = await stay({ ...options, input }, plan, signal);
      attempt = 0;
      if (ending === CLOSE_CODES.tooFast && plan.copy) {
        console.error('The server lets less through than this video has; it is encoded anew from now on.');
        plan = planFor(found, h264, true);
        input = options.input;
      }
    } catch (thrown) {
      if (signal.aborted) break;
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      const away = thrown instanceof CarriagewayError && thrown.code === 'live-unreachable';
      console.error(away ? `${options.server} cannot be reached; trying again.` : message);
      if (thrown instanceof CarriagewayError && FINAL.has(thrown.code)) return 1;
    }
  }
  return 0;
}

/** One stay in the room. @returns the code with which the server ended it, null when something else did */
async function stay(options: PublishOptions, plan: Plan, signal: AbortSignal): Promise<number | null> {
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
  const signalling = await Signalling.open(
    url.href,
    // `ws` has the part of a browser's WebSocket that is used.
    WebSocket as unknown as SocketClass,
    () => {},
    ({ code }) => {
      ended = code;
      end(`the connection ended (${code})`);
    },
  );
  try {
    await signalling.request('join', { token: await token(options), name: options.name });
    const to = await signalling.request('ingest', { codec: plan.codec, profile: plan.profile });
    // The server may tell an address of its own that is not reached from here; its name was.
    const address = to.address === '0.0.0.0' ? new URL(options.server).hostname : to.address;
    const complaints: string[] = [];
    child = spawn('ffmpeg', ffmpegArguments(options.input, plan, { ...to, address }), {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaints.push(...text.trim().split('\n'));
      complaints.splice(0, complaints.length - COMPLAINTS);
    });
    child.once('error', () => end('ffmpeg could not be started'));
    child.once('exit', (code) => end(`ffmpeg ended (${code ?? 'killed'}): ${complaints.join(' ')}`));
    console.log(`${options.name} is live in ${options.room} (RTP to ${address}:${to.port}).`);
    const reason = await over;
    if (!signal.aborted) console.error(`${reason}; joining again.`);
    await signalling.request('leave', {}).catch(() => {});
    return ended;
  } finally {
    signal.removeEventListener('abort', stop);
    child?.removeAllListeners('exit');
    child?.kill('SIGKILL');
    signalling.close();
  }
}

/** @throws CarriagewayError `live-token-missing`, `live-unreachable` */
async function token({ token: given, secret, room, server }: PublishOptions): Promise<string> {
  if (given !== null) return given;
  let response: Response;
  try {
    response = await fetch(new URL(TOKEN_PATH, server), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
      },
      body: JSON.stringify({ room, role: 'publish', seconds: 86_400 }),
    });
  } catch (cause) {
    throw new CarriagewayError('live-unreachable', server, { cause });
  }
  if (!response.ok) throw new CarriagewayError('live-token-missing', `status ${response.status}`);
  return tokenAnswer.parse(await response.json()).token;
}
