/**
 * Runs the shipped engine and the scene over streams of pictures, in a worker, as the product does; drives are drawn
 * here, with their truth.
 */
import { expose } from 'comlink';
import { DriveRenderer } from '../../../src/drive/render/renderer';
import { cameraTruth, geometryTruth } from '../../../src/drive/truth';
import { reportOf } from '../../../src/errors';
import { parseManifest } from '../../../src/model/manifest';
import type { ClassMap, Engine } from '../../../src/perception/engine';
import { smoothingAfter } from '../../../src/perception/smoothing';
import { presetCamera } from '../../../src/scene/camera-presets';
import { Scene, type SceneCamera } from '../../../src/scene/scene';
import type { PlainMap, SceneAnswer, SceneItem, SceneJob, SceneResult } from '../scene/job';
import { openGround } from './start-engine';

/** Size of drawn frames, as the product's own drive. */
const DRIVE = { width: 640, height: 360 } as const;
/** Width of the mask; nobody looks at it. */
const MASK = 320;

/** A picture, and what is known of it. */
type Shown = Pick<SceneResult, 'truth' | 'labels'> & {
  readonly frame: VideoFrame;
  readonly camera: SceneCamera | null;
};

/** What the page calls. */
export class SceneService {
  #renderer: DriveRenderer | null = null;

  /** Fetches the job, does it, and says how that ended. */
  async run(): Promise<SceneAnswer> {
    try {
      const job = (await (await fetch('/data/job')).json()) as SceneJob;
      const bytes = await (await fetch('/data/network')).arrayBuffer();
      await using ground = await openGround('wasm');
      await using engine = await ground.create(parseManifest(job.manifest), bytes);
      for (const [run, items] of job.runs.entries()) await this.#stream(engine, run, items);
      return { ok: true, description: engine.description };
    } catch (thrown) {
      const { code, detail } = reportOf(thrown, 'inference-failed');
      return { ok: false, sentence: `The scene could not be measured (${code}). ${detail}` };
    } finally {
      this.#renderer?.dispose();
    }
  }

  async #stream(engine: Engine, run: number, items: readonly SceneItem[]): Promise<void> {
    const size = { maskWidth: MASK, maskHeight: Math.round((MASK * DRIVE.height) / DRIVE.width) };
    using raw = engine.openStream(size);
    using smoothed = engine.openStream(size);
    let scene: Scene | null = null;
    for (const [index, item] of items.entries()) {
      const shown = await this.#show(item);
      try {
        const { frame } = shown;
        scene ??= shown.camera ? new Scene(shown.camera) : new Scene();
        const request = { frame, rotation: 0, ignore: null } as const;
        const warm = item.kind === 'drive' && item.warm;
        const plain = warm
          ? null
          : await (await raw.infer({ ...request, smoothing: 1, reset: true })).classMap;
        const began = performance.now();
        // As in the product (`pipeline/segmenter`).
        const smoothing = smoothingAfter(1e6 * (item.seconds - (items[index - 1]?.seconds ?? item.seconds)));
        const result = await smoothed.infer({ ...request, smoothing, reset: index === 0 });
        const inferenceMs = performance.now() - began;
        const map = await result.classMap;
        const timestamp = Math.round(item.seconds * 1e6);
        const seen = { timestamp, epoch: 0, width: frame.displayWidth, height: frame.displayHeight };
        const understood = performance.now();
        const state = scene.update(map, seen);
        const sceneMs = performance.now() - understood;
        if (!plain) continue;
        await send({
          run,
          item,
          state,
          raw: plainMap(plain),
          smoothed: plainMap(map),
          inferenceMs,
          sceneMs,
          truth: shown.truth,
          labels: shown.labels,
        });
      } finally {
        shown.frame.close();
      }
    }
  }

  async #show(item: SceneItem): Promise<Shown> {
    if (item.kind === 'picture') {
      const blob = await (await fetch(`/data/pictures/${item.picture}`)).blob();
      const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
      const frame = new VideoFrame(bitmap, { timestamp: 0 });
      bitmap.close();
      return { frame, camera: null, truth: null, labels: null };
    }
    const { seed, seconds } = item;
    const { width, height } = DRIVE;
    this.#renderer ??= new DriveRenderer(new OffscreenCanvas(width, height), seed, 'low');
    if (this.#renderer.course.seed !== seed) this.#renderer.turnInto(seed);
    const { course } = this.#renderer;
    const pixels = this.#renderer.readPicture(seconds, width, height);
    const ids = this.#renderer.readIds(seconds, width, height);
    const bitmap = await createImageBitmap(new ImageData(pixels, width, height));
    const frame = new VideoFrame(bitmap, { timestamp: 0 });
    bitmap.close();
    const { height: metres, fovDeg } = cameraTruth(course, seconds);
    // Height and lens cannot be seen and are given, as a user would; the angles have to be found.
    const from = {
      ...presetCamera('dashcam', width, height),
      height: metres,
      hfov: (fovDeg * Math.PI) / 180,
    };
    return {
      frame,
      camera: { from, calibrate: true },
      truth: geometryTruth(course, seconds),
      labels: { width, height, ids: base64(ids) },
    };
  }
}

function plainMap({ width, height, classes }: ClassMap): PlainMap {
  return { width, height, classes: [...classes] };
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

async function send(result: SceneResult): Promise<void> {
  const response = await fetch('/data/results', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(result),
  });
  if (!response.ok) throw new Error(`the tool answered ${response.status}`);
}

expose(new SceneService());
