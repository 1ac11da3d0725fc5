/** What a recording's viewer has to be told when it opens: what was mended, and what is not played. */
import {
  EncodedPacketSink,
  type Input,
  type InputAudioTrack,
  type InputFormat,
  type InputVideoTrack,
  MPEG_TS,
} from 'mediabunny';
import { CarriagewayError, type ErrorCode, type ErrorReport, reportOf } from '../../errors';
import { listed } from '../../media/listed';
import type { ClockJump } from './clock/clock-jump';
import type { EditList } from './clock/edit-list';
import { type LeftOver, leftOver } from './left-over';
import { waveFormatOf } from './wave-format';

/** Places that are named in a notice; the timeline has all of them. */
const PLACES_MAX = 5;

/** Sound that browsers play in a media element: what else a camera stores is silent. */
const PLAYED_SOUND: ReadonlySet<string> = new Set([
  ...['aac', 'mp3', 'opus', 'vorbis', 'flac', 'alaw', 'ulaw'],
  ...['pcm-u8', 'pcm-s16', 'pcm-s24', 'pcm-s32', 'pcm-f32', 'pcm-s16be', 'pcm-s24be'],
]);

/** What notices are made of. */
interface Told {
  readonly input: Input;
  readonly format: InputFormat;
  readonly blob: Blob;
  /** The track of pictures that is shown. */
  readonly track: InputVideoTrack;
  /** With their media times. */
  readonly jumps: readonly ClockJump[];
  /** Null where the container has none. */
  readonly edits: EditList | null;
  /** Bytes that had to be left out; see `SteadyFile`. */
  readonly dropped: LeftOver['unread'];
  /** Programs of a transport stream beside the one that is shown. */
  readonly programs: number;
}

/** The notices of a recording. */
export async function recordingNotices(told: Told): Promise<ErrorReport[]> {
  const { input, format, blob, track, jumps, edits, dropped, programs } = told;
  const notices = clockNotices(jumps);
  const silent = await silentSound(input, format, blob);
  const { unread: found, cut } = await leftOver(blob);
  const unread = found ?? dropped;
  if (unread)
    notices.push(report('source-part-unread', `${megabytes(unread.bytes)} of ${megabytes(unread.of)} MB`));
  if (cut) notices.push(report('source-truncated', 'the file ends in the middle of a part'));
  if (edits && edits.parts > 1 && !edits.ranges) notices.push(report('source-edits', `${edits.parts} parts`));
  const others = await otherFilms(input, track);
  if (others !== null) notices.push(report('source-other-pictures', others));
  if (programs > 0) notices.push(report('source-other-pictures', `programs: ${programs + 1}`));
  const sounds = silent === null ? await otherSounds(input) : null;
  if (sounds !== null) notices.push(report('source-other-sounds', sounds));
  if (silent !== null) notices.push(report('sound-not-played', silent));
  return notices;
}

/** Codecs of stills: cameras keep a preview as a track of its own. */
const STILLS: ReadonlySet<unknown> = new Set(['jpeg', 'mjpa', 'mjpb', 'png ', 'V_MJPEG']);

/** Sizes of further films in a file; null when there are none. */
async function otherFilms(input: Input, shown: InputVideoTrack): Promise<string | null> {
  const sizes: string[] = [];
  for (const track of await input.getVideoTracks()) {
    if (track.id === shown.id || STILLS.has(await track.getInternalCodecId())) continue;
    // A preview is one picture.
    const { probedPacketCount } = await track.computeFrameRateMetrics({ targetPacketCount: 3 });
    if (probedPacketCount < 2) continue;
    sizes.push(`${await track.getDisplayWidth()} × ${await track.getDisplayHeight()}`);
  }
  return sizes.length > 0 ? sizes.join(', ') : null;
}

/** What is said of a clock: one notice for all jumps, one for all gaps. */
export function clockNotices(jumps: readonly ClockJump[]): ErrorReport[] {
  const notices: ErrorReport[] = [];
  const closed = jumps.filter((jump) => jump.closed);
  const gaps = jumps.filter((jump) => !jump.closed);
  if (closed.length > 0) notices.push(report('source-clock-jumped', placesOf(closed)));
  if (gaps.length > 0) notices.push(report('source-gap', placesOf(gaps)));
  return notices;
}

function placesOf(jumps: readonly ClockJump[]): string {
  const places = jumps.map(
    ({ at, by }) => `at ${at.toFixed(2)} s by ${by > 0 ? '+' : '−'}${Math.abs(by).toFixed(2)} s`,
  );
  return listed(places, PLACES_MAX);
}

/** What is known of sound tracks beside the first one; null when there are none. */
async function otherSounds(input: Input): Promise<string | null> {
  const [, ...others] = await input.getAudioTracks();
  if (others.length === 0) return null;
  const names = others.slice(0, PLACES_MAX).map(async (track) => {
    const [name, language] = await Promise.all([track.getName(), track.getLanguageCode()]);
    return [name, language === 'und' ? null : language, await nameOf(track)].filter(Boolean).join(', ');
  });
  return (await Promise.all(names)).join('; ');
}

/** Name of the sound that will not be heard; null when all is well, or there is none. */
async function silentSound(input: Input, format: InputFormat, blob: Blob): Promise<string | null> {
  const tracks = await input.getAudioTracks();
  // Of several a media element plays the first.
  const [first] = tracks;
  if (!first) return null;
  const name = await nameOf(first);
  if (format === MPEG_TS) return `${name} in a transport stream`;
  if (name === 'mp3') return olderLayer(first);
  if (PLAYED_SOUND.has(name)) return null;
  if (name !== 'A_MS/ACM') return name;
  const wave = await waveFormatOf(blob);
  return wave !== null && PLAYED_SOUND.has(wave) ? null : (wave ?? name);
}

/** Layers of MPEG audio by the two bits of a frame's header (ISO/IEC 11172-3, 2.4.2.3), where they are not played. */
const OLDER_LAYERS: Readonly<Record<number, string>> = { 2: 'mp2', 3: 'mp1' };

/** Name of an older layer that an MP4 calls by the same number as MP3; null where it is MP3. */
async function olderLayer(track: InputAudioTrack): Promise<string | null> {
  const packet = await new EncodedPacketSink(track).getFirstPacket().catch(() => null);
  const header = packet?.data[1];
  return header === undefined ? null : (OLDER_LAYERS[(header >> 1) & 3] ?? null);
}

async function nameOf(track: InputAudioTrack): Promise<string> {
  const id = (await track.getCodec()) ?? (await track.getInternalCodecId());
  return typeof id === 'string' ? id : id === null ? 'unknown' : String(id);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function report(code: ErrorCode, detail: string): ErrorReport {
  return reportOf(new CarriagewayError(code, detail), code);
}
