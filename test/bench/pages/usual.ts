/**
 * The usual pipeline, as demos on the web write it: everything on the main thread, pixels through a 2D canvas, all
 * arithmetic in JavaScript. Written decently (typed arrays, nothing allocated per pixel), so that the comparison is
 * with a fair demo and not with a bad one.
 */
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { ModelManifest } from '../../../src/model/manifest';
import { loadRuntime } from '../../../src/perception/runtime';
import { inputShape } from '../../../src/perception/session-check';
import { PALETTES, parseHex } from '../../../src/taxonomy/palette';
import type { FrameTimes } from './bench.worker';
import { FOOTAGE, Footage } from './footage';
import { shippedThreads } from './start-engine';

/** Paint over picture, as in the product's default view. */
const OPACITY = 0.5;

const COLOURS = PALETTES['colour-blind-safe'].map(parseHex);

/** The pipeline with its canvases and session. Networks of the house only: planar RGB, raw scores, twelve classes. */
export class UsualPipeline implements AsyncDisposable {
  readonly #footage = new Footage();
  readonly #video: CanvasRenderingContext2D;
  readonly #small: CanvasRenderingContext2D;
  readonly #input: Float32Array;
  readonly #values: Float32Array;

  private constructor(
    private readonly manifest: ModelManifest,
    private readonly session: InferenceSession,
    private readonly tensor: (data: Float32Array, dims: readonly number[]) => Tensor,
  ) {
    const { input, classes } = manifest;
    this.#video = contextOf(FOOTAGE.width, FOOTAGE.height);
    this.#small = contextOf(input.width, input.height);
    document.body.append(this.#video.canvas);
    this.#input = new Float32Array(3 * input.width * input.height);
    this.#values = new Float32Array(classes.length);
  }

  static async create(
    manifest: ModelManifest,
    bytes: ArrayBuffer,
    kind: 'webgpu' | 'wasm',
  ): Promise<UsualPipeline> {
    const ort = await loadRuntime(kind, await shippedThreads());
    const session = await ort.InferenceSession.create(new Uint8Array(bytes), { executionProviders: [kind] });
    const usual = new UsualPipeline(manifest, session, (data, dims) => new ort.Tensor('float32', data, dims));
    await usual.frame();
    return usual;
  }

  /** One frame, from the picture to the canvas. */
  async frame(): Promise<FrameTimes> {
    const frame = this.#footage.frame();
    const began = performance.now();
    this.#video.drawImage(frame, 0, 0, FOOTAGE.width, FOOTAGE.height);
    this.#read(frame);
    frame.close();
    const asked = performance.now();
    const scores = await this.#run();
    const answered = performance.now();
    this.#paint(scores);
    return { total: performance.now() - began, model: answered - asked };
  }

  #read(frame: VideoFrame): void {
    const { width, height, scale, mean, std } = this.manifest.input;
    this.#small.drawImage(frame, 0, 0, width, height);
    const { data } = this.#small.getImageData(0, 0, width, height);
    const plane = width * height;
    for (let c = 0; c < 3; c++) {
      const m = mean[c]!;
      const s = std[c]!;
      for (let i = 0; i < plane; i++) this.#input[c * plane + i] = (data[4 * i + c]! * scale - m) / s;
    }
  }

  async #run(): Promise<Float32Array> {
    const { input, gate, output } = this.manifest;
    const feeds = { [input.name]: this.tensor(this.#input, inputShape(this.manifest)) };
    if (gate)
      feeds[gate.name] = this.tensor(new Float32Array(gate.levels.length).fill(1), [gate.levels.length]);
    const results = await this.session.run(feeds);
    return results[output.name]!.data as Float32Array;
  }

  /** Bilinear scores, softmax and argmax at every pixel of the video, painted over it. */
  #paint(scores: Float32Array): void {
    const { width, height } = FOOTAGE;
    const { width: cols, height: rows } = this.manifest.output;
    const plane = cols * rows;
    const values = this.#values;
    const image = this.#video.getImageData(0, 0, width, height);
    const { data } = image;
    for (let y = 0; y < height; y++) {
      const gy = Math.min(rows - 1, Math.max(0, ((y + 0.5) * rows) / height - 0.5));
      const y0 = Math.floor(gy);
      const y1 = Math.min(rows - 1, y0 + 1);
      const fy = gy - y0;
      for (let x = 0; x < width; x++) {
        const gx = Math.min(cols - 1, Math.max(0, ((x + 0.5) * cols) / width - 0.5));
        const x0 = Math.floor(gx);
        const x1 = Math.min(cols - 1, x0 + 1);
        const fx = gx - x0;
        let best = 0;
        for (let c = 0; c < values.length; c++) {
          const at = c * plane;
          const top = scores[at + y0 * cols + x0]! * (1 - fx) + scores[at + y0 * cols + x1]! * fx;
          const bottom = scores[at + y1 * cols + x0]! * (1 - fx) + scores[at + y1 * cols + x1]! * fx;
          const value = top * (1 - fy) + bottom * fy;
          values[c] = value;
          if (value > values[best]!) best = c;
        }
        let total = 0;
        for (let c = 0; c < values.length; c++) total += Math.exp(values[c]! - values[best]!);
        // The winner's probability is 1 / total; it fades the paint where the network is unsure.
        const weight = OPACITY / total;
        const colour = COLOURS[best]!;
        const i = (y * width + x) * 4;
        for (let k = 0; k < 3; k++) data[i + k] = data[i + k]! * (1 - weight) + colour[k]! * weight;
      }
    }
    this.#video.putImageData(image, 0, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#footage[Symbol.dispose]();
    this.#video.canvas.remove();
    await this.session.release();
  }
}

function contextOf(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no 2D context');
  return context;
}
