/**
 * The simulated drive as a source: a procedural street, drawn in a worker of its own, whose every frame carries its
 * exact class ids.
 */
import { proxy, type Remote, releaseProxy, transfer, wrap } from 'comlink';
import { CarriagewayError, reportOf } from '../errors';
import type { FrameHandle } from '../media/timed-frame';
import type { FrameSource, SourceControls, SourceEvent, SourceInfo } from '../sources/source';
import { streetStyle } from './course/style';
import { driveWorker } from './drive-worker';
import type { DriveWorkerApi } from './drive-worker-api';
import { DEFAULT_DRIVE, type DriveOptions } from './options';

/** How long the worker may take to release its context before it is terminated all the same, in milliseconds. */
const DISPOSE_TIMEOUT = 1000;

/**
 * Opens a drive; it starts when its first frame is read and never ends.
 * @param options what differs from `DEFAULT_DRIVE`
 * @throws CarriagewayError `drive-failed`; nothing is left behind
 */
export async function openDrive(options: Partial<DriveOptions> = {}): Promise<FrameSource> {
  const source = new DriveSource({ ...DEFAULT_DRIVE, ...options });
  try {
    await source.open();
    return source;
  } catch (thrown) {
    await source.dispose();
    throw thrown;
  }
}

class DriveSource implements FrameSource {
  readonly info: SourceInfo;
  readonly controls: SourceControls;
  readonly #worker: Worker;
  readonly #remote: Remote<DriveWorkerApi>;
  readonly #channel = new MessageChannel();
  readonly #broken: Promise<never>;
  #taken = false;
  #disposal: Promise<void> | null = null;
  #listener: ((event: SourceEvent) => void) | null = null;

  constructor(private readonly options: DriveOptions) {
    const { seed, width, height, fps, lens } = options;
    const { camera } = streetStyle(seed, lens);
    this.info = {
      kind: 'drive',
      key: `drive:${seed}`,
      title: `Simulated drive ${seed}`,
      width,
      height,
      frameRate: fps,
      mount: { height: camera.height, hfov: (camera.fovDeg * Math.PI) / 180 },
    };
    this.#worker = driveWorker.take();
    this.#remote = wrap<DriveWorkerApi>(this.#worker);
    const remote = this.#remote;
    this.controls = {
      play: () => this.#ask(() => remote.play()),
      pause: () => this.#ask(() => remote.pause()),
      seek: (seconds) => this.#ask(() => remote.seek(seconds)),
    };
    this.#broken = new Promise((_, reject) => {
      this.#worker.addEventListener('error', (event) => {
        const error = new CarriagewayError('drive-failed', event.message || 'the worker did not start');
        reject(error);
        this.#emit({ type: 'error', error: reportOf(error, 'drive-failed') });
      });
    });
    // Awaited only while something is asked; a worker that breaks at rest is told by event alone.
    this.#broken.catch(() => {});
  }

  async open(): Promise<void> {
    const { port1 } = this.#channel;
    const report = proxy((event: SourceEvent) => this.#emit(event));
    await Promise.race([this.#remote.start(transfer(port1, [port1]), this.options, report), this.#broken]);
  }

  handle(): FrameHandle {
    if (this.#taken) throw new Error('The frames of this drive were already taken.');
    this.#taken = true;
    return { kind: 'port', port: this.#channel.port2, onDemand: true };
  }

  onEvent(listener: (event: SourceEvent) => void): void {
    this.#listener = listener;
  }

  dispose(): Promise<void> {
    this.#disposal ??= this.#dispose();
    return this.#disposal;
  }

  async #dispose(): Promise<void> {
    this.#listener = null;
    const late = new Promise<void>((resolve) => setTimeout(resolve, DISPOSE_TIMEOUT));
    await Promise.race([this.#remote.dispose(), this.#broken, late]).catch(() => {});
    this.#remote[releaseProxy]();
    this.#worker.terminate();
    if (!this.#taken) this.#channel.port2.close();
  }

  async #ask(command: () => Promise<void>): Promise<void> {
    if (!this.#disposal) await Promise.race([command(), this.#broken]);
  }

  #emit(event: SourceEvent): void {
    this.#listener?.(event);
  }
}
