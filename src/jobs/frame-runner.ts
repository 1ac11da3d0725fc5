/**
 * A recording and a network side by side, in a job's worker: every frame of a stretch in order, each with what the
 * network says of it. Nothing is skipped and nothing is late, unlike in live view.
 */

import { CarriagewayError } from '../errors';
import { type OpenDevice, openDevice } from '../gpu/device';
import { maskSize, type Size, uprightSize } from '../media/size';
import { SAME_TIME } from '../media/times';
import { loadModel } from '../model/load-model';
import { type ModelFile, type ModelManifest, parseManifest } from '../model/manifest';
import { createEngine, engineOf, fileWishOf } from '../perception/create-engine';
import type {
  ClassMap,
  Engine,
  EngineKind,
  EngineStream,
  IgnoreRegion,
  MaskImage,
} from '../perception/engine';
import { withBlanks } from '../perception/ignore';
import { fittingMask } from '../perception/output-spec';
import { smoothingAfter } from '../perception/smoothing';
import { openRecording } from '../sources/recording/open-recording';
import type { FileFrame, Recording } from '../sources/recording/recording';
import type { TimeRange } from '../sources/source';
import type { Job } from './job';

/** A frame and what the network says of it; borrowed for the call. */
export interface SegmentedFrame {
  readonly frame: FileFrame;
  /** Valid until the next frame but one. */
  readonly mask: MaskImage;
  readonly classMap: Promise<ClassMap>;
  /** Upright size of this frame's picture: a recording may change its size. */
  readonly picture: Size;
}

/** How frames are segmented. */
export interface RunOptions {
  /** Longer side of a frame's mask in pixels, by the upright size of its picture. */
  readonly maskSide: (picture: Size) => number;
  /** Whether masks are smoothed over time, as in live view; else every mask is its frame's alone. */
  readonly smooth: boolean;
  readonly signal: AbortSignal;
}

/** Owns file, device and network. */
export class FrameRunner implements AsyncDisposable {
  #stream: EngineStream | null = null;
  /** Names of files that could not be read, whose frames are empty. */
  readonly unread: string[] = [];

  private constructor(
    readonly file: Recording,
    readonly engine: Engine,
    /** Null on the processor. */
    readonly device: OpenDevice | null,
    private readonly ignore: IgnoreRegion | null,
  ) {}

  /**
   * Opens file, device and network.
   * @throws CarriagewayError a `source-`, `model-` or `webgpu-` code; nothing is left behind
   */
  static async open({ recording, model, engine: kind, ignore }: Job): Promise<FrameRunner> {
    const video = await openRecording(recording);
    let device: OpenDevice | null = null;
    try {
      if (kind === 'webgpu') device = await openDevice();
      const { manifest, file, bytes } = await networkOf(model, kind, device?.f16 ?? false);
      const { precision } = file;
      const fit = engineOf(file, kind);
      const engine = await createEngine(
        device
          ? { kind: 'webgpu', device: device.device, manifest, bytes, precision, adapter: device.name }
          : { kind: fit === 'cpu' ? 'cpu' : 'wasm', manifest, bytes, precision },
      );
      return new FrameRunner(video, engine, device, ignore);
    } catch (thrown) {
      device?.[Symbol.dispose]();
      video[Symbol.dispose]();
      throw thrown;
    }
  }

  /** Frames of a stretch as they stand, without the network. The taker closes each. */
  async *frames(range: TimeRange | null): AsyncGenerator<FileFrame, void, undefined> {
    for await (const frame of this.file.frames(range?.from ?? 0)) {
      // The frame before the stretch is the one shown at its beginning; it does not belong to it.
      if (range && frame.seconds < range.from - SAME_TIME) {
        frame.close();
        continue;
      }
      if (range && frame.seconds > range.to + SAME_TIME) {
        frame.close();
        return;
      }
      if (frame.unread !== undefined) this.unread.push(frame.unread);
      yield frame;
    }
  }

  /**
   * Segments every frame of a stretch and hands it over; closes it afterwards. While the network works on one frame the
   * one before is used and the next is decoded: masks are double-buffered, so the one in use stays whole.
   * @param use called once for each frame, in order, never twice at a time
   * @throws CarriagewayError `source-truncated` after the last frame that could be read; whatever `use` throws
   */
  async run(
    range: TimeRange | null,
    options: RunOptions,
    use: (segmented: SegmentedFrame) => Promise<void>,
  ): Promise<void> {
    const { maskSide, smooth, signal } = options;
    let before: number | null = null;
    let size: Size | null = null;
    let inUse: Promise<void> = Promise.resolve();
    try {
      for await (const frame of this.frames(range)) {
        let given = false;
        try {
          if (signal.aborted) return;
          const picture = pictureSize(frame);
          if (!size || size.width !== picture.width || size.height !== picture.height) {
            // The masks of the old size are in use until now.
            await inUse;
            size = picture;
            before = null;
            this.#openStream(
              fittingMask(maskSize(picture, maskSide(picture)), this.engine.manifest.classes.length),
            );
          }
          const inferring = this.#stream!.infer({
            frame: frame.frame,
            rotation: frame.rotation,
            smoothing: smooth && before !== null ? smoothingAfter((frame.seconds - before) * 1e6) : 1,
            reset: !smooth || before === null,
            ignore: withBlanks(this.ignore, frame.blanks),
          });
          // Awaited below; should the frame before fail to be used, nobody else hears of this one.
          inferring.catch(() => {});
          await inUse;
          const { mask, classMap } = await inferring;
          before = frame.seconds;
          inUse = use({ frame, mask, classMap, picture }).finally(() => frame.close());
          inUse.catch(() => {});
          given = true;
        } finally {
          if (!given) frame.close();
        }
      }
    } finally {
      // Also when reading failed: what was segmented is used, and closed, before anything is released.
      await inUse;
    }
  }

  #openStream({ width, height }: Size): void {
    this.#stream?.[Symbol.dispose]();
    this.#stream = this.engine.openStream({ maskWidth: width, maskHeight: height });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream?.[Symbol.dispose]();
    await this.engine[Symbol.asyncDispose]();
    this.device?.[Symbol.dispose]();
    this.file[Symbol.dispose]();
  }
}

/** Upright size of a frame's picture. */
function pictureSize({ frame, rotation }: FileFrame): Size {
  return uprightSize({ width: frame.displayWidth, height: frame.displayHeight }, rotation);
}

async function networkOf(
  model: Job['model'],
  kind: EngineKind,
  f16: boolean,
): Promise<{ manifest: ModelManifest; file: ModelFile; bytes: ArrayBuffer }> {
  if (model.kind === 'manifest') return loadModel(model.url, { wanted: fileWishOf(kind, f16) });
  const manifest = parseManifest(model.manifest);
  const file = manifest.files[0];
  if (!file) throw new CarriagewayError('model-manifest-invalid', 'files: none');
  return { manifest, file, bytes: model.bytes };
}
