/**
 * Runs the shipped engine over the tool's pictures. A guess is what the engine paints: the mask of a stream without
 * smoothing, at the label's size.
 */
import { expose } from 'comlink';
import { reportOf } from '../../../src/errors';
import { uprightPlaces } from '../../../src/media/orientation';
import type { Size } from '../../../src/media/size';
import { type ModelManifest, parseManifest } from '../../../src/model/manifest';
import type { Engine, EngineKind, EngineStream } from '../../../src/perception/engine';
import { uprightPicture } from '../../../src/sources/recording/upright-picture';
import { drivingIds } from '../../../src/taxonomy/meanings';
import { groupManifest, SIDES, winningGroups } from '../evaluate/groups';
import type { EvaluateAnswer, EvaluateJob } from '../evaluate/job';
import { maskBytes } from './mask-bytes';
import { openGround } from './start-engine';

/** Largest difference of the aspect ratios of a picture and its label: rounding of small sizes, not another picture. */
const ASPECT_TOLERANCE = 0.02;

type Picture = EvaluateJob['pictures'][number];

/** A picture as the network sees it: upright. */
interface Shown {
  readonly frame: VideoFrame;
  /** Size of its mask: the label's, upright. */
  readonly size: Size;
  /** For each pixel of the label its place in the mask, where the label was drawn on a picture stored lying; else null. */
  readonly places: Uint32Array | null;
}

/** An engine with one stream for each size of label. */
class Painter implements AsyncDisposable {
  readonly #streams = new Map<string, EngineStream>();

  constructor(
    private readonly engine: Engine,
    private readonly device: GPUDevice | null,
  ) {}

  get description(): string {
    return this.engine.description;
  }

  /** Paints one picture afresh. The frame stays the caller's. */
  async paint(frame: VideoFrame, { width, height }: Size): Promise<{ mask: Uint8Array; model: number }> {
    const key = `${width}x${height}`;
    const stream = this.#streams.get(key) ?? this.engine.openStream({ maskWidth: width, maskHeight: height });
    this.#streams.set(key, stream);
    const result = await stream.infer({ frame, rotation: 0, smoothing: 1, reset: true, ignore: null });
    // Not of use here, but nobody may leave a promise that can reject.
    await result.classMap;
    return { mask: await maskBytes(result.mask, this.device), model: (await result.times).model };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stream of this.#streams.values()) stream[Symbol.dispose]();
    await this.engine[Symbol.asyncDispose]();
  }
}

/** What the page calls. */
export class EvaluateService {
  /** Fetches the job, does it, and says how that ended. */
  async run(): Promise<EvaluateAnswer> {
    try {
      const job = (await (await fetch('/data/job')).json()) as EvaluateJob;
      return { ok: true, description: await evaluate(job) };
    } catch (thrown) {
      if (thrown instanceof PictureError) return { ok: false, sentence: thrown.message, detail: '' };
      const { code, detail } = reportOf(thrown, 'inference-failed');
      return { ok: false, sentence: `The network could not be run (${code}).`, detail };
    }
  }
}

/** A picture that cannot be scored; the message is for people. */
class PictureError extends Error {
  override readonly name = 'PictureError';
}

async function evaluate(job: EvaluateJob): Promise<string> {
  const manifest = parseManifest(job.manifest);
  const bytes = await (await fetch('/data/network')).arrayBuffer();
  await using ground = await openGround(job.engine);
  const start = async (as: ModelManifest) => new Painter(await ground.create(as, bytes), ground.device);
  await using plain = await start(manifest);
  const meanings = drivingIds(manifest.classes);
  await using disposer = new AsyncDisposableStack();
  const sides = job.groups
    ? await Promise.all(SIDES.map(async (side) => disposer.use(await start(groupManifest(manifest, side)))))
    : [];
  const other = job.other === null ? null : await startOther(job.other, manifest, bytes, disposer);
  for (const [n, picture] of job.pictures.entries()) {
    const { frame, size, places } = await pictureFrame(n, picture);
    try {
      const { mask, model } = await plain.paint(frame, size);
      const planes = [classIds(mask, meanings)];
      if (sides[0] && sides[1]) {
        const [first, second] = await Promise.all([sides[0].paint(frame, size), sides[1].paint(frame, size)]);
        planes.push(winningGroups(first.mask, second.mask));
      }
      const same = other ? agreement(mask, (await other.paint(frame, size)).mask) : null;
      const laid = places ? planes.map((plane) => Uint8Array.from(places, (at) => plane[at]!)) : planes;
      await send(n, laid, model, same);
    } finally {
      frame.close();
    }
  }
  return plain.description;
}

/** The engine to compare with, on a device of its own where it has one. */
async function startOther(
  kind: EngineKind,
  manifest: ModelManifest,
  bytes: ArrayBuffer,
  disposer: AsyncDisposableStack,
): Promise<Painter> {
  const ground = disposer.use(await openGround(kind));
  return disposer.use(new Painter(await ground.create(manifest, bytes), ground.device));
}

/** Share of pixels that get the same class in two masks of one size. */
function agreement(a: Uint8Array, b: Uint8Array): number {
  let same = 0;
  for (let i = 0; i < a.length; i += 4) if (a[i] === b[i]) same++;
  return same / (a.length / 4);
}

/**
 * Decodes a picture. A photograph that was stored lying is turned as its camera noted down, and its label with it where
 * that was drawn on the stored pixels.
 * @throws PictureError when it is none, or not of its label's shape
 */
async function pictureFrame(n: number, { name, width, height }: Picture): Promise<Shown> {
  const blob = await (await fetch(`/data/pictures/${n}`)).blob();
  let bitmap: ImageBitmap;
  try {
    // Without conversion the values are those in the file, as every training reads them.
    bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
  } catch {
    throw new PictureError(`The picture ${name} cannot be decoded.`);
  }
  const [across, down] = [bitmap.width, bitmap.height];
  const alike = (wide: number, high: number) =>
    Math.abs(across / down / (wide / high) - 1) <= ASPECT_TOLERANCE;
  const { frame, stored } = uprightPicture(bitmap, 0);
  if (alike(width, height)) return { frame, size: { width, height }, places: null };
  if (stored.rotation % 180 !== 0 && alike(height, width))
    return {
      frame,
      size: { width: height, height: width },
      places: uprightPlaces({ width, height }, stored),
    };
  frame.close();
  throw new PictureError(
    `The picture ${name} is ${across}×${down} and its label ${width}×${height}: they do not show the same.`,
  );
}

/** The class of ours that each pixel of a mask means. */
function classIds(mask: Uint8Array, meanings: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: mask.length / 4 }, (_, i) => meanings[mask[4 * i]!]!);
}

async function send(
  n: number,
  planes: readonly Uint8Array[],
  milliseconds: number,
  same: number | null,
): Promise<void> {
  const query = `ms=${milliseconds}${same === null ? '' : `&same=${same}`}`;
  const response = await fetch(`/data/guesses/${n}?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Blob(planes as Uint8Array<ArrayBuffer>[]),
  });
  if (!response.ok) throw new Error(`the tool answered ${response.status}`);
}

expose(new EvaluateService());
