/**
 * Vehicles for the benchmark: one clip, sent over and over by ffmpeg as plain RTP, as a dashcam does. Copying packets
 * costs next to nothing, so that what is measured has the machine to itself.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../src/server/prepare.mjs';
import { type Destination, ffmpegArguments, type Plan } from '../../../src/server/publish/ffmpeg.ts';
import { type Client, join as enter } from '../../harness/live.ts';
import { ToolError } from '../tool-error.ts';

/** The clip's picture. */
export const CLIP = { width: 320, height: 180, rate: 15, seconds: 60 } as const;

/** Bits of the number of the frame, lowest first, as bars across the upper part of the picture. */
export const CODE = { bits: 10, height: 40 } as const;

const PLAN: Plan = { copy: true, codec: 'h264', profile: '42', reason: '', stream: 0, interlaced: false };

/** Makes the clip: bars that count above a pattern that moves. @throws ToolError without ffmpeg */
export function makeClip(): string {
  const folder = join(ROOT, 'test', 'output');
  // MPEG-TS, whose key frames carry what RTP has no header for.
  const path = join(folder, 'live-bench.ts');
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const { width, height, rate, seconds } = CLIP;
  const bar = `mod(floor(N/pow(2,floor(X/${width / CODE.bits}))),2)`;
  const luma = `if(lt(Y,${CODE.height}),16+219*${bar},lum(X,Y))`;
  const keep = (plane: string) => `if(lt(Y,${CODE.height / 2}),128,${plane}(X,Y))`;
  const filter = `format=yuv420p,geq=lum='${luma}':cb='${keep('cb')}':cr='${keep('cr')}'`;
  const codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'baseline', '-g', String(rate)];
  try {
    execFileSync('ffmpeg', [
      ...['-loglevel', 'error', '-y', '-f', 'lavfi'],
      ...['-i', `testsrc2=size=${width}x${height}:rate=${rate}:duration=${seconds}`, '-vf', filter],
      ...[...codec, '-b:v', '600k', '-maxrate', '700k', '-bufsize', '700k', '-f', 'mpegts', `${path}.part`],
    ]);
  } catch {
    throw new ToolError('This benchmark makes its clip with ffmpeg, which is not installed or failed.');
  }
  renameSync(`${path}.part`, path);
  return path;
}

/** The clip of eight megabits a second, where many packets are wanted. */
export const HEAVY = 'heavy';

/** @throws ToolError without ffmpeg */
function makeHeavyClip(): string {
  const path = join(ROOT, 'test', 'output', 'live-bench-heavy.ts');
  if (existsSync(path)) return path;
  const rate = ['-b:v', '8M', '-minrate', '8M', '-maxrate', '8M', '-bufsize', '2M'];
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'baseline', '-g', '15'];
  try {
    execFileSync('ffmpeg', [
      ...['-loglevel', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=15:duration=10'],
      ...['-vf', 'noise=alls=60:allf=t,format=yuv420p', ...codec, ...rate, '-f', 'mpegts', `${path}.part`],
    ]);
  } catch {
    throw new ToolError('This benchmark makes its clip with ffmpeg, which is not installed or failed.');
  }
  renameSync(`${path}.part`, path);
  return path;
}

/** Lets ffmpeg send a clip to a port until it is disposed of. @param clip the usual one, or the heavy one */
export function sendTo(to: Destination, clip: 'usual' | typeof HEAVY = 'usual'): Disposable {
  const path = clip === HEAVY ? makeHeavyClip() : makeClip();
  const child: ChildProcess = spawn('ffmpeg', ffmpegArguments(path, PLAN, to), { stdio: 'ignore' });
  return { [Symbol.dispose]: () => void child.kill('SIGKILL') };
}

/** Vehicles in a room of a server. */
export class Vehicles implements Disposable {
  readonly #clients: Client[] = [];
  readonly #senders: Disposable[] = [];

  /** @param count how many */
  static async enter(url: string, room: string, count: number): Promise<Vehicles> {
    const vehicles = new Vehicles();
    try {
      for (let i = 1; i <= count; i++) {
        const client = await enter(url, room, 'publish', `Vehicle ${i}`);
        vehicles.#clients.push(client);
        const to = await client.signalling.request('ingest', { codec: 'h264', profile: '42' });
        vehicles.#senders.push(sendTo(to));
      }
      return vehicles;
    } catch (error) {
      vehicles[Symbol.dispose]();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    for (const sender of this.#senders.splice(0)) sender[Symbol.dispose]();
    for (const client of this.#clients.splice(0)) client.signalling.close();
  }
}
