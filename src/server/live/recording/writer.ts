/**
 * ffmpeg as the pen: it takes RTP from this machine and writes it as it is (no picture is decoded) into Matroska files of
 * a minute, a second of pictures at a time, so that whatever is killed loses about that.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { types } from 'mediasoup';

/** Seconds of one file. */
export const FILE_SECONDS = 60;

/** Milliseconds of pictures that are written at a time. */
const CLUSTER = 1000;

/** Microseconds for which ffmpeg looks at the first pictures before it begins. */
const ANALYSE = 500_000;

/** Milliseconds in which ffmpeg closes its file when it is told to end, each time. */
const END_LIMIT = 1500;

/** What is to be written. */
export interface Written {
  /** Where RTP comes in, on this machine; RTCP at the port after it. */
  readonly port: number;
  readonly codec: types.RtpCodecParameters;
  /** With `%05d`. */
  readonly pattern: string;
  /** Seconds of one file, if other than usual. */
  readonly seconds?: number;
}

/** Writes until it is ended, or nothing has come for ten seconds. */
export class Writer implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  /** When the first picture's clock showed 0, in milliseconds since 1970; the least that was seen. */
  #zero = Number.POSITIVE_INFINITY;

  /**
   * @param onFile called with each file that is done, and when its first picture came, in milliseconds since 1970
   * @param now milliseconds since 1970
   */
  constructor(
    written: Written,
    private readonly onFile: (name: string, start: number) => void,
    private readonly now: () => number = Date.now,
  ) {
    this.#child = spawn('ffmpeg', argumentsFor(written), { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#closed = new Promise<void>((resolve, reject) => {
      this.#child.once('close', () => resolve());
      // There is no ffmpeg.
      this.#child.once('error', reject);
    });
    this.#closed.catch(() => {});
    this.#child.stdin?.on('error', () => {});
    this.#child.stdin?.end(describe(written));
    if (this.#child.stdout) createInterface(this.#child.stdout).on('line', (line) => this.#heard(line));
  }

  /** Settles when it has ended, by whatever; rejects when there is no ffmpeg. */
  get ended(): Promise<void> {
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.pid === undefined) return;
    // The first ends it after the next packet, and the second without one.
    for (let signals = 0; signals < 2 && this.#child.exitCode === null; signals++) {
      this.#child.kill('SIGINT');
      await Promise.race([this.#closed, sleep(END_LIMIT, undefined, { ref: false })]);
    }
    if (this.#child.exitCode === null) this.#child.kill('SIGKILL');
    await this.#closed;
  }

  /** A line for each file that is done: its name, and the clock at its first picture and behind its last. */
  #heard(line: string): void {
    const [path = '', start = '', end = ''] = line.split(',');
    if (!Number.isFinite(Number(start)) || !Number.isFinite(Number(end))) return;
    // A file ends when the first picture of the next is there; the last one ends later than its pictures.
    this.#zero = Math.min(this.#zero, this.now() - Number(end) * 1000);
    this.onFile(basename(path), Math.round(this.#zero + Number(start) * 1000));
  }
}

function argumentsFor({ pattern, seconds = FILE_SECONDS }: Written): string[] {
  return [
    ...['-hide_banner', '-loglevel', 'error', '-protocol_whitelist', 'pipe,file,udp,rtp'],
    ...['-analyzeduration', String(ANALYSE), '-f', 'sdp', '-i', 'pipe:0', '-map', '0:v:0', '-c', 'copy'],
    ...['-f', 'segment', '-segment_time', String(seconds), '-reset_timestamps', '1'],
    ...['-segment_format', 'matroska', '-segment_list', 'pipe:1', '-segment_list_type', 'csv'],
    '-segment_format_options',
    `cluster_time_limit=${CLUSTER}:flush_packets=1:avoid_negative_ts=make_zero`,
    pattern,
  ];
}

/** What comes, as SDP. */
function describe({ port, codec }: Written): string {
  const { payloadType, mimeType, clockRate, parameters = {} } = codec;
  const format = Object.entries(parameters).map(([name, value]) => `${name}=${String(value)}`);
  const lines = [
    'v=0',
    'o=- 0 0 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=video ${port} RTP/AVP ${payloadType}`,
    `a=rtpmap:${payloadType} ${mimeType.replace('video/', '')}/${clockRate}`,
    ...(format.length > 0 ? [`a=fmtp:${payloadType} ${format.join(';')}`] : []),
  ];
  return `${lines.join('\r\n')}\r\n`;
}
