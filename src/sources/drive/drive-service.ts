/** The drive worker's side of its interface: draws frames when the reader wants them and the clock says so. */
import { CarriagewayError, reportOf } from '../../errors';
import { Signal } from '../file/signal';
import { FramePortSender } from '../frame-port';
import type { SourceEvent } from '../source';
import { DriveClock } from './drive-clock';
import type { DriveStill, DriveWorkerApi, StillOptions } from './drive-worker-api';
import { type DriveOptions, LIVE_TRUTH } from './options';
import { DriveRenderer } from './render/renderer';

/** Frames between two reports of the time. */
const FRAMES_PER_REPORT = 10;

/** Drives one street. */
export class DriveService implements DriveWorkerApi {
  #renderer: DriveRenderer | null = null;
  #sender: FramePortSender | null = null;
  #playing = true;
  #disposed = false;
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

  async still({ seed, seconds, width, height, mood, quality }: StillOptions): Promise<DriveStill> {
    const renderer = new DriveRenderer(new OffscreenCanvas(width, height), seed, quality, mood);
    try {
      return {
        rgba: renderer.readPicture(seconds, width, height),
        ids: renderer.readIds(seconds, width, height),
      };
    } finally {
      renderer.dispose();
    }
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#wake.fire();
    this.#sender?.close();
    await this.#loop;
    this.#renderer?.dispose();
    this.#renderer = null;
  }

  async #drive(
    renderer: DriveRenderer,
    sender: FramePortSender,
    { width, height, fps, truth }: DriveOptions,
    report: (event: SourceEvent) => void,
  ): Promise<void> {
    const clock = new DriveClock(1000 / fps);
    for (let count = 0; !this.#disposed; ) {
      if (!this.#playing) {
        clock.rest();
        await this.#wake.wait();
        continue;
      }
      if (!(await sender.ready())) return;
      const due = clock.due(performance.now());
      if (due > 0) {
        await this.#wake.wait(due);
        continue;
      }
      if (renderer.lost) throw new CarriagewayError('drive-failed', 'the graphics context was lost');
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
      sender.send({ frame, timestamp, rotation: 0, epoch: 0, ...label });
      if (count++ % FRAMES_PER_REPORT === 0) report({ type: 'time', seconds, playing: this.#playing });
    }
  }
}
