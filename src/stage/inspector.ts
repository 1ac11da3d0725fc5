/**
 * The pyramid inspector: runs the network again on the frame on screen, with levels of its pooling pyramid switched
 * off, and says what that changes. Nothing exists, runs or is held until it is opened.
 */
import { CarriagewayError } from '../errors';
import { TruthMeter, type TruthScore } from '../labels/truth-meter';
import { maskSize } from '../media/size';
import { pictureSize, type TimedFrame } from '../media/timed-frame';
import type { ClassMap, EngineStream } from '../perception/engine';
import { withBlanks } from '../perception/ignore';
import type { ClassList } from '../taxonomy/class-list';
import { VOID_CLASS } from '../taxonomy/classes';
import type { EngineHost } from './engine-host';
import type { Flip, InspectionReport, InspectionRequest } from './inspection';
import type { CompositorPort } from './ports';
import type { View } from './view';

/** What changes are worth listing: at most this many. */
const FLIPS_MAX = 3;
/** A moved probability is painted up to this much; a changed class fully. */
const MOVED_MAX = 110;

/** Looks at one frame of a view, which it holds. Owns a clone of the frame and a stream of the engine. */
class Inspector implements Disposable {
  readonly bins: readonly number[];
  readonly #stream: EngineStream;
  readonly #timed: TimedFrame;
  readonly #classes: ClassList;
  #frame: VideoFrame | null;
  #all: ClassMap | null = null;

  /** @throws CarriagewayError `pyramid-unavailable` when there is no picture yet, or the network has no switches */
  constructor(
    { engine, tier }: EngineHost,
    readonly view: View,
  ) {
    const timed = view.lastFrame;
    if (!timed) throw new CarriagewayError('pyramid-unavailable', 'no picture yet');
    const levels = engine?.manifest.gate?.levels;
    if (!engine || !levels) throw new CarriagewayError('pyramid-unavailable', 'no gate in this network');
    this.bins = levels;
    const { width, height } = maskSize(pictureSize(timed), tier.maskWidth);
    this.#stream = engine.openStream({ maskWidth: width, maskHeight: height });
    this.#timed = timed;
    this.#classes = engine.manifest.classes;
    this.#frame = timed.frame.clone();
    view.setResting('inspector', true);
  }

  /**
   * Runs the network as asked and shows the outcome.
   * @throws CarriagewayError `inference-failed`
   */
  async look(request: InspectionRequest): Promise<InspectionReport> {
    const { compositor } = this.view.screen;
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
    const { truth } = this.#timed;
    const scoreOf = (map: ClassMap): TruthScore | null => {
      if (!truth) return null;
      const meter = new TruthMeter(1);
      meter.add(map, truth, this.#classes);
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

  /** Takes its mask off the screen, closes what it owns, and lets the view go on. */
  [Symbol.dispose](): void {
    const { compositor } = this.view.screen;
    compositor?.showInspection(null);
    compositor?.present(null);
    this.#frame?.close();
    this.#frame = null;
    this.#stream[Symbol.dispose]();
    this.view.setResting('inspector', false);
  }

  async #run(gate: readonly number[], compositor: CompositorPort | null): Promise<ClassMap> {
    const frame = this.#frame;
    if (!frame) throw new CarriagewayError('inference-failed', 'the inspector was closed');
    // Neither smoothed nor remembered: what is seen is these levels' doing alone.
    const result = await this.#stream.infer({
      frame,
      rotation: this.#timed.rotation,
      smoothing: 1,
      reset: true,
      ignore: withBlanks(this.view.ignore, this.#timed.blanks),
      gate,
    });
    const map = await result.classMap;
    if (!this.#frame) throw new CarriagewayError('inference-failed', 'the inspector was closed');
    compositor?.show(this.#frame, this.#timed.rotation);
    this.view.screen.setClasses(this.#classes);
    compositor?.present(result.mask);
    return map;
  }
}

/** The inspector of a stage: opened by its first look, closed by hand or by whatever makes it meaningless. */
export class Inspection {
  #inspector: Inspector | null = null;
  /** Looks go one after the other: they share a stream. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly engines: EngineHost) {}

  /** See `StageApi.inspect`. */
  async inspect(view: View, request: InspectionRequest | null): Promise<InspectionReport | null> {
    if (!request) {
      this.end(view);
      return null;
    }
    if (this.#inspector && this.#inspector.view !== view) this.end();
    this.#inspector ??= new Inspector(this.engines, view);
    const inspector = this.#inspector;
    const look = this.#turn.then(() => (this.#inspector === inspector ? inspector.look(request) : null));
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

  /** Closes it, if it is open. @param view only if it holds this one */
  end(view: View | null = this.#inspector?.view ?? null): void {
    const inspector = this.#inspector;
    if (!inspector || inspector.view !== view) return;
    this.#inspector = null;
    this.#turn = Promise.resolve();
    inspector[Symbol.dispose]();
  }
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
