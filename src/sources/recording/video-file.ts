/**
 * One video file: what it holds, and its frames from any point on. Demuxed by mediabunny, decoded by WebCodecs; runs
 * in a worker. Media time here always starts at 0 with the first picture, whatever the container's own zero is.
 */
import {
  BlobSource,
  type EncodedPacket,
  EncodedPacketSink,
  Input,
  type InputVideoTrack,
  IsobmffInputFormat,
  MATROSKA,
  MP4,
  MPEG_TS,
  QTFF,
  UnsupportedInputFormatError,
  type VideoSample,
  VideoSampleSink,
  WEBM,
} from 'mediabunny';
import { CarriagewayError } from '../../errors';
import { upright } from '../../media/upright';
import { creationTime } from './creation-time';
import { isEncrypted } from './encrypted';
import { Reclaims } from './reclaims';
import type { FileFrame, FileSound, Recording, RecordingInfo } from './recording';

/** Containers a video is looked for in; only what is listed here ends up in the bundle. */
const FORMATS = [MP4, QTFF, MATROSKA, WEBM, MPEG_TS];

/** Largest side in pixels: 8K fits, and so does the largest texture that every WebGPU device has. */
const SIDE_MAX = 8192;

/**
 * How much earlier than announced a video may end, in seconds, before it counts as cut off. Containers round their
 * lengths, and the last picture's length is a guess; half a second of missing video is neither.
 */
const CUT_TOLERANCE = 0.5;

/**
 * Frames say their time in whole microseconds; who asks for a frame by the time it said must get that one, not the
 * one before, whose exact time is a fraction earlier. In seconds.
 */
const TIME_GRAIN = 1e-6;

/** Packets looked at to tell a steady frame rate from a variable one: a few seconds. */
const RATE_PROBE_PACKETS = 120;

/**
 * Packets looked at for one that is shown next: a decoder holds back sixteen pictures at most (H.264, A.4.2), so most
 * often it is among them.
 */
const REORDER_MAX = 16;

/** Names under which containers keep the place: QuickTime's, Apple's, and Matroska's as ffmpeg writes it. */
const PLACE_KEYS = ['©xyz', 'com.apple.quicktime.location.ISO6709', 'LOCATION', 'location'];

/** An open video file. Owns its input; `Symbol.dispose` ends every iteration over its frames. */
export class VideoFile implements Recording {
  private constructor(
    private readonly input: Input,
    private readonly track: InputVideoTrack,
    /** Container time of the first picture, in seconds. */
    private readonly start: number,
    /** Whether `info.duration` speaks of the pictures alone, so that a missing part shows. */
    private readonly durationIsExact: boolean,
    readonly info: RecordingInfo,
  ) {}

  /**
   * Opens a file and decodes its first picture, so that what opens also plays.
   * @throws CarriagewayError `source-empty`, `source-not-a-video`, `source-no-video-track`, `source-encrypted`,
   *   `source-codec-unsupported`, `source-too-large`, `source-truncated`
   */
  static async open(blob: Blob): Promise<VideoFile> {
    if (blob.size === 0) throw new CarriagewayError('source-empty');
    const input = new Input({ formats: FORMATS, source: new BlobSource(blob) });
    try {
      return await VideoFile.#examine(input, blob);
    } catch (thrown) {
      input.dispose();
      if (thrown instanceof CarriagewayError) throw thrown;
      if (thrown instanceof UnsupportedInputFormatError)
        throw new CarriagewayError('source-not-a-video', '', { cause: thrown });
      if (await isEncrypted(blob)) throw new CarriagewayError('source-encrypted', '', { cause: thrown });
      // The container was recognised and then made no sense: the signature of a damaged file.
      throw new CarriagewayError('source-truncated', messageOf(thrown), { cause: thrown });
    }
  }

  static async #examine(input: Input, blob: Blob): Promise<VideoFile> {
    const format = await input.getFormat();
    const tracks = await input.getTracks();
    // A container without any track is one whose index was cut off (an MP4 of which the end is missing).
    if (tracks.length === 0)
      throw new CarriagewayError('source-truncated', `${format.name} without an index`);
    const track = await input.getPrimaryVideoTrack();
    if (!track) throw new CarriagewayError('source-no-video-track', `${format.name}, sound only`);

    const width = await track.getCodedWidth();
    const height = await track.getCodedHeight();
    const square = [await track.getSquarePixelWidth(), await track.getSquarePixelHeight()];
    if (Math.max(width, height, ...square) > SIDE_MAX)
      throw new CarriagewayError('source-too-large', `${width} × ${height}`);
    await assertDecodable(track);

    // Pictures before zero belong to an edit list's lead-in and are not for showing.
    const start = Math.max(0, await track.getFirstTimestamp());
    const exact = format instanceof IsobmffInputFormat;
    const metadataEnd = exact ? null : await track.getDurationFromMetadata();
    const end = metadataEnd ?? (await track.computeDuration());
    const hasSound = (await input.getAudioTracks()).length > 0;

    const first = await firstFrame(track, start);
    try {
      const turned = first.rotation % 180 !== 0;
      const { displayWidth, displayHeight } = first.frame;
      const rate = await steadyRate(track);
      const began = exact ? await beganAt(input, blob) : null;
      const info: RecordingInfo = {
        width: turned ? displayHeight : displayWidth,
        height: turned ? displayWidth : displayHeight,
        duration: Math.max(end - start, first.duration),
        ...(rate === null ? {} : { frameRate: rate }),
        ...(began === null ? {} : { began }),
        ...(start > 0 ? { containerStart: start } : {}),
      };
      // Matroska's length is that of the longest track: only without sound does it speak of the pictures.
      return new VideoFile(input, track, start, exact || metadataEnd === null || !hasSound, info);
    } finally {
      first.frame.close();
    }
  }

  async *frames(seconds: number): AsyncGenerator<FileFrame, void, undefined> {
    let end = seconds;
    let last = Number.NEGATIVE_INFINITY;
    const reclaims = new Reclaims();
    for (;;) {
      try {
        const from = await this.#shownAt(Number.isFinite(last) ? last : seconds);
        for await (const sample of new VideoSampleSink(this.track).samples(from)) {
          const before = sample.timestamp < from - TIME_GRAIN;
          const frame = frameOf(sample, this.start);
          // The one before, given when the decoder's rounding of times hides the one asked for; or one that is decoded
          // a second time, after the browser had taken the decoder away.
          if (before || frame.seconds <= last) {
            frame.close();
            continue;
          }
          last = frame.seconds;
          end = Math.max(end, frame.seconds + frame.duration);
          reclaims.progress();
          yield frame;
        }
        break;
      } catch (thrown) {
        if (this.input.disposed) return;
        if (reclaims.mend(thrown)) continue;
        throw new CarriagewayError('source-truncated', `at ${end.toFixed(2)} s: ${messageOf(thrown)}`, {
          cause: thrown,
        });
      }
    }
    if (this.durationIsExact && end < this.info.duration - CUT_TOLERANCE && !this.input.disposed)
      throw new CarriagewayError(
        'source-truncated',
        `ends at ${end.toFixed(2)} s of ${this.info.duration.toFixed(2)} s`,
      );
  }

  /**
   * Container time of the frame shown at a time. Asked for by its very time, a frame is given as soon as it is decoded;
   * asked for by a later one, only when the next frame has come and nothing can lie between.
   */
  async #shownAt(seconds: number): Promise<number> {
    const at = this.start + seconds + TIME_GRAIN;
    const packet = await new EncodedPacketSink(this.track).getPacket(at, { metadataOnly: true });
    // Before the first picture lies the lead-in of an edit list.
    return packet && packet.timestamp >= this.start - TIME_GRAIN ? packet.timestamp : at;
  }

  /** See `Recording.neighbour`. Reads the index alone and decodes nothing. */
  async neighbour(seconds: number, frames: number): Promise<number> {
    const sink = new EncodedPacketSink(this.track);
    const options = { metadataOnly: true };
    const at = this.start + seconds + TIME_GRAIN;
    let packet = (await sink.getPacket(at, options)) ?? (await sink.getFirstPacket(options));
    if (!packet) return 0;
    for (let left = frames; left < 0; left++) {
      const before = await sink.getPacket(packet.timestamp - TIME_GRAIN, options);
      // What lies before the first picture is not for showing.
      if (!before || before.timestamp < this.start - TIME_GRAIN) break;
      packet = before;
    }
    for (let left = frames; left > 0; left--) {
      const after = await followerOf(packet, sink, options);
      if (!after) break;
      packet = after;
    }
    return Math.max(0, packet.timestamp - this.start);
  }

  /** The first track of sound; null when there is none that has a name. */
  async sound(): Promise<FileSound | null> {
    const track = await this.input.getPrimaryAudioTrack();
    const codec = await track?.getCodec();
    const config = await track?.getDecoderConfig();
    if (!track || !codec || !config) return null;
    const { start } = this;
    return {
      codec,
      config,
      async *packets(from, to) {
        const sink = new EncodedPacketSink(track);
        const first = await sink.getPacket(start + from);
        for await (const packet of sink.packets(first ?? undefined)) {
          const seconds = packet.timestamp - start;
          if (seconds >= to) return;
          if (seconds >= from) yield packet.clone({ timestamp: seconds });
        }
      },
    };
  }

  async place(): Promise<string | null> {
    const { raw } = await this.input.getMetadataTags();
    for (const key of PLACE_KEYS) {
      const value = raw?.[key];
      if (typeof value === 'string' && /^[+-]\d/.test(value)) return value;
    }
    return null;
  }

  [Symbol.dispose](): void {
    this.input.dispose();
  }
}

/**
 * The packet whose picture is shown after that of `packet`; null after the last. Packets lie in the order of decoding:
 * the one sought may stand behind the given one or before it.
 */
async function followerOf(
  packet: EncodedPacket,
  sink: EncodedPacketSink,
  options: { readonly metadataOnly: boolean },
): Promise<EncodedPacket | null> {
  const here = packet.timestamp + TIME_GRAIN;
  let best: EncodedPacket | null = null;
  let stored: EncodedPacket | null = packet;
  for (let seen = 0; seen < REORDER_MAX; seen++) {
    stored = await sink.getNextPacket(stored, options);
    if (!stored) break;
    if (stored.timestamp > here && (best === null || stored.timestamp < best.timestamp)) best = stored;
  }
  best ??= await sink.getPacket(Number.POSITIVE_INFINITY, options);
  // Whatever is shown before the one found, and after this one, is nearer.
  while (best && best.timestamp > here) {
    const between: EncodedPacket | null = await sink.getPacket(best.timestamp - TIME_GRAIN, options);
    if (!between || between.timestamp <= here) return best;
    best = between;
  }
  return null;
}

/** Apple's own date has the time zone in it; the header's is in whole seconds. Milliseconds since 1970, or null. */
async function beganAt(input: Input, blob: Blob): Promise<number | null> {
  const said = (await input.getMetadataTags()).raw?.['com.apple.quicktime.creationdate'];
  const apple = typeof said === 'string' ? Date.parse(said) : Number.NaN;
  return Number.isFinite(apple) ? apple : creationTime(blob);
}

/** Turns a decoded sample into a frame with times from zero; closes the sample. */
function frameOf(sample: VideoSample, start: number): FileFrame {
  try {
    // In whole microseconds, as frames say their time: a difference of two fractions would make 4.999… of 5.
    const seconds = Math.max(0, Math.round((sample.timestamp - start) * 1e6) / 1e6);
    sample.setTimestamp(seconds);
    // The container's turn stays beside the frame: `toVideoFrame` does not apply it.
    const { frame, rotation } = upright(sample.toVideoFrame(), sample.rotation);
    return { frame, rotation, seconds, duration: sample.duration, close: () => frame.close() };
  } finally {
    sample.close();
  }
}

async function assertDecodable(track: InputVideoTrack): Promise<void> {
  const codec = await track.getCodec();
  const parameters = codec && (await track.getCodecParameterString());
  const name = codec ? `${codec}${parameters ? ` (${parameters})` : ''}` : await track.getInternalCodecId();
  if (typeof VideoDecoder === 'undefined')
    throw new CarriagewayError('source-codec-unsupported', `${name}: this browser has no WebCodecs`);
  if (!codec || !(await track.canDecode()))
    throw new CarriagewayError('source-codec-unsupported', String(name ?? 'unknown codec'));
}

async function firstFrame(track: InputVideoTrack, start: number): Promise<FileFrame> {
  for await (const sample of new VideoSampleSink(track).samples(start)) return frameOf(sample, start);
  throw new CarriagewayError('source-truncated', 'no picture could be decoded');
}

/** Frames per second when every frame lasts equally long, else null. */
async function steadyRate(track: InputVideoTrack): Promise<number | null> {
  const metrics = await track.computeFrameRateMetrics({ targetPacketCount: RATE_PROBE_PACKETS });
  return metrics.frameRateIsConstant && metrics.probedPacketCount > 1 ? metrics.bestGuessFrameRate : null;
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
