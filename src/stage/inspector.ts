/**
 * The pyramid inspector: runs the network again on the frame on screen, with levels of its pooling pyramid switched
 * off, and says what that changes. Nothing exists, runs or is held until it is opened.
 */
import { CarriagewayError } from '../errors';
import type { TimedFrame } from '../media/timed-frame';
import type { ClassMap, EngineStream, IgnoreRegion } from '../perception/engine';
import { VOID_CLASS } from '../taxonomy/classes';
import type { EngineHost } from './engine-host';
import type { Lane } from './lane';
import { TruthMeter, type TruthScore } from './map-digest';
import type { CompositorPort } from './ports';
import { uprightSize } from './segmenter';

/** What is to be seen. */
export interface InspectionRequest {
  /** For each level of the pyramid, coarsest first, whether it takes part. */
  readonly levels: readonly boolean[];
  /** Whether cells that changed are painted. */
  readonly heat: boolean;
  /** The level whose pooled cells are drawn, by its number of bins a side; null for none. */
  readonly cells: number | null;
}

/** How many cells went from one class to another. */
interface Flip {
  readonly from: number;
  readonly to: number;
  /** Share of all labelled cells, 0 to 1. */
  readonly share: number;
}

/** What the levels that are on make of the frame, against all of them. */
export interface InspectionReport {
  /** Bins a side of each level, coarsest first. */
  readonly bins: readonly number[];
  readonly levels: readonly boolean[];
  /** Share of the cells whose class differs, 0 to 1. */
  readonly flipped: number;
  /** The most frequent changes, largest first; at most three. */
  readonly flips: readonly Flip[];
  /** Against the source's labels, with these levels and with all; null without labels. */
  readonly truth: { readonly now: TruthScore; readonly all: TruthScore } | null;
}

/** What changes are worth listing: at most this many. */
const FLIPS_MAX = 3;
/** A moved probability is painted up to this much; a changed class fully. */
const MOVED_MAX = 110;

/** One look at one frame. Owns a clone of it and a stream of the engine. */
class Inspector implements Disposable {
  readonly bins: readonly number[];
  readonly #stream: EngineStream;
  #frame: VideoFrame | null;
  #all: ClassMap | null = null;

  /**
   * @param timed the frame on screen, borrowed for the call
   * @throws CarriagewayError `pyramid-unavailable` when the network has no switches
   */
  constructor(
    engines: EngineHost,
    mask: { readonly maskWidth: number; readonly maskHeight: number },
    private readonly timed: TimedFrame,
    private readonly ignore: IgnoreRegion | null,
  ) {
    const engine = engines.engine;
    const levels = engine?.manifest.gate?.levels;
    if (!engine || !levels) throw new CarriagewayError('pyramid-unavailable', 'no gate in this network');
    this.bins = levels;
    this.#stream = engine.openStream(mask);
    this.#frame = timed.frame.clone();
  }

  /**
   * Runs the network as asked and shows the outcome.
   * @throws CarriagewayError `inference-failed`
   */
  async look(request: InspectionRequest, compositor: CompositorPort | null): Promise<InspectionReport> {
    const levels = this.bins.map((_, i) => request.levels[i] !== false);
    this.#all ??= await this.#run(
      this.bins.map(() => 1),
      null,
    );
    const now = await this.#run(
      levels.map((on) => (on ? 1 : 0)),
      compositor,
    );
    const all = this.#all;
    const changes = compareMaps(all, now);
    compositor?.showInspection({
      width: now.width,
      height: now.height,
      heat: request.heat ? changes.heat : null,
      cells: request.cells,
    });
    const { truth } = this.timed;
    const scoreOf = (map: ClassMap): TruthScore | null => {
      if (!truth) return null;
      const meter = new TruthMeter(1);
      meter.add(map, truth);
      return meter.score();
    };
    const [scoreNow, scoreAll] = [scoreOf(now), scoreOf(all)];
    return {
      bins: this.bins,
      levels,
      flipped: changes.flipped,
      flips: changes.flips,
      truth: scoreNow && scoreAll && { now: scoreNow, all: scoreAll },
    };
  }

  /** Closes the frame and the stream; take its mask off the screen first. */
  [Symbol.dispose](): void {
    this.#frame?.close();
    this.#frame = null;
    this.#stream[Symbol.dispose]();
  }

  async #run(gate: readonly number[], compositor: CompositorPort | null): Promise<ClassMap> {
    const frame = this.#frame;
    if (!frame) throw new CarriagewayError('inference-failed', 'the inspector was closed');
    // Neither smoothed nor remembered: what is seen is these levels' doing alone.
    const result = await this.#stream.infer({
      frame,
      rotation: this.timed.rotation,
      smoothing: 1,
      reset: true,
      ignore: this.ignore,
      gate,
    });
    const map = await result.classMap;
    if (!this.#frame) throw new CarriagewayError('inference-failed', 'the inspector was closed');
    compositor?.show(this.#frame, this.timed.rotation);
    compositor?.present(result.mask);
    return map;
  }
}

/** What an inspection needs of its stage. */
export interface InspectionHost {
  readonly engines: EngineHost;
  readonly compositor: CompositorPort | null;
  readonly lane: Lane | null;
  readonly ignore: IgnoreRegion | null;
  /** Lets no further picture come. */
  hold(): void;
  /** Lets pictures come again, and the last one have its usual mask. */
  goOn(): void;
}

/** The inspector of a stage: opened by its first look, closed by hand or by whatever makes it meaningless. */
export class Inspection {
  #inspector: Inspector | null = null;
  /** Looks go one after the other: they share a stream. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly host: InspectionHost) {}

  /** Whether a picture is being held. */
  get open(): boolean {
    return this.#inspector !== null;
  }

  /** See `StageApi.inspect`. */
  async inspect(request: InspectionRequest | null): Promise<InspectionReport | null> {
    if (!request) {
      this.end();
      return null;
    }
    const inspector = this.#inspector ?? this.#begin();
    const look = this.#turn.then(() =>
      this.#inspector === inspector ? inspector.look(request, this.host.compositor) : null,
    );
    this.#turn = look.catch(() => {});
    try {
      return await look;
    } catch (thrown) {
      // Closed while it looked: nobody waits for the answer any more.
      if (this.#inspector !== inspector) return null;
      this.end();
      throw thrown;
    }
  }

  /** Closes it, if it is open. */
  end(): void {
    const inspector = this.#inspector;
    if (!inspector) return;
    this.#inspector = null;
    this.#turn = Promise.resolve();
    this.host.compositor?.showInspection(null);
    this.host.compositor?.present(null);
    inspector[Symbol.dispose]();
    this.host.goOn();
  }

  #begin(): Inspector {
    const { engines, lane, ignore } = this.host;
    if (!lane?.last) throw new CarriagewayError('pyramid-unavailable', 'no picture yet');
    const [maskWidth, maskHeight] = maskSize(engines.tier.maskWidth, lane.last);
    const inspector = new Inspector(engines, { maskWidth, maskHeight }, lane.last, ignore);
    this.#inspector = inspector;
    this.host.hold();
    return inspector;
  }
}

/** Size of a frame's mask: its upright aspect, as wide or high as the tier says. */
function maskSize(longSide: number, timed: TimedFrame): [number, number] {
  const [width, height] = uprightSize(timed);
  const scale = longSide / Math.max(width, height);
  return [Math.max(8, Math.round(width * scale)), Math.max(8, Math.round(height * scale))];
}

/** What differs between two class maps of one frame. */
export function compareMaps(
  before: ClassMap,
  after: ClassMap,
): { readonly flipped: number; readonly flips: readonly Flip[]; readonly heat: Uint8Array<ArrayBuffer> } {
  const heat = new Uint8Array(before.classes.length);
  const counts = new Map<number, number>();
  let labelled = 0;
  let flipped = 0;
  before.classes.forEach((from, i) => {
    const to = after.classes[i]!;
    if (from === VOID_CLASS || to === VOID_CLASS) return;
    labelled++;
    const moved = Math.abs(before.drivable[i]! - after.drivable[i]!) / 255;
    heat[i] = Math.round(MOVED_MAX * moved);
    if (from === to) return;
    heat[i] = 255;
    flipped++;
    const key = from * 256 + to;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  });
  const share = (count: number): number => (labelled === 0 ? 0 : count / labelled);
  const flips = [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, FLIPS_MAX)
    .map(([key, count]) => ({ from: Math.floor(key / 256), to: key % 256, share: share(count) }));
  return { flipped: share(flipped), flips, heat };
}
