/** The drive worker's side of its interface: draws frames when the reader wants them and the clock says so. */
import { CarriagewayError, reportOf } from '../../errors';
import { Signal } from '../file/signal';
import { FramePortSender } from '../frame-port';
import type { SourceEvent } from '../source';
import { Course } from './course/course';
import { DriveClock } from './drive-clock';
import type { DriveStill, DriveWorkerApi, MomentTruth, StillOptions } from './drive-worker-api';
import { type DriveOptions, LIVE_TRUTH } from './options';
import { DriveRenderer } from './render/renderer';
import { cameraTruth, obstacleTruth } from './truth';

/** Frames between two reports of the time. */
const FRAMES_PER_REPORT = 10;

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

  async start(port: MessagePort, options: DriveOptions, report: (event: SourceEvent) => void): Promise<void> {
    const sender = new FramePortSender(port);
    this.#sender = sender;
    const { seed, quality, mood, width, height } = options;
    const renderer = new DriveRenderer(new OffscreenCanvas(width, height), seed, quality, mood);
    this.#renderer = renderer;
    this.#loop = this.#drive(renderer, sender, options, report).catch((thrown: unknown) => {
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

  async still({ seed, seconds, width, height, mood, quality }: StillOptions): Promise<DriveStill> {
    if (this.#studio && (this.#studio.quality !== quality || this.#studio.lost)) this.#closeStudio();
    if (this.#studio) this.#studio.turnInto(seed, mood);
    else this.#studio = new DriveRenderer(new OffscreenCanvas(width, height), seed, quality, mood);
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
    this.#renderer?.dispose();
    this.#renderer = null;
    this.#closeStudio();
  }

  #closeStudio(): void {
    this.#studio?.dispose();
    this.#studio = null;
  }

  async #drive(
    renderer: DriveRenderer,
    sender: FramePortSender,
    { width, height, fps, truth }: DriveOptions,
    report: (event: SourceEvent) => void,
  ): Promise<void> {
    const clock = new DriveClock(1000 / fps);
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
      if (renderer.lost) throw new CarriagewayError('drive-failed', 'the graphics context was lost');
      if (this.#target !== null) {
        clock.jump(this.#target);
        this.#target = null;
        epoch++;
      }
      const seconds = clock.advance(performance.now());
      const timestamp = Math.round(seconds * 1e6);
      renderer.draw(seconds, width, height);
      // In the task that drew it: afterwards the canvas may already be empty.
      const frame = new VideoFrame(renderer.canvas, { timestamp });
      let ids: Uint8Array | null = null;
      try {
        if (truth) ids = await renderer.readIdsSoon(seconds, LIVE_TRUTH.width, LIVE_TRUTH.height);
      } catch (thrown) {
        frame.close();
        throw thrown;
      }
      const label = ids ? { truth: { ...LIVE_TRUTH, ids } } : {};
      sender.send({ frame, timestamp, rotation: 0, epoch, ...label });
      if (count++ % FRAMES_PER_REPORT === 0) report({ type: 'time', seconds, playing: this.#playing });
    }
  }
}
