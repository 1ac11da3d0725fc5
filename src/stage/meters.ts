/**
 * All that is measured of one stream, and the digest that the page shows.
 */

import { TruthMeter } from '../labels/truth-meter';
import { RollingRate, RollingWindow } from '../media/rolling';
import type { LabelMap } from '../media/timed-frame';
import type { ClassMap, StageTimes } from '../perception/engine';
import { decidedness, drivableShare } from '../perception/map-digest';
import type { ClassList } from '../taxonomy/class-list';
import type { ViewReport } from './stage-api';

/** What of a view's report is measured of its stream. */
export type MeasuredReport = Omit<
  ViewReport,
  'key' | 'source' | 'stalled' | 'allFrames' | 'allMasks' | 'scene' | 'governor' | 'stride' | 'remote'
>;

/** Meters of one stream. Times are milliseconds of one monotonic clock. */
export class StreamMeters {
  readonly #source = new RollingRate();
  readonly #picture = new RollingRate();
  readonly #inference = new RollingRate();
  readonly #latency = new RollingWindow(120);
  readonly #preprocess = new RollingWindow(30);
  readonly #model = new RollingWindow(30);
  readonly #postprocess = new RollingWindow(30);
  readonly #draw = new RollingWindow(30);
  readonly #truth = new TruthMeter();
  #frames = 0;
  #dropped = 0;
  #maskAge: number | null = null;
  #share: number | null = null;
  #confidence: number | null = null;
  #timesSource: StageTimes['source'] = 'clock';
  #readBack = 0;
  /** Inferences under way, and since when there is one. */
  #running = 0;
  #busySince = 0;
  #busyTotal = 0;
  #observedAt = 0;

  /** A frame arrived from the source. */
  arrived(now: number): void {
    this.#frames++;
    this.#source.tick(now);
  }

  /** A frame was closed without having been segmented. */
  dropped(): void {
    this.#dropped++;
  }

  /** A new picture was drawn. `draw`: milliseconds the drawing took on this thread. */
  drew(now: number, draw: number): void {
    this.#picture.tick(now);
    this.#draw.add(draw);
  }

  /** A mask reached the screen. `latency`: from its frame's arrival; `age`: see `ViewReport.maskAge`. */
  masked(latency: number, age: number): void {
    this.#latency.add(latency);
    this.#maskAge = age;
  }

  /** An inference began. */
  inferenceBegan(now: number): void {
    if (this.#running++ === 0) this.#busySince = now;
  }

  /** An inference ended, whether or not it worked. */
  inferenceEnded(now: number, worked: boolean): void {
    if (--this.#running === 0) this.#busyTotal += now - this.#busySince;
    if (worked) this.#inference.tick(now);
  }

  /** Stage times of an inference became known. */
  timed(times: StageTimes): void {
    this.#preprocess.add(times.preprocess);
    this.#model.add(times.model);
    this.#postprocess.add(times.postprocess);
    this.#timesSource = times.source;
  }

  /** A class map of these classes arrived, with the truth of its frame where there is one. */
  understood(map: ClassMap, list: ClassList, truth: LabelMap | undefined): void {
    this.#share = drivableShare(map, list);
    this.#confidence = decidedness(map, list);
    this.#readBack = map.classes.byteLength + map.drivable.byteLength;
    if (truth) this.#truth.add(map, truth, list);
  }

  /** Forgets what belongs to another network or another source. */
  resetUnderstanding(): void {
    this.#truth.clear();
    this.#latency.clear();
    this.#maskAge = null;
    this.#share = null;
    this.#confidence = null;
  }

  /** What the governor looks at; the share of busy time is since the previous call. */
  observe(now: number): { sourceFps: number; pictureFps: number; busy: number } {
    const running = this.#running === 0 ? 0 : now - this.#busySince;
    const span = Math.max(1, now - this.#observedAt);
    const busy = Math.min(1, (this.#busyTotal + running) / span);
    this.#busyTotal = -running;
    this.#observedAt = now;
    return { sourceFps: this.#source.rate(now), pictureFps: this.#picture.rate(now), busy };
  }

  /** Frames that arrived so far. */
  get frames(): number {
    return this.#frames;
  }

  /** The part of the report that is measured here. */
  digest(now: number): MeasuredReport {
    return {
      sourceFps: this.#source.rate(now),
      pictureFps: this.#picture.rate(now),
      inferenceFps: this.#inference.rate(now),
      latencyP50: this.#latency.quantile(0.5),
      latencyP95: this.#latency.quantile(0.95),
      maskAge: this.#maskAge,
      frames: this.#frames,
      dropped: this.#dropped,
      stages: {
        preprocess: this.#preprocess.quantile(0.5),
        model: this.#model.quantile(0.5),
        postprocess: this.#postprocess.quantile(0.5),
        draw: this.#draw.quantile(0.5),
        source: this.#timesSource,
      },
      drivableShare: this.#share,
      confidence: this.#confidence,
      truth: this.#truth.score(),
      readBackBytes: this.#readBack,
    };
  }
}
