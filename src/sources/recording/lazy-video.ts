/**
 * A video file that is looked at now and opened when it is needed: a card has hundreds, and a decoder's first picture of
 * each would take minutes. Its index alone says when it begins and ends.
 */
import { Input, MP4, QTFF } from 'mediabunny';
import { topBoxes } from './clock/boxes';
import type { ClockJump } from './clock/clock-jump';
import { readEditList } from './clock/edit-list';
import { MemoryFile } from './clock/memory-file';
import { readSampleClock } from './clock/sample-clock';
import { steadyFile } from './clock/steady-file';
import { creationTime, type RecorderTime } from './creation-time';
import { readMovieTimes } from './movie-times';
import type { FileFrame, FileSound, Recording, RecordingInfo } from './recording';
import { clockNotices } from './recording-notices';
import { VideoFile } from './video-file';

/** Packets looked at to tell a steady frame rate. */
const RATE_PACKETS = 60;

/** A file whose index was read. */
export class LazyVideo implements Recording {
  #opened: Promise<VideoFile> | null = null;
  #disposed = false;

  private constructor(
    private readonly blob: Blob,
    readonly info: RecordingInfo,
  ) {}

  /**
   * Looks at an MP4 or MOV file; null when it is none, or nothing can be told without decoding.
   * @param like the recording that it goes on: its picture is as large
   * @param known the same file, of which some is at hand
   */
  static async look(blob: Blob, like: RecordingInfo, known = blob): Promise<LazyVideo | null> {
    const index = await indexOf(known);
    if (!index) return null;
    const told = index === known ? null : await LazyVideo.#told(blob, index, like);
    return told ?? LazyVideo.#demuxed(blob, index === known ? blob : index, like);
  }

  /** By the tables of a plain file. */
  static async #told(blob: Blob, index: Blob, like: RecordingInfo): Promise<LazyVideo | null> {
    try {
      const clock = await readSampleClock(index);
      const times = await readMovieTimes(clock?.blob ?? index);
      if (!times || !(times.end > times.start)) return null;
      const { start, end, rate, began } = times;
      return new LazyVideo(blob, infoOf({ start, end, rate, began, like, jumps: clock?.jumps ?? [] }));
    } catch {
      return null;
    }
  }

  /** As the demuxer has it. */
  static async #demuxed(blob: Blob, index: Blob, like: RecordingInfo): Promise<LazyVideo | null> {
    const steady = await steadyFile(index);
    const input = new Input({ formats: [MP4, QTFF], source: steady.source });
    try {
      const track = await input.getPrimaryVideoTrack();
      if (!track) return null;
      const edits = await readEditList(index, track.id);
      if (edits.ranges) return null;
      const earliest = await track.getFirstTimestamp();
      const start = edits.leadsIn ? Math.max(0, earliest) : earliest;
      const end = Math.min(await track.computeDuration(), edits.end ?? Number.POSITIVE_INFINITY);
      if (!(end > start)) return null;
      const probed = await track.computeFrameRateMetrics({ targetPacketCount: RATE_PACKETS });
      const steadily = probed.frameRateIsConstant && probed.probedPacketCount > 1;
      const rate = steadily ? probed.bestGuessFrameRate : null;
      const began = await creationTime((await input.getMetadataTags()).raw ?? {}, index);
      return new LazyVideo(blob, infoOf({ start, end, rate, began, like, jumps: steady.jumps }));
    } catch {
      return null;
    } finally {
      input.dispose();
    }
  }

  async *frames(seconds: number): AsyncGenerator<FileFrame, void, undefined> {
    yield* (await this.#open()).frames(seconds);
  }

  async neighbour(seconds: number, frames: number): Promise<number> {
    return (await this.#open()).neighbour(seconds, frames);
  }

  async numberAt(seconds: number): Promise<number> {
    return (await this.#open()).numberAt(seconds);
  }

  async frameCount(): Promise<number> {
    return (await this.#open()).frameCount();
  }

  async sound(): Promise<FileSound | null> {
    return (await this.#open()).sound();
  }

  async place(): Promise<string | null> {
    return (await this.#open()).place();
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#opened?.then((video) => video[Symbol.dispose]()).catch(() => {});
  }

  #open(): Promise<VideoFile> {
    this.#opened ??= VideoFile.open(this.blob).then((video) => {
      if (this.#disposed) video[Symbol.dispose]();
      return video;
    });
    return this.#opened;
  }
}

/** Rates this near are one: they are worked out from rounded times. */
const SAME_RATE = 1e-3;

function infoOf(told: {
  readonly start: number;
  readonly end: number;
  readonly rate: number | null;
  readonly began: RecorderTime | null;
  readonly jumps: readonly ClockJump[];
  readonly like: RecordingInfo;
}): RecordingInfo {
  const { start, end, rate, began, like } = told;
  const jumps = told.jumps.map((jump) => ({ ...jump, at: Math.max(0, jump.at - start) }));
  const same = rate !== null && Math.abs(rate / (like.frameRate ?? 0) - 1) < SAME_RATE;
  const frameRate = same ? like.frameRate! : rate;
  return {
    width: like.width,
    height: like.height,
    duration: end - start,
    ...(frameRate === null ? {} : { frameRate }),
    ...(began === null ? {} : { began: began.ms, beganZone: began.zone }),
    ...(jumps.length > 0 ? { jumps, notices: clockNotices(jumps) } : {}),
  };
}

/** Boxes with which MP4 and QuickTime files begin. */
const FIRST = /^(ftyp|moov|mdat|free|skip|wide|pnot)$/;

/** Largest index that is taken into memory while it is looked at, in bytes: an hour's is two megabytes. */
const INDEX_MAX = 8 * 1024 * 1024;

/** Bytes of a file's type at most. */
const TYPE_MAX = 4096;

/**
 * What of a file tells how long it is: its type and its index, read in one go; all of it where the rest tells, too. Each
 * piece that is read of a file costs a turn of the browser's, and a card has hundreds. Null where it is no such file.
 */
async function indexOf(blob: Blob): Promise<Blob | null> {
  const top = await topBoxes(blob);
  const [first] = top;
  if (!first || !FIRST.test(first.type)) return null;
  const movie = top.find(({ type, to }) => type === 'moov' && to <= blob.size);
  const fragmented = top.some(({ type }) => type === 'moof');
  if (!movie || fragmented || movie.to - movie.from > INDEX_MAX) return blob;
  const type = first.type === 'ftyp' && first.to <= TYPE_MAX ? blob.slice(0, first.to) : new Blob();
  const parts = await Promise.all([type, blob.slice(movie.from, movie.to)].map((part) => part.arrayBuffer()));
  const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part), at);
    at += part.byteLength;
  }
  return new MemoryFile(bytes);
}
