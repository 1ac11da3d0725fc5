/** Opens a video file and finds out what it holds, down to its first picture, so that what opens also plays. */
import {
  type EncodedPacket,
  EncodedPacketSink,
  Input,
  type InputFormat,
  type InputVideoTrack,
  IsobmffInputFormat,
  MATROSKA,
  MP4,
  MPEG_TS,
  QTFF,
  UnsupportedInputFormatError,
  VideoSampleSink,
  WEBM,
} from 'mediabunny';
import { CarriagewayError } from '../../errors';
import { uprightSize } from '../../media/size';
import { type EditRange, readEditList } from './clock/edit-list';
import { type SteadyFile, steadyFile } from './clock/steady-file';
import { creationTime } from './creation-time';
import { decodeAsShown } from './decoder-config';
import { isEncrypted } from './encrypted';
import { endsEarly, samplesInIndex } from './left-over';
import { matroskaDate } from './matroska-date';
import { saysPixelAspect } from './pixel-aspect';
import type { FileFrame, RecordingInfo } from './recording';
import { recordingNotices } from './recording-notices';
import { frameOf, TIME_GRAIN } from './sample-frame';

/** Containers a video is looked for in; only what is listed here ends up in the bundle. */
const FORMATS = [MP4, QTFF, MATROSKA, WEBM, MPEG_TS];

/** Largest side in pixels: 8K fits, and so does the largest texture that every WebGPU device has. */
const SIDE_MAX = 8192;

/** Packets looked at to tell a steady frame rate from a variable one: a few seconds. */
const RATE_PROBE_PACKETS = 120;

/** What was found. */
export interface ExaminedVideo {
  /** Owned by whoever asked. */
  readonly input: Input;
  readonly track: InputVideoTrack;
  /** The demuxer's time of the first picture that is shown, in seconds. */
  readonly start: number;
  /** Media time from which on pictures were cut off by the file's edit list; null where none were. */
  readonly cutAt: number | null;
  /** Length that the file announces, in seconds, where it speaks of the pictures: what is missing then shows. */
  readonly announced: number | null;
  /** Media times of the parts that its edit list is made of, in order, where there are several; else empty. */
  readonly ranges: readonly EditRange[];
  readonly info: RecordingInfo;
}

/** What a decoder has to know stands before each key picture: where there is none of the one, there is none of the other. */
const NO_PARAMETERS = /could not extract (AVC|HVC)DecoderConfigurationRecord/;

/**
 * Opens a file.
 * @throws CarriagewayError `source-empty`, `source-not-a-video`, `source-no-video-track`, `source-encrypted`,
 *   `source-codec-unsupported`, `source-too-large`, `source-no-key-picture`, `source-truncated`; nothing is left behind
 */
export async function examineVideo(blob: Blob): Promise<ExaminedVideo> {
  if (blob.size === 0) throw new CarriagewayError('source-empty');
  const steady = await steadyFile(blob);
  const input = new Input({ formats: FORMATS, source: steady.source });
  try {
    return await examine(input, blob, steady);
  } catch (thrown) {
    input.dispose();
    if (thrown instanceof CarriagewayError) throw thrown;
    if (thrown instanceof UnsupportedInputFormatError)
      throw new CarriagewayError('source-not-a-video', '', { cause: thrown });
    if (NO_PARAMETERS.test(messageOf(thrown)))
      throw new CarriagewayError('source-no-key-picture', messageOf(thrown), { cause: thrown });
    if (await isEncrypted(blob)) throw new CarriagewayError('source-encrypted', '', { cause: thrown });
    // The container was recognised and then made no sense: the signature of a damaged file.
    throw new CarriagewayError('source-truncated', messageOf(thrown), { cause: thrown });
  }
}

async function examine(input: Input, blob: Blob, steady: SteadyFile): Promise<ExaminedVideo> {
  const format = await input.getFormat();
  const track = await pictureTrack(input, format);
  const isMp4 = format instanceof IsobmffInputFormat;
  const says = { size: format !== MPEG_TS, aspect: await saysPixelAspect(format, blob, track) };
  await decodeAsShown(track, null, says);
  await assertDecodable(track);

  const edits = isMp4 ? await readEditList(blob, track.id) : null;
  // Pictures before zero belong to an edit list's lead-in and are not for showing.
  const earliest = await track.getFirstTimestamp();
  // Of a list of several parts the later ones may lie there.
  const leadsIn = edits?.leadsIn && !edits.ranges;
  const { first, start } = await firstFrame(track, leadsIn ? Math.max(0, earliest) : earliest);
  try {
    const { displayWidth, displayHeight } = first.frame;
    await decodeAsShown(track, { width: displayWidth, height: displayHeight }, says);
    const said = Math.min(await track.computeDuration(), edits?.end ?? Number.POSITIVE_INFINITY);
    const end = isMp4 && (await endsEarly(blob)) ? await readableEnd(track, start, said) : said;
    const announced = isMp4 ? said : steady.mended ? null : await announcedEnd(input, track);
    const upright = uprightSize({ width: displayWidth, height: displayHeight }, first.rotation);
    const began = isMp4
      ? await creationTime((await input.getMetadataTags()).raw ?? {}, blob)
      : await matroskaDate(blob);
    const samples = isMp4 ? await samplesInIndex(blob, track.id) : steady.pictures;
    const rate = await steadyRate(track, samples, said - earliest);
    const containerStart = start + steady.back;
    const jumps = steady.jumps.map((jump) => ({ ...jump, at: Math.max(0, jump.at - start) }));
    const notices = await recordingNotices({
      input,
      format,
      blob,
      track,
      jumps,
      edits,
      dropped: steady.dropped,
      programs: steady.programs,
    });
    const info: RecordingInfo = {
      ...upright,
      duration: Math.max(end - start, first.duration),
      ...(rate === null ? {} : { frameRate: rate }),
      ...(began === null ? {} : { began: began.ms, beganZone: began.zone }),
      ...(containerStart === 0 ? {} : { containerStart }),
      ...(jumps.length > 0 ? { jumps } : {}),
      ...(notices.length > 0 ? { notices } : {}),
    };
    return {
      ...{ input, track, start, info },
      cutAt: edits?.end == null ? null : edits.end - start,
      announced: announced === null ? null : announced - start,
      ranges: rangesOf(edits?.ranges ?? [], start, info.duration),
    };
  } finally {
    first.frame.close();
  }
}

/** Parts of an edit list by media time, as far as there are pictures. */
function rangesOf(ranges: readonly EditRange[], start: number, duration: number): EditRange[] {
  return ranges.flatMap(({ from, to }) => {
    const range = { from: Math.max(0, from - start), to: Math.min(duration, to - start) };
    return range.to - range.from > TIME_GRAIN ? [range] : [];
  });
}

/** The track of pictures that is shown. */
async function pictureTrack(input: Input, format: InputFormat): Promise<InputVideoTrack> {
  const tracks = await input.getTracks();
  // A transport stream says what it is made of again and again: what is not known is not lost.
  if (tracks.length === 0 && format === MPEG_TS)
    throw new CarriagewayError('source-codec-unsupported', `none of what this ${format.name} holds`);
  // A container without any track is one whose index was cut off (an MP4 of which the end is missing).
  if (tracks.length === 0) throw new CarriagewayError('source-truncated', `${format.name} without an index`);
  const track = await input.getPrimaryVideoTrack();
  if (!track) throw new CarriagewayError('source-no-video-track', `${format.name}, sound only`);
  const [width, height] = [await track.getCodedWidth(), await track.getCodedHeight()];
  const square = [await track.getSquarePixelWidth(), await track.getSquarePixelHeight()];
  if (Math.max(width, height, ...square) > SIDE_MAX)
    throw new CarriagewayError('source-too-large', `${width} × ${height}`);
  return track;
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

/** The first picture that can be decoded at or after a time, by the demuxer's clock. */
async function firstFrame(
  track: InputVideoTrack,
  from: number,
): Promise<{ readonly first: FileFrame; readonly start: number }> {
  for await (const sample of new VideoSampleSink(track).samples(from)) {
    const start = sample.timestamp;
    if (start >= from - TIME_GRAIN) return { first: frameOf(sample, start), start };
    sample.close();
  }
  const sink = new EncodedPacketSink(track);
  const key = await sink.getFirstKeyPacket({ verifyKeyPackets: true });
  if (!key && (await sink.getFirstPacket({ metadataOnly: true })))
    throw new CarriagewayError('source-no-key-picture');
  throw new CarriagewayError('source-truncated', 'no picture could be decoded');
}

/**
 * Frames per second when every frame lasts equally long, else null.
 * @param count of all pictures, where it is known: where some were lost, the beginning looks steady all the same
 * @param length of all of them, in seconds
 */
async function steadyRate(
  track: InputVideoTrack,
  count: number | null,
  length: number,
): Promise<number | null> {
  const metrics = await track.computeFrameRateMetrics({ targetPacketCount: RATE_PROBE_PACKETS });
  if (!metrics.frameRateIsConstant || metrics.probedPacketCount <= 1) return null;
  const rate = metrics.bestGuessFrameRate;
  // The last picture's length is a guess.
  return count !== null && rate !== null && Math.abs(length * rate - count) > 1.5 ? null : rate;
}

/** Seconds by which the end of what can be read is found: a picture at any usual rate. */
const END_GRAIN = 0.01;

/** Where the last picture ends whose bytes are all there, by the demuxer's clock: the index says more than that. */
async function readableEnd(track: InputVideoTrack, start: number, end: number): Promise<number> {
  const sink = new EncodedPacketSink(track);
  const at = async (seconds: number): Promise<EncodedPacket | null> => {
    const packet = await sink.getPacket(seconds).catch(() => null);
    return packet && packet.data.byteLength > 0 ? packet : null;
  };
  if (await at(end)) return end;
  let [low, high] = [start, end];
  while (high - low > END_GRAIN) {
    const middle = (low + high) / 2;
    if (await at(middle)) low = middle;
    else high = middle;
  }
  const last = await at(low);
  return last ? last.timestamp + last.duration : end;
}

/** The end that a file announces for its pictures; of one with sound it is the longer of the two. */
async function announcedEnd(input: Input, track: InputVideoTrack): Promise<number | null> {
  const hasSound = (await input.getAudioTracks()).length > 0;
  return hasSound ? null : track.getDurationFromMetadata();
}

/** What was thrown, in words. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
