/**
 * Owns the device, the engine that runs on it and the network it runs: brings them up, swaps networks without a gap,
 * and rebuilds all of it from memory after a failure.
 */
import { CarriagewayError, type ErrorReport, reportOf } from '../errors';
import { parseManifest } from '../model/manifest';
import type { Engine, EngineKind } from '../perception/engine';
import type { DevicePort, LoadedModel, StageParts } from './ports';
import type { EngineChoice, EngineReport, ModelProgress, ModelRequest } from './stage-api';
import { firstTier, lowerTier, TIERS, type Tier } from './tiers';

/** Inferences that are watched before a tier is judged; the first compiles shaders and does not count. */
const TRIAL_RUNS = 6;

/** Holds at most one device and one engine. */
export class EngineHost {
  #device: DevicePort | null = null;
  #engine: Engine | null = null;
  #model: LoadedModel | null = null;
  #tier: Tier = TIERS['gpu-lite'];
  /** Whether the network was picked by tier, and may be changed by it. */
  #auto = false;
  #fallback: ErrorReport | null = null;
  #kind: EngineKind = 'wasm';
  #trial: number[] = [];
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

  get kind(): EngineKind {
    return this.#kind;
  }

  get tier(): Tier {
    return this.#tier;
  }

  /** Chooses the engine and asks for a device when it needs one. Never fails: WebAssembly is always there. */
  async open(choice: EngineChoice): Promise<void> {
    this.#device = null;
    this.#fallback = null;
    this.#kind = 'wasm';
    if (choice === 'wasm') {
      this.#fallback = reportOf(new CarriagewayError('engine-requested'), 'engine-requested');
    } else {
      try {
        const device = await this.parts.acquireDevice();
        if (device.software && choice === 'auto') {
          device[Symbol.dispose]();
          this.#fallback = reportOf(new CarriagewayError('webgpu-software'), 'webgpu-software');
        } else {
          this.#device = device;
          this.#kind = 'webgpu';
        }
      } catch (thrown) {
        this.#fallback = reportOf(thrown, 'webgpu-absent');
      }
    }
    this.#tier = firstTier(this.#kind, [...this.parts.catalogue().keys()]);
  }

  /** Takes WebAssembly from now on, and remembers why. */
  async openFallback(reason: ErrorReport): Promise<void> {
    await this.open('wasm');
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
    const model = await this.#fetch(request);
    this.onProgress({ phase: 'compile', loaded: 0, total: 0 });
    const engine = await this.parts.createEngine(model, this.#kind, this.#device);
    if (ticket !== this.#request) {
      await engine[Symbol.asyncDispose]();
      throw new CarriagewayError('model-load-failed', 'another model was chosen meanwhile');
    }
    beforeSwap();
    const old = this.#engine;
    this.#engine = engine;
    this.#model = model;
    this.#auto = request.kind === 'auto';
    this.#trial = [];
    await old?.[Symbol.asyncDispose]();
    return this.report();
  }

  /** Starts the network again from memory on the present device; nothing to do when none was loaded. */
  async restart(): Promise<void> {
    if (!this.#model) return;
    // A half-precision file needs a device that computes in half precision; WebAssembly takes the other one.
    if (this.#auto && this.#kind === 'wasm') {
      await this.load({ kind: 'auto' }, () => {});
      return;
    }
    this.#engine = await this.parts.createEngine(this.#model, this.#kind, this.#device);
    this.#trial = [];
  }

  /**
   * Notes how long an inference took.
   * @returns the tier to step down to, once enough was seen and it is too slow; else null
   */
  judge(milliseconds: number): Tier | null {
    // While another network is on its way, the present one is not judged: stepping down would take the place of what
    // somebody has just chosen, and compiling makes every run slow.
    if (!this.#auto || this.#loading > 0 || this.#trial.length >= TRIAL_RUNS) return null;
    this.#trial.push(milliseconds);
    if (this.#trial.length < TRIAL_RUNS) return null;
    const median = this.#trial.slice(1).toSorted((a, b) => a - b)[Math.floor((TRIAL_RUNS - 1) / 2)]!;
    const lower = lowerTier(this.#tier, median, [...this.parts.catalogue().keys()]);
    if (lower) this.#tier = lower;
    return lower;
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
      fallback: this.#fallback,
      tier: this.#tier.name,
    };
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

  async #fetch(request: ModelRequest): Promise<LoadedModel> {
    if (request.kind === 'file') {
      const manifest = parseManifest(request.manifest);
      return { manifest, bytes: request.bytes, precision: manifest.files[0]!.precision };
    }
    const f16 = this.#kind === 'webgpu' && (this.#device?.f16 ?? false);
    if (request.kind === 'manifest') return this.parts.loadModel(request.url, f16, this.onProgress);
    const url = this.parts.catalogue().get(this.#tier.model);
    if (url === undefined) throw new CarriagewayError('model-not-found', this.#tier.model);
    return this.parts.loadModel(url, f16, this.onProgress);
  }
}
