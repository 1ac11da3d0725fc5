/**
 * An engine for tests of whatever surrounds engines: deterministic, without a network, a GPU or a worker. It paints
 * each pixel with the class whose colour in the classic palette is nearest, so a test draws the mask it wants to get.
 */

import { type Size, uprightSize } from '../../src/media/size';
import type { ModelManifest } from '../../src/model/manifest';
import type {
  ClassMap,
  Engine,
  EngineKind,
  EngineStream,
  InferenceRequest,
  InferenceResult,
  StageTimes,
} from '../../src/perception/engine';
import { classMapSize } from '../../src/perception/geometry';
import { insideRegion } from '../../src/perception/ignore';
import { CLASS_COUNT, DRIVABLE_CLASS_IDS, VOID_CLASS } from '../../src/taxonomy/classes';
import { PALETTES, parseHex } from '../../src/taxonomy/palette';
import { storedPoint } from '../twins/preprocess';

/** The part of a `VideoFrame` the fake reads; tests outside a browser bring an object that has it. */
export interface ReadableFrame {
  readonly displayWidth: number;
  readonly displayHeight: number;
  clone(): ReadableFrame;
  close(): void;
  copyTo(destination: Uint8Array, options: { format: 'RGBA' }): Promise<unknown>;
}

/** How a fake engine behaves. */
export interface FakeEngineOptions {
  readonly manifest: ModelManifest;
  /** Which engine it claims to be; masks are pixels either way. */
  readonly kind?: EngineKind;
  /** Called with the number of the inference before it begins: to wait in a test, or to throw. */
  readonly before?: (inference: number) => Promise<void> | void;
  readonly times?: StageTimes;
}

const NO_TIME: StageTimes = { preprocess: 0, model: 0, postprocess: 0, source: 'clock' };

const COLOURS = PALETTES.classic.map(parseHex);

/** Class whose classic colour is nearest to the given one. */
export function nearestClass(red: number, green: number, blue: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let id = 0; id < CLASS_COUNT; id++) {
    const [r, g, b] = COLOURS[id]!;
    const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
    if (distance < least) {
      least = distance;
      best = id;
    }
  }
  return best;
}

/** Colour that the fake engine reads as class `id`. */
export function colourOfClass(id: number): readonly [number, number, number] {
  return COLOURS[id] ?? [0, 0, 0];
}

/** An engine that needs nothing but frames. It counts what it holds, and notices calls that overlap. */
export class FakeEngine implements Engine {
  readonly kind: EngineKind;
  readonly manifest: ModelManifest;
  readonly description = 'a fake engine for tests';
  /** Inferences begun so far. */
  inferences = 0;
  /** Most inferences that were under way at once: 1, or the caller broke the contract. */
  mostAtOnce = 0;
  disposed = false;
  #running = 0;
  #frames = 0;

  constructor(private readonly options: FakeEngineOptions) {
    this.kind = options.kind ?? 'wasm';
    this.manifest = options.manifest;
  }

  openStream({ maskWidth, maskHeight }: { maskWidth: number; maskHeight: number }): EngineStream {
    let closed = false;
    return {
      infer: (request) => {
        if (closed || this.disposed) return Promise.reject(new Error('the stream was disposed of'));
        return this.#infer(request, { width: maskWidth, height: maskHeight });
      },
      [Symbol.dispose]: () => {
        closed = true;
      },
    };
  }

  async #infer(request: InferenceRequest, mask: Size): Promise<InferenceResult> {
    const frame = (request.frame as unknown as ReadableFrame).clone();
    this.#frames++;
    this.#running++;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#running);
    try {
      await this.options.before?.(this.inferences++);
      const { displayWidth: width, displayHeight: height } = frame;
      const pixels = new Uint8Array(width * height * 4);
      await frame.copyTo(pixels, { format: 'RGBA' });
      const classAt = (u: number, v: number) => {
        if (request.ignore && insideRegion(request.ignore, u, v)) return VOID_CLASS;
        const [su, sv] = storedPoint(u, v, request.rotation);
        const at = (Math.floor(sv * height) * width + Math.floor(su * width)) * 4;
        return nearestClass(pixels[at]!, pixels[at + 1]!, pixels[at + 2]!);
      };
      const data = new Uint8Array(mask.width * mask.height * 4);
      for (let y = 0; y < mask.height; y++)
        for (let x = 0; x < mask.width; x++) {
          const id = classAt((x + 0.5) / mask.width, (y + 0.5) / mask.height);
          const sure = id === VOID_CLASS ? 0 : 255;
          data.set([id, sure, DRIVABLE_CLASS_IDS.includes(id) ? 255 : 0, 255], (y * mask.width + x) * 4);
        }
      const picture = uprightSize({ width, height }, request.rotation);
      return {
        mask: { kind: 'pixels', data, ...mask },
        classMap: Promise.resolve(mapOf(classAt, picture)),
        times: Promise.resolve(this.options.times ?? NO_TIME),
      };
    } finally {
      frame.close();
      this.#frames--;
      this.#running--;
    }
  }

  liveObjects() {
    return { buffers: 0, textures: 0, frames: this.#frames };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disposed = true;
  }
}

/** The small map of a picture. */
function mapOf(classAt: (u: number, v: number) => number, picture: Size): ClassMap {
  const { width, height } = classMapSize(picture.width / picture.height);
  const classes = Uint8Array.from({ length: width * height }, (_, i) =>
    classAt(((i % width) + 0.5) / width, (Math.floor(i / width) + 0.5) / height),
  );
  const drivable = classes.map((id) => (DRIVABLE_CLASS_IDS.includes(id) ? 255 : 0));
  return { width, height, classes, drivable };
}
