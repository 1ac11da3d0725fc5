/**
 * An annotated video: every frame of a stretch with its mask, drawn as the page draws it, at its own time, with the
 * sound of the original. Nothing else of the original's metadata is carried over; the place where it was recorded only
 * when it is asked for.
 */

import {
  EncodedAudioPacketSource,
  type EncodedPacket,
  getFirstEncodableVideoCodec,
  Mp4OutputFormat,
  Output,
  type OutputFormat,
  QUALITY_HIGH,
  StreamTarget,
  type StreamTargetChunk,
  type VideoCodec,
  VideoSample,
  VideoSampleSource,
  WebMOutputFormat,
} from 'mediabunny';
import { CarriagewayError } from '../errors';
import type { Size } from '../media/size';
import { WRITTEN_IN_ENGLISH, type WrittenWords, written } from '../media/written-words';
import { createCompositor } from '../overlay/compositor';
import type { Compositor } from '../overlay/compositor-api';
import { blurHidden, HiddenCells } from '../overlay/hidden-cells';
import { inLanguage, viewOf } from '../overlay/view';
import type { ClassMap } from '../perception/engine';
import { decidedness, drivableShare } from '../perception/map-digest';
import { drawUpright } from '../sources/recording/draw-upright';
import type { FileFrame, FileSound } from '../sources/recording/recording';
import type { TimeRange } from '../sources/source';
import type { ClassList } from '../taxonomy/class-list';
import { mendedAvcRecord } from './avc-record';
import { driveLines } from './drive-figures';
import { writeInto } from './file-target';
import type { FrameRunner, SegmentedFrame } from './frame-runner';
import type { Job, JobNote, VideoContainer } from './job';
import type { JobClock } from './job-clock';
import { writeLines } from './written-lines';

/** Codecs of each container, the most widely played first. */
const CODECS: Readonly<Record<VideoContainer, readonly VideoCodec[]>> = {
  mp4: ['avc', 'hevc', 'av1'],
  webm: ['vp9', 'av1', 'vp8'],
};

/** Where each container keeps the place, as QuickTime and ffmpeg have it. */
const PLACE_TAGS: Readonly<Record<VideoContainer, string>> = { mp4: '©xyz', webm: 'LOCATION' };

/** Longer side of the mask in pixels: finer than any network's answer. */
const MASK_SIDE = 960;

/** Seconds of sound written ahead of the picture. */
const SOUND_LEAD = 0.5;

/** What a video export needs. */
export type VideoJob = Extract<Job, { kind: 'video' }>;

/**
 * Writes the video.
 * @returns frames written, and what people should know of the result
 * @throws CarriagewayError `export-codec-missing`, `storage-full`
 */
export async function exportVideo(
  runner: FrameRunner,
  job: VideoJob,
  clock: JobClock,
  signal: AbortSignal,
): Promise<readonly JobNote[]> {
  const { width, height } = runner.file.info;
  // H.264 and its like take whole pairs of pixels; the odd one is black.
  const size = { width: width + (width % 2), height: height + (height % 2) };
  const format: OutputFormat =
    job.container === 'mp4'
      ? new Mp4OutputFormat({ fastStart: false, metadataFormat: 'udta' })
      : new WebMOutputFormat();
  const codec = await getFirstEncodableVideoCodec([...CODECS[job.container]], size);
  if (!codec) throw new CarriagewayError('export-codec-missing', `${job.container}, ${width} × ${height}`);
  const sound = await runner.file.sound();
  const place = job.keepPlace ? await runner.file.place() : null;
  const keepsSound = sound !== null && format.getSupportedAudioCodecs().includes(sound.codec);
  await using painter = await Painter.create(runner, job, size);

  await writeInto(job.target, async (stream) => {
    // The library closes what it writes to, also when it is cancelled; whether the file is kept is not its decision.
    const pipe = new WritableStream<StreamTargetChunk>({ write: (chunk) => stream.write(chunk) });
    const output = new Output({ format, target: new StreamTarget(pipe, { chunked: true }) });
    const pictures = new VideoSampleSource({
      codec,
      quality: QUALITY_HIGH,
      onEncodedPacket: (_packet, meta) => mendDescription(codec, meta?.decoderConfig),
    });
    output.addVideoTrack(pictures);
    if (place !== null) output.setMetadataTags({ raw: { [PLACE_TAGS[job.container]]: place } });
    const sounds = keepsSound ? new SoundTrack(sound, job.range) : null;
    if (sounds) output.addAudioTrack(sounds.source);
    try {
      await output.start();
      const options = {
        maskSide: (picture: Size) => Math.min(MASK_SIDE, Math.max(picture.width, picture.height)),
        // As in live view: a video should not flicker.
        smooth: true,
        signal,
      };
      const from = job.range?.from ?? 0;
      let end = from;
      await runner.run(job.range, options, async (segmented) => {
        const { seconds, duration } = segmented.frame;
        await sounds?.upTo(seconds + SOUND_LEAD);
        using sample = new VideoSample(await painter.paint(segmented), {
          timestamp: seconds - from,
          duration,
        });
        await pictures.add(sample);
        end = seconds + duration;
        clock.done(end);
      });
      if (signal.aborted) throw new DOMException('cancelled', 'AbortError');
      await sounds?.upTo(end);
      await output.finalize();
    } catch (thrown) {
      if (output.state !== 'finalized') await output.cancel().catch(() => {});
      throw thrown;
    }
  });
  const notes: JobNote[] = [];
  const silent = runner.file.info.notices?.find(({ code }) => code === 'sound-not-played');
  if (!sound && silent) notes.push({ kind: 'sound-unread', codec: silent.detail });
  if (sound && !keepsSound) notes.push({ kind: 'sound-unfit', codec: sound.codec });
  const left = sound?.left ?? [];
  if (keepsSound && left.length > 0) notes.push({ kind: 'sound-of-others', files: left });
  if (job.keepPlace && place === null) notes.push({ kind: 'no-place' });
  return notes;
}

/** Puts right what an encoder says of its pictures, before it is written where players look for it. */
function mendDescription(codec: VideoCodec, config: VideoDecoderConfig | undefined): void {
  if (codec !== 'avc' || !config?.description) return;
  const { description } = config;
  const record = ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
    : new Uint8Array(description);
  config.description = mendedAvcRecord(record);
}

/** The original's sound, packet by packet, beside the pictures. */
class SoundTrack {
  readonly source: EncodedAudioPacketSource;
  readonly #packets: AsyncGenerator<EncodedPacket, void, undefined>;
  readonly #from: number;
  #next: EncodedPacket | null = null;
  #over = false;
  #first = true;

  constructor(
    private readonly sound: FileSound,
    range: TimeRange | null,
  ) {
    this.#from = range?.from ?? 0;
    this.source = new EncodedAudioPacketSource(sound.codec);
    this.#packets = sound.packets(this.#from, Number.POSITIVE_INFINITY);
  }

  /** Writes what begins before `seconds`. */
  async upTo(seconds: number): Promise<void> {
    while (!this.#over) {
      if (!this.#next) {
        const { value, done } = await this.#packets.next();
        if (done) {
          this.#over = true;
          return;
        }
        this.#next = value;
      }
      if (this.#next.timestamp >= seconds) return;
      const packet = this.#next.clone({ timestamp: this.#next.timestamp - this.#from });
      this.#next = null;
      await this.source.add(packet, this.#first ? { decoderConfig: this.sound.config } : undefined);
      this.#first = false;
    }
  }
}

/** Draws frames under their masks, as the page does, with figures on request. */
class Painter implements AsyncDisposable {
  private constructor(
    private readonly canvas: OffscreenCanvas,
    private readonly compositor: Compositor,
    /** A second canvas for figures; null without. */
    private readonly paper: OffscreenCanvasRenderingContext2D | null,
    private readonly device: GPUDevice | null,
    private readonly classes: ClassList,
    private readonly job: Pick<VideoJob, 'figures' | 'drive' | 'words'>,
    /** Says what is blurred; null where nothing is. */
    private readonly hidden: HiddenCells | null,
  ) {}

  static async create(
    { device, engine }: FrameRunner,
    job: VideoJob,
    { width, height }: { readonly width: number; readonly height: number },
  ): Promise<Painter> {
    const { view, figures, drive, blur, words = WRITTEN_IN_ENGLISH } = job;
    const { classes } = engine.manifest;
    const hidden = blur ? new HiddenCells(classes) : null;
    const canvas = new OffscreenCanvas(width, height);
    const compositor = await createCompositor({ canvas, device: device?.device ?? null, width, height });
    compositor.setView(inLanguage(viewOf({ ...view, sync: 'synced' }, classes), words.point));
    const paper = figures || drive?.burn ? new OffscreenCanvas(width, height).getContext('2d') : null;
    return new Painter(canvas, compositor, paper, device?.device ?? null, classes, job, hidden);
  }

  /** The picture of a frame under its mask; the taker closes it. */
  async paint({ frame, mask, classMap, picture }: SegmentedFrame): Promise<VideoFrame> {
    const timestamp = Math.round(frame.seconds * 1e6);
    if (this.hidden) {
      using blurred = blurredFrame(frame, picture, this.hidden, await classMap);
      this.compositor.stage(blurred.frame, 0);
    } else this.compositor.stage(frame.frame, frame.rotation);
    this.compositor.present(mask);
    const { figures, drive, words = WRITTEN_IN_ENGLISH } = this.job;
    const lines = [
      ...(figures ? figuresOf(frame.seconds, await classMap, this.classes, words) : []),
      ...(drive?.burn ? driveLines(drive, frame.seconds, words) : []),
    ];
    while (!this.compositor.render()) {
      // Only one drawing is under way at a time; the one before has to end first.
      if (this.device) await this.device.queue.onSubmittedWorkDone();
      else await new Promise((resolve) => setTimeout(resolve, 1));
    }
    // In the task that drew: afterwards the canvas may be empty.
    if (!this.paper) return new VideoFrame(this.canvas, { timestamp, alpha: 'discard' });
    this.paper.drawImage(this.canvas, 0, 0);
    writeLines(this.paper, this.paper.canvas, lines);
    return new VideoFrame(this.paper.canvas, { timestamp, alpha: 'discard' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.compositor.dispose();
  }
}

/** A frame with people and vehicles blurred, upright; closed when it is disposed of. */
function blurredFrame(
  frame: FileFrame,
  { width, height }: Size,
  hidden: HiddenCells,
  map: ClassMap,
): { readonly frame: VideoFrame } & Disposable {
  const context = new OffscreenCanvas(width, height).getContext('2d', { alpha: false });
  if (!context) throw new CarriagewayError('blur-unavailable', 'no 2D canvas');
  drawUpright(context, frame, { x: 0, y: 0, width, height });
  blurHidden(context, hidden.at(map, frame.seconds), map);
  const timestamp = Math.round(frame.seconds * 1e6);
  const blurred = new VideoFrame(context.canvas, { timestamp, alpha: 'discard' });
  return { frame: blurred, [Symbol.dispose]: () => blurred.close() };
}

function figuresOf(seconds: number, map: ClassMap, classes: ClassList, words: WrittenWords): string[] {
  const [share, decided] = [drivableShare(map, classes), decidedness(map, classes)];
  const percent = (value: number | null): string => (value === null ? '–' : `${(value * 100).toFixed(0)} %`);
  return [
    `${seconds.toFixed(3).replace('.', words.point)} s`,
    written(words.drivable, { percent: percent(share) }),
    written(words.confidence, { percent: percent(decided) }),
  ];
}
