/**
 * One video file: what it holds, and its frames from any point on. Demuxed by mediabunny, decoded by WebCodecs; runs
 * in a worker. Media time here always starts at 0 with the first picture, whatever the container's own zero is.
 */
import {
  type EncodedPacket,
  EncodedPacketSink,
  type Input,
  type InputVideoTrack,
  VideoSampleSink,
} from 'mediabunny';
import { CarriagewayError } from '../../errors';
import { SAME_TIME } from '../../media/times';
import type { EditRange } from './clock/edit-list';
import { type ExaminedVideo, examineVideo, messageOf } from './examine-video';
import { FrameTimes } from './frame-times';
import { Reclaims } from './reclaims';
import type { FileFrame, FileSound, Recording, RecordingInfo } from './recording';
import { frameOf, TIME_GRAIN } from './sample-frame';

/**
 * How much earlier than announced a video may end, in seconds, before it counts as cut off. Containers round their
 * lengths, and the last picture's length is a guess; half a second of missing video is neither.
 */
const CUT_TOLERANCE = 0.5;

/**
 * Packets looked at for one that is shown next: a decoder holds back sixteen pictures at most (H.264, A.4.2), so most
 * often it is among them.
 */
const REORDER_MAX = 16;

/** Names under which containers keep the place: QuickTime's, Apple's, and Matroska's as ffmpeg writes it. */
const PLACE_KEYS = ['©xyz', 'com.apple.quicktime.location.ISO6709', 'LOCATION', 'location'];

/** An open video file. Owns its input; `Symbol.dispose` ends every iteration over its frames. */
export class VideoFile implements Recording {
  readonly info: RecordingInfo;
  /** Media times of the parts that its edit list shows, in order, where there are several; it is itself uncut then. */
  readonly ranges: readonly EditRange[];
  private readonly input: Input;
  private readonly track: InputVideoTrack;
  /** The demuxer's time of the first picture, in seconds. */
  private readonly start: number;
  /** Length that the file announces for its pictures, in seconds; null when it does not say. */
  readonly #announced: number | null;
  /** Media time from which on nothing is shown any more, in seconds. */
  readonly #end: number;
  #times: Promise<FrameTimes> | null = null;

  private constructor({ input, track, start, cutAt, announced, ranges, info }: ExaminedVideo) {
    this.#end = cutAt === null ? Number.POSITIVE_INFINITY : cutAt - SAME_TIME;
    this.input = input;
    this.track = track;
    this.start = start;
    this.#announced = announced;
    this.ranges = ranges;
    this.info = info;
  }

  /**
   * Opens a file and decodes its first picture, so that what opens also plays.
   * @throws CarriagewayError as `examineVideo`
   */
  static async open(blob: Blob): Promise<VideoFile> {
    return new VideoFile(await examineVideo(blob));
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
          if (frame.seconds >= this.#end) {
            frame.close();
            return;
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
        if (thrown instanceof CarriagewayError) throw thrown;
        throw new CarriagewayError('source-truncated', `at ${end.toFixed(2)} s: ${messageOf(thrown)}`, {
          cause: thrown,
        });
      }
    }
    const announced = this.#announced;
    if (announced !== null && end < announced - CUT_TOLERANCE && !this.input.disposed)
      throw new CarriagewayError(
        'source-truncated',
        `ends at ${end.toFixed(2)} s of ${announced.toFixed(2)} s`,
      );
  }

  /**
   * Container time of the frame shown at a time. Asked for by its very time, a frame is given as soon as it is decoded;
   * asked for by a later one, only when the next frame has come and nothing can lie between.
   */
  async #shownAt(seconds: number): Promise<number> {
    const at = this.start + Math.min(seconds, this.#end) + TIME_GRAIN;
    const packet = await new EncodedPacketSink(this.track).getPacket(at, { metadataOnly: true });
    // Before the first picture lies the lead-in of an edit list.
    return packet && packet.timestamp >= this.start - TIME_GRAIN ? packet.timestamp : at;
  }

  /** See `Recording.neighbour`. Reads the index alone and decodes nothing. */
  async neighbour(seconds: number, frames: number): Promise<number> {
    const sink = new EncodedPacketSink(this.track);
    const options = { metadataOnly: true };
    const at = this.start + Math.min(seconds, this.#end) + TIME_GRAIN;
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
      if (!after || after.timestamp - this.start >= this.#end) break;
      packet = after;
    }
    return Math.max(0, packet.timestamp - this.start);
  }

  async numberAt(seconds: number): Promise<number> {
    return (await this.#frameTimes()).numberAt(seconds);
  }

  async frameCount(): Promise<number> {
    return (await this.#frameTimes()).count;
  }

  /** Read when first asked for: of a long recording it takes a moment. */
  #frameTimes(): Promise<FrameTimes> {
    this.#times ??= FrameTimes.read(this.track, this.start, this.#end);
    return this.#times;
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
