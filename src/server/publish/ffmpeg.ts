/**
 * How ffmpeg is asked: what a video is, and how it is sent as RTP. H.264 is sent as it is where a browser could show it
 * and a newcomer would not wait long for a key frame; everything else is encoded anew.
 */
import { spawn } from 'node:child_process';
import { z } from 'zod';
import { SENDER_BITRATE_MAX } from '../../live/protocol.ts';

/** What is known of a video. */
export interface Probe {
  readonly codec: string;
  readonly profile: string;
  readonly pixels: string;
  readonly bFrames: boolean;
  /** Number of its stream among all of the file: of several films the largest, as players choose. */
  readonly stream: number;
  /** Degrees by which a player turns the picture: a phone stores what it sees lying. */
  readonly rotation: number;
  /** Whether a player mirrors the picture. */
  readonly mirrored: boolean;
  /** Whether its pictures are woven of two, half a moment apart. */
  readonly interlaced: boolean;
  /** Whether its pixels are as wide as they are high. */
  readonly square: boolean;
  /**
   * Longest time between two pictures at the start from which a decoder can begin (H.264: IDR, not mere recovery
   * points), in seconds; null when it is not known.
   */
  readonly keyInterval: number | null;
  /** Bits per second at the start; null when it is not known. */
  readonly bitrate: number | null;
}

/** How a video is sent. */
export interface Plan {
  readonly copy: boolean;
  readonly codec: 'h264' | 'vp8';
  /** First byte of H.264's `profile-level-id`. */
  readonly profile: string;
  /** See `Probe`. */
  readonly stream: number;
  readonly interlaced: boolean;
  /** Why it is not sent as it is; empty when it is. */
  readonly reason: string;
}

/** Where RTP goes. */
export interface Destination {
  readonly address: string;
  readonly port: number;
  readonly payloadType: number;
  readonly ssrc: number;
  /** Key of SRTP, in Base64; plain RTP without. */
  readonly srtp?: { readonly suite: string; readonly key: string };
}

/** Longest wait for a key frame, in seconds: ffmpeg does not hear the server ask for one. */
const KEY_INTERVAL_MAX = 4;

/** Longest time for a look at a video, and for copying a long one, in milliseconds. */
const PROBE_LIMIT = 30_000;
const REPACK_LIMIT = 10 * 60_000;

/** H.264 profiles that browsers show, with their first byte. */
const PROFILES: Readonly<Record<string, string>> = {
  'Constrained Baseline': '42',
  Baseline: '42',
  Main: '4d',
  High: '64',
};

/** Layouts of pixels that browsers show. */
const PIXELS: ReadonlySet<string> = new Set(['yuv420p', 'yuvj420p']);

/** Decides how a video is sent. @param h264 whether this ffmpeg can encode H.264 */
export function planFor(probe: Probe, h264: boolean, transcode: boolean): Plan {
  const profile = probe.codec === 'h264' ? PROFILES[probe.profile] : undefined;
  const reasons: readonly (readonly [applies: boolean, reason: string])[] = [
    [transcode, 'asked for'],
    [profile === undefined, `${probe.codec} ${probe.profile} is not shown by all browsers`],
    [!PIXELS.has(probe.pixels), `${probe.pixels} is not shown by all browsers`],
    [probe.bFrames, 'it has B-frames, which WebRTC cannot reorder'],
    [probe.rotation !== 0, 'it is stored turned, which a stream cannot say'],
    [probe.mirrored, 'it is stored mirrored, which a stream cannot say'],
    [probe.interlaced, 'it is interlaced, which not all browsers show'],
    [!probe.square, 'its pixels are not square, which a page would not know'],
    [(probe.keyInterval ?? Number.POSITIVE_INFINITY) > KEY_INTERVAL_MAX, 'its key frames are too far apart'],
    [(probe.bitrate ?? 0) > SENDER_BITRATE_MAX, 'it has more bits a second than a server lets through'],
  ];
  const reason = reasons.find(([applies]) => applies)?.[1] ?? '';
  const { stream, interlaced } = probe;
  if (reason === '') return { copy: true, codec: 'h264', profile: profile!, reason, stream, interlaced };
  return { copy: false, codec: h264 ? 'h264' : 'vp8', profile: '42', reason, stream, interlaced };
}

/** Whether an input is a camera's address rather than a file. */
export function isCamera(input: string): boolean {
  return /^rtsps?:\/\//i.test(input);
}

/** An input as it may be printed: without the password that a camera's address may carry. */
export function printable(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^/\s@]*(?:@[^/\s@]*)*@/gi, '$1…@');
}

/** As a player shows it: pixels square, and sides even, as encoders want them. ffmpeg turns it by itself. */
const UPRIGHT =
  "scale='max(2,trunc(iw*max(sar,1)/2)*2)':'max(2,trunc(ih/min(max(sar,0.01),1)/2)*2)',setsar=1";

/** One whole picture for each that was woven of two. */
const UNWOVEN = 'yadif';

/**
 * Copies a file's video, as it is, into a form whose every key frame carries its parameter sets: RTP has no header to
 * carry them. ffmpeg could do that while sending, but its filters do not outlive the end of the file's first round.
 * @param stream see `Probe`
 * @param out path of an MPEG-TS file, with this stream alone
 * @returns whether it worked
 */
export async function repack(input: string, stream: number, out: string): Promise<boolean> {
  const args = ['-v', 'error', '-nostdin', '-y', '-i', input, '-map', `0:${stream}`, '-an', '-sn', '-dn'];
  return (await output('ffmpeg', [...args, '-c:v', 'copy', '-f', 'mpegts', out], REPACK_LIMIT)) !== null;
}

/**
 * Arguments for ffmpeg.
 * @param input a file to be copied has been through `repack`
 */
export function ffmpegArguments(input: string, plan: Plan, to: Destination): string[] {
  const rtsp = isCamera(input);
  const address = to.address.includes(':') ? `[${to.address}]` : to.address;
  const coding = plan.copy
    ? // A camera tells its parameter sets once; a newcomer needs them with each key frame.
      ['-c:v', 'copy', ...(rtsp ? ['-bsf:v', 'dump_extra=freq=keyframe'] : [])]
    : plan.codec === 'h264'
      ? [
          ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-profile:v', 'baseline'],
          ...['-pix_fmt', 'yuv420p', '-b:v', '1500k', '-maxrate', '2000k', '-bufsize', '1000k'],
        ]
      : ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '1500k', '-pix_fmt', 'yuv420p'];
  return [
    ...['-hide_banner', '-loglevel', 'warning', '-nostdin'],
    // A file at its own pace, over and over; a camera keeps its own.
    ...(rtsp ? ['-rtsp_transport', 'tcp'] : ['-re', '-stream_loop', '-1']),
    // What was packed anew is alone in its file.
    ...['-i', input, '-an', '-sn', '-dn', '-map', plan.copy && !rtsp ? '0:v:0' : `0:${plan.stream}`],
    ...coding,
    ...(plan.copy ? [] : ['-vf', plan.interlaced ? `${UNWOVEN},${UPRIGHT}` : UPRIGHT]),
    // A key frame a second and more: a newcomer sees a picture at once, and nobody can ask for one.
    ...(plan.copy ? [] : ['-g', '30', '-keyint_min', '15']),
    ...['-ssrc', String(to.ssrc), '-payload_type', String(to.payloadType)],
    ...(to.srtp ? ['-srtp_out_suite', to.srtp.suite, '-srtp_out_params', to.srtp.key] : []),
    // Below any usual link's packet size, with room for tunnels.
    ...['-f', 'rtp', `${to.srtp ? 'srtp' : 'rtp'}://${address}:${to.port}?pkt_size=1200`],
  ];
}

const answer = z.object({
  streams: z
    .array(
      z.object({
        index: z.number().default(0),
        width: z.number().default(0),
        height: z.number().default(0),
        codec_name: z.string().default(''),
        profile: z.string().default(''),
        pix_fmt: z.string().default(''),
        has_b_frames: z.number().default(0),
        sample_aspect_ratio: z.string().default('1:1'),
        field_order: z.string().default('unknown'),
        disposition: z.object({ attached_pic: z.number().default(0) }).default({ attached_pic: 0 }),
        side_data_list: z
          .array(z.object({ rotation: z.number().optional(), displaymatrix: z.string().optional() }))
          .default([]),
      }),
    )
    .min(1),
  packets: z
    .array(
      z.object({
        stream_index: z.number().default(0),
        pts_time: z.string().optional(),
        size: z.string().optional(),
        flags: z.string(),
      }),
    )
    .default([]),
});

/** Pixels are taken for square where nothing is said of them. */
const SQUARE = new Set(['1:1', '0:1', 'N/A', '']);

/**
 * Reads what ffprobe says in JSON.
 * @param entries seconds at which a decoder can begin, where they are known better than by the container's flags
 * @throws z.ZodError when there is no video in it
 */
export function readProbe(json: unknown, entries: readonly number[] | null = null): Probe {
  const { streams, packets: all } = answer.parse(json);
  const films = streams.filter(({ disposition }) => disposition.attached_pic === 0);
  const stream = (films.length > 0 ? films : streams).reduce((best, each) =>
    each.width * each.height > best.width * best.height ? each : best,
  );
  const packets = all.filter((packet) => packet.stream_index === stream.index);
  const flagged = packets.filter((p) => p.flags.startsWith('K') && p.pts_time).map((p) => Number(p.pts_time));
  const last = Math.max(...packets.map((p) => Number(p.pts_time ?? Number.NaN)).filter(Number.isFinite), 0);
  const first = Math.min(
    ...packets.map((p) => Number(p.pts_time ?? Number.NaN)).filter(Number.isFinite),
    last,
  );
  const keys = entries?.map((time) => first + time) ?? flagged;
  const bytes = packets.reduce((sum, p) => sum + Number(p.size ?? 0), 0);
  // Behind the last one comes the first one again.
  const round = last - (keys.at(-1) ?? last) + ((keys[0] ?? first) - first);
  const gaps = [round, ...keys.slice(1).map((time, i) => time - keys[i]!)];
  return {
    codec: stream.codec_name,
    profile: stream.profile,
    pixels: stream.pix_fmt,
    bFrames: stream.has_b_frames > 0,
    stream: stream.index,
    mirrored: stream.side_data_list.some(({ displaymatrix }) => isMirroring(displaymatrix ?? '')),
    interlaced: WOVEN.has(stream.field_order),
    rotation: stream.side_data_list.find((each) => each.rotation)?.rotation ?? 0,
    square: SQUARE.has(stream.sample_aspect_ratio),
    keyInterval: keys.length === 0 ? null : Math.max(...gaps, 0),
    bitrate: last > first ? (bytes * 8) / (last - first) : null,
  };
}

/** Orders of fields (top first, bottom first) in which two pictures are woven into one. */
const WOVEN = new Set(['tt', 'bb', 'tb', 'bt']);

/** Whether a matrix, as ffprobe prints it (lines of `00000000:  65536  0  0`), turns left into right. */
function isMirroring(matrix: string): boolean {
  const rows = [...matrix.matchAll(/^[0-9a-f]{8}:\s*(-?\d+)\s+(-?\d+)/gm)].map(([, a, b]) => [
    Number(a),
    Number(b),
  ]);
  const [[a = 1, b = 0] = [], [c = 0, d = 1] = []] = rows;
  return a * d - b * c < 0;
}

/** Runs a program to its end and gives its output; null when it failed or is not there. @param limit milliseconds */
function output(
  command: string,
  args: readonly string[],
  limit = PROBE_LIMIT,
  signal?: AbortSignal,
): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: limit,
      ...(signal ? { signal } : {}),
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code === 0 ? text : null));
  });
}

/** Seconds of a video that are looked at. */
const LOOKED_AT = 10;

/**
 * Seconds, from its beginning, at which a decoder can begin with a stream of H.264. Containers flag recovery points of
 * streams with intra refresh as well, from which players can begin, but no browser does.
 */
async function entriesOf(
  input: string,
  stream: number,
  signal?: AbortSignal,
): Promise<readonly number[] | null> {
  const look = [
    ...['-v', 'error', '-nostdin', ...(isCamera(input) ? ['-rtsp_transport', 'tcp'] : [])],
    ...['-t', String(LOOKED_AT), '-i', input, '-map', `0:${stream}`, '-c:v', 'copy'],
    // Slices of IDR pictures (ITU-T H.264, table 7-1) and nothing else.
    ...['-bsf:v', 'filter_units=pass_types=5', '-f', 'framecrc', '-'],
  ];
  const text = await output('ffmpeg', look, PROBE_LIMIT, signal);
  return text === null ? null : readEntries(text);
}

/** Reads ffmpeg's `framecrc`: a time base, and a line for each packet with its time. @returns seconds */
export function readEntries(text: string): readonly number[] {
  const [, numerator = '1', denominator = '1'] = /^#tb 0: (\d+)\/(\d+)/m.exec(text) ?? [];
  const unit = Number(numerator) / Number(denominator);
  return [...text.matchAll(/^0,\s*-?\d+,\s*(-?\d+),/gm)].map(([, ticks]) => Number(ticks) * unit);
}

/** Looks at the first seconds of a video; null when ffprobe is not there, finds no video, or is told to stop. */
export async function probe(input: string, signal?: AbortSignal): Promise<Probe | null> {
  const look = [
    ...['-v', 'error', '-select_streams', 'v', '-read_intervals', `%+${LOOKED_AT}`, '-of', 'json'],
    ...(isCamera(input) ? ['-rtsp_transport', 'tcp'] : []),
    '-show_entries',
    'stream=index,codec_name,profile,width,height,pix_fmt,has_b_frames,sample_aspect_ratio,field_order:' +
      'stream_disposition=attached_pic:stream_side_data=rotation,displaymatrix:packet=stream_index,pts_time,size,flags',
    input,
  ];
  const text = await output('ffprobe', look, PROBE_LIMIT, signal);
  if (text === null) return null;
  try {
    const found = readProbe(JSON.parse(text));
    return found.codec === 'h264'
      ? readProbe(JSON.parse(text), await entriesOf(input, found.stream, signal))
      : found;
  } catch {
    return null;
  }
}

/** Whether this ffmpeg can encode H.264. */
export async function encodesH264(): Promise<boolean> {
  return (await output('ffmpeg', ['-hide_banner', '-encoders']))?.includes('libx264') ?? false;
}
