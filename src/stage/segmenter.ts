/**
 * The inference loop: takes the frames that wait, one at a time and in fair turns, through the network, and hands
 * each mask to the compositor together with its picture.
 */

import type { TimedFrame } from '../media/timed-frame';
import type { OverlayView } from '../overlay/view';
import type { ClassMap, IgnoreRegion, InferenceResult } from '../perception/engine';
import { withBlanks } from '../perception/ignore';
import { smoothingAfter } from '../perception/smoothing';
import type { SceneFrame } from '../scene/scene';
import type { EngineHost } from './engine-host';
import type { Lane } from './lane';
import type { WaitingFrame } from './newest-slot';
import type { CompositorPort } from './ports';
import { Scheduler } from './scheduler';

/** What the loop needs to know of its stage at each turn, and what it tells it. */
export interface SegmenterHost {
  /** What draws the lane; null while there is nothing to draw with. */
  compositorOf(lane: Lane): CompositorPort | null;
  viewOf(lane: Lane): OverlayView | null;
  readonly ignore: IgnoreRegion | null;
  /** Whether masks may be computed now. */
  readonly open: boolean;
  /** Whether the lane is still on screen. */
  shows(lane: Lane): boolean;
  /** A mask was presented; in `synced` mode its picture with it. */
  presented(lane: Lane, arrival: number): void;
  /** The class map of a mask that was presented has come back. */
  understood?(lane: Lane, map: ClassMap, timed: TimedFrame, frame: SceneFrame): void;
  /** An inference took this long, in milliseconds. */
  took(milliseconds: number): void;
  failed(thrown: unknown): void;
}

/** Runs the loop over its lanes. */
export class Segmenter {
  readonly #scheduler = new Scheduler<Lane>();
  /** Identity of the running loop; a failed engine may never answer, so it can be disowned rather than waited for. */
  #loop: object | null = null;

  constructor(
    private readonly engines: EngineHost,
    private readonly host: SegmenterHost,
    private readonly now: () => number,
  ) {}

  /** Adds a lane. @param weight its share of turns against the others */
  add(lane: Lane, weight = 1): void {
    this.#scheduler.set(lane, weight);
  }

  /** Forgets a lane, and takes its mask off the screen. */
  remove(lane: Lane): void {
    this.#scheduler.remove(lane);
    this.dropMask(lane);
  }

  /** Takes a lane's mask off the screen before the engine releases its texture. */
  dropMask(lane: Lane | null): void {
    if (!lane?.engineStream) return;
    this.host.compositorOf(lane)?.present(null);
    lane.releaseEngineStream();
  }

  /** Gives the running loop up: whatever its engine still answers is ignored. */
  disown(): void {
    this.#loop = null;
  }

  /** Segments what waits until nothing does; returns at once when a loop is running. */
  async drain(): Promise<void> {
    if (this.#loop) return;
    const self = {};
    this.#loop = self;
    try {
      while (this.#loop === self && this.host.open && this.engines.engine) {
        const lane = this.#scheduler.next((candidate) => candidate.slot.full);
        const waiting = lane?.slot.take();
        if (!lane || !waiting) break;
        await this.#segment(lane, waiting);
      }
    } finally {
      if (this.#loop === self) this.#loop = null;
    }
  }

  async #segment(lane: Lane, waiting: WaitingFrame): Promise<void> {
    const { timed, arrival } = waiting;
    const engine = this.engines.engine!;
    const began = this.now();
    let worked = false;
    // Read now: a closed frame has no size, and it is closed before its class map is back.
    const [width, height] = uprightSize(timed);
    const seen: SceneFrame = { timestamp: timed.timestamp, epoch: timed.epoch, width, height };
    lane.meters.inferenceBegan(began);
    try {
      const result = await this.#infer(lane, timed);
      worked = true;
      lane.lastEpoch = timed.epoch;
      lane.lastTimestamp = timed.timestamp;
      if (!this.host.shows(lane) || engine !== this.engines.engine || lane.engineStream === null) return;
      this.host.compositorOf(lane)?.present(result.mask);
      this.host.presented(lane, arrival);
      result.classMap.then((map) => {
        lane.meters.understood(map, timed.truth);
        if (this.host.shows(lane)) this.host.understood?.(lane, map, timed, seen);
      }, ignoreLateFailure);
      result.times.then((times) => lane.meters.timed(times), ignoreLateFailure);
    } catch (thrown) {
      // A picture that fails twice is not tried a third time: it may be the picture's fault.
      if (waiting.repeated) lane.forget();
      if (engine === this.engines.engine) this.host.failed(thrown);
    } finally {
      lane.meters.inferenceEnded(this.now(), worked);
    }
    if (worked) this.host.took(this.now() - began);
  }

  /** Starts the inference; the frame, which compositor and engine only borrow, stays with its lane. */
  #infer(lane: Lane, timed: TimedFrame): Promise<InferenceResult> {
    try {
      this.#openStream(lane, timed);
      if (this.host.viewOf(lane)?.sync === 'synced')
        this.host.compositorOf(lane)?.stage(timed.frame, timed.rotation);
      return lane.engineStream!.infer({
        frame: timed.frame,
        rotation: timed.rotation,
        smoothing: smoothingAfter(timed.timestamp - lane.lastTimestamp),
        reset: timed.epoch !== lane.lastEpoch,
        ignore: withBlanks(this.host.ignore, timed.blanks),
      });
    } finally {
      lane.keep(timed);
    }
  }

  #openStream(lane: Lane, timed: TimedFrame): void {
    const [width, height] = uprightSize(timed);
    const scale = this.engines.tier.maskWidth / Math.max(width, height);
    const maskWidth = Math.max(8, Math.round(width * scale));
    const maskHeight = Math.max(8, Math.round(height * scale));
    const size = `${maskWidth}x${maskHeight}`;
    if (lane.engineStream && lane.streamSize === size) return;
    this.dropMask(lane);
    lane.engineStream = this.engines.engine!.openStream({ maskWidth, maskHeight });
    lane.streamSize = size;
    lane.lastEpoch = -1;
  }
}

/** Width and height of a frame's picture once it stands upright, in pixels. */
export function uprightSize({ frame, rotation }: TimedFrame): [number, number] {
  const turned = rotation === 90 || rotation === 270;
  return turned ? [frame.displayHeight, frame.displayWidth] : [frame.displayWidth, frame.displayHeight];
}

/** Late read-backs of an engine that is gone: the failure itself is reported by the inference. */
function ignoreLateFailure(): void {}
