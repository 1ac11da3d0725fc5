/**
 * Owns the device, the engine that runs on it and the network it runs: brings them up, swaps networks without a gap,
 * and rebuilds all of it from memory after a failure.
 */
import { CarriagewayError, type ErrorCode, type ErrorReport, reportOf } from '../errors';
import { parseManifest, runtimeOf } from '../model/manifest';
import { engineOf, fileWishOf } from '../perception/create-engine';
import type { Engine, EngineKind } from '../perception/engine';
import { GIVEN_UP, NEXT_ENGINE } from './engine-order';
import type { DevicePort, LoadedModel, StageParts } from './ports';
import type { ChosenNote, EngineChoice, EngineReport, ModelProgress, ModelRequest } from './stage-api';
import { firstTier, lowerTier, TIERS, type Tier, type TierName } from './tiers';

/** Inferences that are watched before a tier is judged; the first compiles shaders and does not count. */
const TRIAL_RUNS = 6;

/** A model that has been started. */
interface Started {
  readonly engine: Engine;
  readonly model: LoadedModel;
  /** Why it is another engine than the one asked for. */
  readonly reason: ErrorReport | null;
}

/** Holds at most one device and one engine. */
export class EngineHost {
  #device: DevicePort | null = null;
  #engine: Engine | null = null;
  #model: LoadedModel | null = null;
  /** What was loaded last, to be loaded again. */
  #wish: ModelRequest | null = null;
  #tier: Tier = TIERS['gpu-lite'];
  /** The network of the tier under which the running one was loaded. */
  #chosen = '';
  /** Why the device is not what one would expect. */
  #fallback: ErrorReport | null = null;
  /** Why the engine is not the device's. */
  #reason: ErrorReport | null = null;
  #kind: EngineKind = 'cpu';
  /** Whether the tier came from a measurement of this machine. */
  #measured = false;
  #trial: number[] = [];
  /** How this machine did with the tier above, in milliseconds; null when it was not tried. */
  #tooSlow: { readonly model: string; readonly median: number } | null = null;
  /** Rises with every request, so that a slow download never replaces a newer choice. */
  #request = 0;
  /** Requests on their way. */
  #loading = 0;

  constructor(
    private readonly parts: StageParts,
    private readonly onProgress: (progress: ModelProgress) => void,
  ) {}

  get engine(): Engine | null {
    return this.#engine;
  }

  get device(): DevicePort | null {
    return this.#device;
  }

  /** What the host stands on: `webgpu` while it has a device, whatever runs the network. */
  get kind(): EngineKind {
    return this.#kind;
  }

  get tier(): Tier {
    return this.#tier;
  }

  /** Whether the network was picked by tier, and may be changed by it. */
  get #auto(): boolean {
    return this.#wish?.kind === 'auto';
  }

  /**
   * Chooses the engine and asks for a device when it needs one. Never fails: a processor is always there.
   * @param measured what this machine was found to be; it counts where the choice is left to this
   * @param because why the choice is not what somebody asked for
   */
  async open(choice: EngineChoice, measured: TierName | null = null, because?: ErrorCode): Promise<void> {
    const found = measured === null || choice !== 'auto' ? null : TIERS[measured];
    this.#device = null;
    this.#fallback = null;
    this.#reason = null;
    this.#kind = choice === 'wasm' ? 'wasm' : 'cpu';
    if (choice === 'wasm' || choice === 'cpu') {
      this.#fallback = reportOf(new CarriagewayError(because ?? 'engine-requested'), 'engine-requested');
    } else if (found?.engine === 'cpu') {
      this.#fallback = reportOf(new CarriagewayError('engine-measured'), 'engine-measured');
    } else {
      try {
        const device = await this.parts.acquireDevice();
        const unfit = device.software ? 'webgpu-software' : device.takesFrames ? null : 'webgpu-no-frames';
        if (unfit && choice === 'auto') {
          device[Symbol.dispose]();
          this.#fallback = reportOf(new CarriagewayError(unfit), unfit);
        } else {
          this.#device = device;
          this.#kind = 'webgpu';
        }
      } catch (thrown) {
        this.#fallback = reportOf(thrown, 'webgpu-absent');
      }
    }
    this.#measured = found !== null && found.engine === this.#kind && this.#available.includes(found.model);
    this.#tier = this.#measured && found ? found : firstTier(this.#kind, this.#available);
    this.#tooSlow = null;
  }

  /** Takes the processor from now on, and remembers why. */
  async openFallback(reason: ErrorReport): Promise<void> {
    await this.open('cpu');
    this.#fallback = reason;
  }

  /**
   * Loads a network and starts it. The running engine goes only after the new one has answered; when the new one
   * fails it stays. `beforeSwap` is called right before the old engine is released.
   * @throws CarriagewayError one of the `model-` codes
   */
  async load(request: ModelRequest, beforeSwap: () => void): Promise<EngineReport> {
    this.#loading++;
    try {
      return await this.#load(request, beforeSwap);
    } finally {
      this.#loading--;
    }
  }

  async #load(request: ModelRequest, beforeSwap: () => void): Promise<EngineReport> {
    const ticket = ++this.#request;
    const started = await this.#start(request, null);
    if (ticket !== this.#request) {
      await started.engine[Symbol.asyncDispose]();
      throw new CarriagewayError('model-load-failed', 'another model was chosen meanwhile');
    }
    beforeSwap();
    const old = this.#engine;
    this.#hold(started);
    this.#wish = request;
    await old?.[Symbol.asyncDispose]();
    return this.report();
  }

  /** Starts the network again on the present device, from memory where it can be; nothing to do when none was loaded. */
  async restart(): Promise<void> {
    if (!this.#wish) return;
    this.#hold(await this.#start(this.#wish, this.#model));
  }

  #hold({ engine, model, reason }: Started): void {
    this.#engine = engine;
    this.#model = model;
    this.#reason = reason;
    this.#trial = [];
  }

  /**
   * Brings a network up on the first engine that can run it, the present one first. What was tried in vain costs the
   * viewer a sentence, never the picture.
   * @param kept the running network, whose file need not be fetched again where the same one is wanted
   * @throws CarriagewayError of the last engine that was tried
   */
  async #start(request: ModelRequest, kept: LoadedModel | null): Promise<Started> {
    let reason: ErrorReport | null = null;
    let smaller: Tier | null = null;
    for (let kind: EngineKind = this.#kind; ; ) {
      const tier: Tier = smaller ?? tierOn(this.#tier, kind, this.#available);
      try {
        const same = kept !== null && tier.model === this.#chosen && this.#fits(kept, kind);
        // Asked for first: the runtime may hold this thread up.
        const fetching = same ? kept : this.#fetch(request, kind, tier);
        if (!same && request.kind !== 'file') this.parts.warmEngine?.(kind);
        const model = await fetching;
        this.onProgress({ phase: 'compile', loaded: 0, total: 0 });
        const engine = await this.parts.createEngine(model, kind, kind === 'webgpu' ? this.#device : null);
        this.#tier = tier;
        this.#chosen = tier.model;
        return { engine, model, reason };
      } catch (thrown) {
        const report = reportOf(thrown, 'model-load-failed');
        if (report.code === 'memory-short' && request.kind === 'auto') {
          smaller = smallerTier(tier, this.#available);
          reason ??= report;
          if (smaller) continue;
        }
        const next = nextEngine(kind, request);
        // A lost device is for the recovery to see to, and what cannot be fetched is as far away for any engine.
        if (next === null || !STARTS_ELSEWHERE.has(report.code)) throw thrown;
        reason ??= reportOf(
          new CarriagewayError(GIVEN_UP[kind], [report.message, report.detail].filter(Boolean).join(' ')),
          GIVEN_UP[kind],
        );
        kind = next;
      }
    }
  }

  /** Whether an engine would ask for the very file that is at hand. */
  #fits(model: LoadedModel, kind: EngineKind): boolean {
    const wanted = fileWishOf(kind, this.#device?.f16 ?? false);
    const runtime = model.runtime ?? 'onnxruntime';
    if (!model.manifest.files.some((file) => runtimeOf(file) === wanted.runtime))
      return runtime === 'onnxruntime';
    return runtime === wanted.runtime && (runtime === 'litert' || model.precision === wanted.precision);
  }

  /**
   * Notes how long an inference took.
   * @returns the tier to step down to, once enough was seen and it is too slow; else null
   */
  judge(milliseconds: number): Tier | null {
    // While another network is on its way, the present one is not judged: stepping down would take the place of what
    // somebody has just chosen, and compiling makes every run slow.
    if (!this.#auto || this.#loading > 0 || this.#trial.length >= TRIAL_RUNS) return null;
    // What a call took says how long it waited, too.
    this.#trial.push(this.#engine?.busy ?? milliseconds);
    if (this.#trial.length < TRIAL_RUNS) return null;
    const median = this.#trial.slice(1).toSorted((a, b) => a - b)[Math.floor((TRIAL_RUNS - 1) / 2)]!;
    const lower = lowerTier(this.#tier, median, this.#available);
    if (!lower) return null;
    this.#tooSlow = { model: this.#engine?.manifest.title ?? this.#tier.model, median };
    this.#tier = lower;
    return lower;
  }

  /** The running network had too little memory: the next start takes a smaller one, where it was not chosen by hand. */
  lessen(): void {
    const lower = this.#auto ? smallerTier(this.#tier, this.#available) : null;
    if (!lower) return;
    this.#tier = lower;
    this.#fallback = reportOf(new CarriagewayError('memory-short'), 'memory-short');
  }

  /** What runs now. Throws when nothing does. */
  report(): EngineReport {
    const engine = this.#engine;
    if (!engine) throw new CarriagewayError('model-load-failed', 'no network is running');
    return {
      kind: engine.kind,
      model: engine.manifest.name,
      title: engine.manifest.title,
      licence: engine.manifest.licence,
      description: engine.description,
      classes: engine.manifest.classes,
      fallback: this.#reason ?? this.#fallback,
      tier: this.#tier.name,
      chosen: [
        ...(this.#auto ? [this.#choice()] : []),
        ...(this.#drawsDearly ? [{ kind: 'drawn-dearly' } as const] : []),
        ...(engine.threadless ? [{ kind: 'threadless' } as const] : []),
      ],
    };
  }

  /** Whether a program draws in place of a GPU: then it is given little to do, so that the network has a core. */
  get #drawsDearly(): boolean {
    return Number.isFinite(this.parts.drawnSideMax(this.#device));
  }

  /** Why this network. */
  #choice(): ChosenNote {
    const { budget } = this.#tier;
    if (this.#tooSlow) {
      const { model, median } = this.#tooSlow;
      return { kind: 'too-slow', model, ms: Math.round(median), budget: TIERS[this.#aboveTier()].budget };
    }
    if (this.#measured) return { kind: 'measured' };
    return Number.isFinite(budget) ? { kind: 'within', budget } : { kind: 'best' };
  }

  /** The tier that was left for the present one. */
  #aboveTier(): TierName {
    return (
      (Object.keys(TIERS) as TierName[]).find((name) => TIERS[name].lower === this.#tier.name) ??
      this.#tier.name
    );
  }

  /** Names of the networks there are. */
  get #available(): readonly string[] {
    return [...this.parts.catalogue().keys()];
  }

  /** Releases engine and device; the network's bytes are kept for `restart`. Never throws. */
  async close(): Promise<void> {
    const engine = this.#engine;
    const device = this.#device;
    this.#engine = null;
    this.#device = null;
    try {
      await engine?.[Symbol.asyncDispose]();
    } catch {
      // A lost device cannot be tidied; dropping the references is all there is left to do.
    }
    device?.[Symbol.dispose]();
  }

  async #fetch(request: ModelRequest, kind: EngineKind, tier: Tier): Promise<LoadedModel> {
    if (request.kind === 'file') {
      const manifest = parseManifest(request.manifest);
      const file = manifest.files[0]!;
      return { manifest, bytes: request.bytes, precision: file.precision, runtime: runtimeOf(file) };
    }
    const wanted = fileWishOf(kind, kind === 'webgpu' && (this.#device?.f16 ?? false));
    if (request.kind === 'manifest') return this.parts.loadModel(request.url, wanted, this.onProgress);
    const url = this.parts.catalogue().get(tier.model);
    if (url === undefined) throw new CarriagewayError('model-not-found', tier.model);
    return this.parts.loadModel(url, wanted, this.onProgress);
  }
}

/** Failures that another engine may not meet: of the start, and of a file that only this one takes. */
const STARTS_ELSEWHERE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'model-load-failed',
  'inference-failed',
  'model-hash-mismatch',
  'memory-short',
]);

/** What to try after `kind`: a file of the user's own is none of LiteRT's. */
function nextEngine(kind: EngineKind, request: ModelRequest): EngineKind | null {
  const next = NEXT_ENGINE[kind];
  if (next === null || request.kind !== 'file') return next;
  const fit = engineOf({}, next);
  return kind === 'cpu' || fit === kind ? null : fit;
}

/** The tier to run on an engine: the present one where it is that engine's, else that engine's first. */
function tierOn(tier: Tier, kind: EngineKind, available: readonly string[]): Tier {
  const engine = kind === 'wasm' ? 'cpu' : kind;
  return tier.engine === engine ? tier : firstTier(engine, available);
}

/** The tier below, whatever this one's speed; null when there is none. */
function smallerTier(tier: Tier, available: readonly string[]): Tier | null {
  return lowerTier(tier, Number.POSITIVE_INFINITY, available);
}
