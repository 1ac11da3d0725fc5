/** The drive worker's side of its interface: draws frames when the reader wants them and the clock says so. */
import { CarriagewayError, reportOf } from '../errors';
import { Signal } from '../media/signal';
import type { Size } from '../media/size';
import type { TimedFrame } from '../media/timed-frame';
import { FramePortSender } from '../sources/frame-port';
import type { SourceEvent } from '../sources/source';
import { Course } from './course/course';
import { DriveClock } from './drive-clock';
import type { DriveStill, DriveWorkerApi, MomentTruth, StillOptions } from './drive-worker-api';
import { type DriveOptions, LIVE_TRUTH } from './options';
import { DriveRenderer } from './render/renderer';
import { spareCanvas } from './render/spare-canvas';
import { cameraTruth, geometryTruth, obstacleTruth } from './truth';

/** Frames between two reports of the time. */
const FRAMES_PER_REPORT = 10;

/**
 * Pauses before each try to go on after the graphics context was lost, in milliseconds. A browser starts its graphics
 * process again within a second or two; a context that is lost so often in a row will not come back.
 */
const RESTORE_DELAYS: readonly number[] = [250, 1000, 3000];

/**
 * Widest live picture where a program draws and nobody asks for more, in pixels: what the networks take in. At 640 × 360
 * such a program takes half as much time again, and with it the core that makes the masks.
 */
const SOFTWARE_WIDTH_MAX = 480;

/** A moment's frame, its ids and its geometry. */
type Picture = Pick<TimedFrame, 'frame' | 'truth' | 'geometry'>;

/** Makes a renderer with a canvas of its own. @throws CarriagewayError `drive-failed` */
export type MakeRenderer = (options: DriveOptions) => DriveRenderer;

function makeRenderer({ seed, quality, width, height, ...look }: DriveOptions): DriveRenderer {
  const canvas = spareCanvas.take();
  canvas.width = width;
  canvas.height = height;
  return new DriveRenderer(canvas, seed, quality, look);
}

/** Drives one street. */
export class DriveService implements DriveWorkerApi {
  #renderer: DriveRenderer | null = null;
  #sender: FramePortSender | null = null;
  #playing = true;
  #disposed = false;
  /** Where to go before the next frame, in seconds. */
  #target: number | null = null;
  /** Draws stills; kept, because making one takes seconds in software. */
  #studio: DriveRenderer | null = null;
  readonly #wake = new Signal();
  #loop: Promise<void> = Promise.resolve();
  /** The first picture, drawn before anybody asks for it: page and stage begin meanwhile. */
  #first: Promise<Picture | null> | null = null;

  constructor(private readonly make: MakeRenderer = makeRenderer) {}

  async start(port: MessagePort, options: DriveOptions, report: (event: SourceEvent) => void): Promise<void> {
    const sender = new FramePortSender(port);
    this.#sender = sender;
    this.#renderer = this.make(options);
    // Behind the answer to this call.
    this.#first = new Promise<void>((resolve) => setTimeout(resolve)).then(() => this.#draw(0, options));
    this.#first.catch(() => {});
    this.#loop = this.#drive(sender, options, report).catch((thrown: unknown) => {
      const error = reportOf(thrown, 'drive-failed');
      sender.fail(error);
      report({ type: 'error', error });
    });
  }

  play(): void {
    this.#playing = true;
    this.#wake.fire();
  }

  pause(): void {
    this.#playing = false;
  }

  seek(seconds: number): void {
    this.#target = Math.max(0, seconds);
    this.#wake.fire();
  }

  async still({ seed, seconds, width, height, quality, ...look }: StillOptions): Promise<DriveStill> {
    if (this.#studio && (this.#studio.quality !== quality || this.#studio.lost)) this.#closeStudio();
    if (this.#studio) this.#studio.turnInto(seed, look);
    else this.#studio = new DriveRenderer(new OffscreenCanvas(width, height), seed, quality, look);
    return {
      rgba: this.#studio.readPicture(seconds, width, height),
      ids: this.#studio.readIds(seconds, width, height),
    };
  }

  truthAt(seed: number, seconds: number): MomentTruth {
    const course = this.#renderer?.course.seed === seed ? this.#renderer.course : new Course(seed);
    return { camera: cameraTruth(course, seconds), obstacles: obstacleTruth(course, seconds) };
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#wake.fire();
    this.#sender?.close();
    await this.#loop;
    await this.#dropFirst();
    this.#renderer?.dispose();
    this.#renderer = null;
    this.#closeStudio();
  }

  #closeStudio(): void {
    this.#studio?.dispose();
    this.#studio = null;
  }

  async #drive(
    sender: FramePortSender,
    options: DriveOptions,
    report: (event: SourceEvent) => void,
  ): Promise<void> {
    const clock = new DriveClock(1000 / options.fps);
    let tries = 0;
    let epoch = 0;
    for (let count = 0; !this.#disposed; ) {
      if (!this.#playing && this.#target === null) {
        clock.rest();
        await this.#wake.wait();
        continue;
      }
      if (!(await sender.ready())) return;
      const due = this.#target === null ? clock.due(performance.now()) : 0;
      if (due > 0) {
        await this.#wake.wait(due);
        continue;
      }
      if (this.#target !== null) {
        clock.jump(this.#target);
        this.#target = null;
        epoch++;
      }
      const seconds = clock.advance(performance.now());
      const picture = await this.#pictureAt(seconds, options);
      if (!picture) {
        await this.#restore(options, tries++);
        continue;
      }
      tries = 0;
      sender.send({ ...picture, timestamp: picture.frame.timestamp, rotation: 0, epoch });
      if (count++ % FRAMES_PER_REPORT === 0) report({ type: 'time', seconds, playing: this.#playing });
    }
  }

  /** As `#draw`; the first picture is there already, unless the drive was sent elsewhere before it began. */
  async #pictureAt(seconds: number, options: DriveOptions): Promise<Picture | null> {
    const first = this.#first;
    if (first && seconds === 0) {
      this.#first = null;
      return first;
    }
    await this.#dropFirst();
    return this.#draw(seconds, options);
  }

  async #dropFirst(): Promise<void> {
    const first = this.#first;
    this.#first = null;
    (await first?.catch(() => null))?.frame.close();
  }

  /** A moment's frame and truth; null when the graphics context was lost before all of it was there. */
  async #draw(seconds: number, options: DriveOptions): Promise<Picture | null> {
    const renderer = this.#renderer;
    if (this.#disposed || !renderer || renderer.lost) return null;
    const size = liveSize(options, renderer.software);
    let frame: VideoFrame | null = null;
    try {
      const timestamp = Math.round(seconds * 1e6);
      let ids: Uint8Array<ArrayBuffer> | null = null;
      if (renderer.software) {
        const moment = await renderer.readMomentSoon(seconds, size, options.truth ? LIVE_TRUTH : null);
        frame = storedFrame(moment.rgba, size, timestamp);
        ids = moment.ids;
      } else {
        renderer.draw(seconds, size.width, size.height);
        // In the task that drew it: afterwards the canvas may already be empty.
        frame = new VideoFrame(renderer.canvas, { timestamp });
        if (options.truth) ids = await renderer.readIdsSoon(seconds, LIVE_TRUTH.width, LIVE_TRUTH.height);
      }
      const label = ids
        ? { truth: { ...LIVE_TRUTH, ids }, geometry: geometryTruth(renderer.course, seconds) }
        : {};
      if (!renderer.lost) return { frame, ...label };
      frame.close();
      return null;
    } catch (thrown) {
      frame?.close();
      if (renderer.lost) return null;
      throw thrown;
    }
  }

  /** Goes on with a new canvas: a lost one may never come back. @throws CarriagewayError `drive-failed` */
  async #restore(options: DriveOptions, tries: number): Promise<void> {
    const delay = RESTORE_DELAYS[tries];
    if (delay === undefined) throw new CarriagewayError('drive-failed', 'the graphics context was lost');
    await new Promise((resolve) => setTimeout(resolve, delay));
    if (this.#disposed) return;
    this.#renderer?.dispose();
    this.#renderer = null;
    try {
      this.#renderer = this.make(options);
    } catch (thrown) {
      // The graphics process may not be back yet.
      if (tries + 1 >= RESTORE_DELAYS.length) throw thrown;
    }
  }
}

/** Size of a live picture. */
function liveSize({ width, height, quality }: DriveOptions, software: boolean): Size {
  const scale = software && quality === 'auto' ? Math.min(1, SOFTWARE_WIDTH_MAX / width) : 1;
  // Even, as codecs want it.
  return { width: 2 * Math.round((width * scale) / 2), height: 2 * Math.round((height * scale) / 2) };
}

/** A frame of its own pixels. @param rgba given away */
function storedFrame(rgba: Uint8Array<ArrayBuffer>, { width, height }: Size, timestamp: number): VideoFrame {
  // Not in TypeScript's types yet.
  const init: VideoFrameBufferInit & { readonly transfer: ArrayBuffer[] } = {
    format: 'RGBX',
    codedWidth: width,
    codedHeight: height,
    timestamp,
    transfer: [rgba.buffer],
  };
  return new VideoFrame(rgba, init);
}
