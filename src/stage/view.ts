/**
 * A view: one stream of frames and the canvas it is seen on, with all that belongs to both. The segmenter gives it
 * turns, the drawing its moments to draw; nobody else holds its state.
 */
import type { ErrorReport } from '../errors';
import { maskSize, type Size } from '../media/size';
import { type FrameReader, pictureSize, type TimedFrame } from '../media/timed-frame';
import type { ClassMap, Engine, EngineStream, IgnoreRegion } from '../perception/engine';
import { withBlanks } from '../perception/ignore';
import { drivingMap } from '../perception/map-digest';
import { fittingMask } from '../perception/output-spec';
import { smoothingAfter } from '../perception/smoothing';
import { SceneRunner } from '../scene/scene-runner';
import type { ClassList } from '../taxonomy/class-list';
import { whyNoRoad } from '../taxonomy/meanings';
import { BrokenWatch } from './broken-watch';
import { StreamMeters } from './meters';
import { Screen } from './screen';
import type { LiveObjects, StageEvent, ViewOptions, ViewReport, ViewSettings } from './stage-api';
import { FrameStream } from './stream';
import type { ViewObserver } from './view-observer';

/** What a view needs of its stage. */
export interface ViewHost {
  /** Whether a model gives masks now. Without one there is nothing to wait for: bare pictures are shown. */
  readonly segments: boolean;
  /** Milliseconds, monotonic. */
  now(): number;
  tell(event: StageEvent): void;
  /** A frame waits for the model. */
  frameWaits(): void;
  /** As of `StreamEvents`, for pictures that wait for their masks. */
  frameDue(making: number): Promise<void> | null;
}

/** Why no pictures come: the whole stage rests, the view does (out of sight), or somebody looks at the one that stands. */
export type Rest = 'stage' | 'view' | 'inspector';

/** Owns its stream, its screen, its scene and the engine's state for it. */
export class View implements AsyncDisposable {
  readonly screen: Screen;
  readonly #scene: SceneRunner;
  readonly #observers: ViewObserver[] = [];
  #stream: FrameStream | null = null;
  #meters = new StreamMeters();
  #engineStream: EngineStream | null = null;
  /** Size the engine's stream was opened for. */
  #maskSize: Size | null = null;
  #ignore: IgnoreRegion | null = null;
  /** Timestamp of the frame segmented last, in microseconds. */
  #timestamp = 0;
  #stride = 1;
  readonly #resting = new Set<Rest>();
  /** Frames of the streams it had before. */
  #framesBefore = 0;
  #masks = 0;
  #stalled = false;
  readonly #brokenWatch = new BrokenWatch();
  /** Frames on their way through the engine's stream. */
  #flying = 0;
  /** Pictures that wait for a mask behind another one. */
  #kept = 0;

  constructor(
    readonly key: string,
    { overlay, size }: Pick<ViewOptions, 'overlay' | 'size'>,
    private readonly host: ViewHost,
  ) {
    this.screen = new Screen(overlay, size, {
      picture: (size) => host.tell({ type: 'picture', key, size }),
      canvasNeeded: () => host.tell({ type: 'canvas-needed', key }),
    });
    this.#scene = new SceneRunner(
      {
        onState: (state, truth) => this.screen.compositor?.showScene(state, truth),
        onEvents: (events) => host.tell({ type: 'scene-events', key, events }),
        onError: (error) => this.#notice(error),
      },
      () => host.now(),
    );
  }

  /** Adds a listener, for as long as the view lives. */
  observe(observer: ViewObserver): void {
    this.#observers.push(observer);
  }

  get ignore(): IgnoreRegion | null {
    return this.#ignore;
  }

  /** The frame the model saw last, for whoever clones it; stays the view's. */
  get lastFrame(): TimedFrame | null {
    return this.#stream?.last ?? null;
  }

  /** Whether a frame waits for its turn. */
  get ready(): boolean {
    return !this.#held && (this.#stream?.waits ?? false);
  }

  /** @throws CarriagewayError `camera-model-invalid`; the rest is set all the same */
  set({ size, overlay, ignore, camera, paused }: ViewSettings): void {
    if (size) this.screen.resize(size);
    if (paused !== undefined) this.setResting('view', paused);
    if (overlay) {
      const { live } = this.screen;
      this.screen.setOverlay(overlay);
      if (this.screen.live !== live) this.#tellAnew();
    }
    if (ignore !== undefined) {
      this.#ignore = ignore;
      this.repeat();
    }
    if (camera !== undefined) this.#scene.setCamera(camera);
  }

  /** Stops reading for a reason, or takes that reason back. While an inspector looks, no mask comes either. */
  setResting(reason: Rest, resting: boolean): void {
    const held = this.#held;
    if (resting) this.#resting.add(reason);
    else this.#resting.delete(reason);
    this.#stream?.setPaused(this.#resting.size > 0);
    if (held && !this.#held) this.repeat();
  }

  /** Every how many frames one is segmented. */
  setStride(stride: number): void {
    this.#stride = stride;
    this.#stream?.setStride(stride);
  }

  /** Shows what a reader gives, in place of the present source, which is let go of. @param reader owned from now on */
  async attach(reader: FrameReader, source: string): Promise<void> {
    const { host, key } = this;
    const stream: FrameStream = new FrameStream(
      source,
      reader,
      {
        frameArrived: (timed, arrival) => this.#stream === stream && this.frameArrived(timed, arrival),
        frameDropped: () => this.#stream === stream && this.#meters.dropped(),
        frameWaits: () => this.#stream === stream && host.frameWaits(),
        frameDue: (making) => (this.screen.live || !host.segments ? null : host.frameDue(making)),
        ended: () => this.#stream === stream && host.tell({ type: 'source-ended', key }),
        failed: (error) => this.#stream === stream && this.#notice(error),
      },
      () => host.now(),
    );
    await this.#replaceStream(stream);
    stream.setStride(this.#stride);
    stream.setPaused(this.#resting.size > 0);
    stream.start();
  }

  /** Lets go of the source; its last picture stays. */
  detach(): Promise<void> {
    return this.#replaceStream(null);
  }

  /** Has the last frame segmented once more: the model, or what it is asked, has changed. */
  repeat(): void {
    this.#stream?.repeat();
  }

  /** Takes the mask off the screen, before the engine releases it, and forgets the engine. */
  dropMask(): void {
    if (!this.#engineStream) return;
    this.screen.compositor?.present(null);
    this.#engineStream[Symbol.dispose]();
    this.#engineStream = null;
    // What was on its way there may never answer.
    this.#flying = 0;
  }

  /** Another model: what was measured of the one before says nothing of it. */
  resetUnderstanding(): void {
    this.#meters.resetUnderstanding();
  }

  /** A frame came from the source. @param timed borrowed for the call */
  frameArrived(timed: TimedFrame, arrival: number): void {
    this.#meters.arrived(arrival);
    this.screen.frameArrived(timed, arrival, !this.host.segments);
  }

  /**
   * Takes its turn: the frame that waits goes through the model, and its mask to the screen.
   * @param longSide pixels of the mask's longer side
   * @throws what the engine throws; a frame that fails twice is given up, since it may be its fault
   */
  async segment(engine: Engine, longSide: number): Promise<void> {
    const [stream, meters] = [this.#stream, this.#meters];
    const taken = stream?.take();
    if (!stream || !taken) return;
    const { timed, arrival } = taken;
    // Read now: a closed frame has no size, and it is closed before its class map is back.
    const size = pictureSize(timed);
    let engineStream: EngineStream | null = null;
    let kept: TimedFrame | null = null;
    let worked = false;
    const { classes } = engine.manifest;
    meters.inferenceBegan(this.host.now());
    try {
      const fresh = this.#openEngineStream(engine, fittingMask(maskSize(size, longSide), classes.length));
      engineStream = this.#engineStream;
      // The picture before still waits for its own mask: this one keeps a frame of its own until then.
      if (this.#flying++ > 0 && !this.screen.live) {
        kept = { ...timed, frame: timed.frame.clone() };
        this.#kept++;
      } else this.screen.stage(timed);
      const gap = timed.timestamp - this.#timestamp;
      this.#timestamp = timed.timestamp;
      const result = await engineStream!.infer({
        frame: timed.frame,
        rotation: timed.rotation,
        smoothing: smoothingAfter(gap),
        reset: taken.jumped || fresh,
        ignore: withBlanks(this.#ignore, timed.blanks),
      });
      worked = true;
      /** Whoever took the source or the engine away, or holds the picture, has no use for this mask. */
      const wanted = () => this.#engineStream === engineStream && !this.#held;
      if (!wanted()) return;
      this.screen.setClasses(classes);
      if (kept) this.screen.stage(kept);
      this.screen.present(result.mask, arrival);
      this.#masks++;
      for (const each of this.#observers) each.maskReady?.();
      result.classMap.then((map) => {
        meters.understood(map, classes, timed.truth);
        if (wanted()) this.#classMapReady(map, classes, timed, size);
      }, ignoreLateFailure);
      result.times.then((times) => meters.timed(times), ignoreLateFailure);
    } catch (thrown) {
      if (taken.repeated) stream.forget();
      throw thrown;
    } finally {
      if (engineStream !== null && this.#engineStream === engineStream) this.#flying--;
      if (kept) {
        kept.frame.close();
        this.#kept--;
      }
      meters.inferenceEnded(this.host.now(), worked);
    }
  }

  /** Draws what changed. @throws what the compositor throws */
  draw(): void {
    this.screen.draw(this.#stream && this.#meters, () => this.host.now());
  }

  /** What the governor looks at: see `StreamMeters`. */
  rates(now: number): ReturnType<StreamMeters['observe']> {
    return this.#meters.observe(now);
  }

  /** What is measured of it. */
  report(now: number): Omit<ViewReport, 'governor' | 'remote'> {
    this.#watchStall(now);
    return {
      key: this.key,
      source: this.#stream?.source ?? null,
      stalled: this.#stalled,
      ...this.#meters.digest(now),
      allFrames: this.#framesBefore + this.#meters.frames,
      allMasks: this.#masks,
      scene: this.#stream ? this.#scene.digest() : null,
      stride: this.#stride,
    };
  }

  /** What it holds; the engine's own objects are not among them. */
  liveObjects(): LiveObjects {
    const drawn = this.screen.compositor?.liveObjects() ?? { frames: 0, buffers: 0, textures: 0 };
    return { ...drawn, frames: drawn.frames + (this.#stream?.held ?? 0) + this.#kept };
  }

  /** Lets go of source and canvas. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.detach();
    await this.screen.takeDown();
  }

  get #held(): boolean {
    return this.#resting.has('inspector');
  }

  async #replaceStream(stream: FrameStream | null): Promise<void> {
    const old = this.#stream;
    this.#stream = stream;
    this.#framesBefore += this.#meters.frames;
    this.#meters = new StreamMeters();
    this.screen.beginAnew();
    this.#scene.restart();
    this.#tellAnew();
    this.dropMask();
    await old?.[Symbol.asyncDispose]();
  }

  /** Distances of a picture that is frozen are those of another moment: they go, until pictures come again. */
  #watchStall(now: number): void {
    const stalled = this.#stream?.stalled(now) ?? false;
    if (stalled && !this.#stalled) this.#scene.restart();
    this.#stalled = stalled;
  }

  /** Reads the scene in the class map of the mask on screen. @param size of its picture, upright */
  #classMapReady(
    map: ClassMap,
    classes: ClassList,
    { timestamp, epoch, truth, geometry }: TimedFrame,
    size: Size,
  ): void {
    const broken = this.#brokenWatch.look(map);
    if (broken) this.#notice(broken);
    this.screen.compositor?.showLabels(truth ? { map, truth } : null);
    const world = drivingMap(map, classes);
    // Without a road there is no scene: nothing is guessed from classes that mean none.
    if (whyNoRoad(classes) === null)
      this.#scene.update(world, { timestamp, epoch, ...size }, geometry ?? null);
    else if (this.#scene.state) this.#scene.restart();
    for (const each of this.#observers) each.classMapReady?.(world, this.#scene.state, { map, classes });
  }

  /** @returns whether the engine's stream is a new one, which remembers nothing */
  #openEngineStream(engine: Engine, { width, height }: Size): boolean {
    const size = this.#maskSize;
    if (this.#engineStream && size?.width === width && size.height === height) return false;
    this.dropMask();
    this.#engineStream = engine.openStream({ maskWidth: width, maskHeight: height });
    this.#maskSize = { width, height };
    return true;
  }

  #tellAnew(): void {
    for (const each of this.#observers) each.beganAnew?.();
  }

  #notice(error: ErrorReport): void {
    this.host.tell({ type: 'notice', key: this.key, error });
  }
}

/** Late read-backs of an engine that is gone: the failure itself is reported by the inference. */
function ignoreLateFailure(): void {}
