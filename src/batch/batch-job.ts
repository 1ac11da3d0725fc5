/**
 * One recording of many: opened with its labels and a model, and made into whatever is asked for by the same jobs that
 * the page with a picture runs.
 */
import { CarriagewayError, reportOf } from '../errors';
import { openDevice } from '../gpu/device';
import { keyOfAnalysis } from '../jobs/fingerprint';
import type { Job, JobAnswer, JobBase, JobModel, JobProgress } from '../jobs/job';
import type { RunJob } from '../jobs/run-job';
import type { LabelParts } from '../labels/label-parts';
import { readingOf } from '../labels/reading/label-survey';
import { surveyLabels } from '../labels/reading/survey';
import { verifyModel } from '../model/integrity';
import { loadManifestAt } from '../model/load-model';
import { type ModelManifest, parseManifest } from '../model/manifest';
import { DEFAULT_VIEW } from '../overlay/view';
import type { EngineKind } from '../perception/engine';
import { hidesTurns } from '../sources/recording/hidden-turns';
import { openRecording } from '../sources/recording/open-recording';
import { picturePaths } from '../sources/recording/recording';
import { firstTier } from '../stage/tiers';
import { noteWords } from '../studio/analysis/note-words';
import { type FileRequest, type GatheredFile, gather } from '../studio/session/gather';
import type { BatchFailed, BatchMade, BatchOpened, BatchSettings, Product } from './batch-api';

/** Milliseconds between two signs of life of what waits for another page. */
const WAITING_EVERY = 20_000;

/** Failures after which a file that LiteRT should run is given to the other engine for processors. */
const OTHER_ENGINE: readonly string[] = ['cpu-engine-failed', 'model-load-failed'];

/** What the work needs from the page. */
export interface BatchPorts {
  readonly runJob: RunJob;
  /** Addresses of manifests by the names of models. */
  readonly models: ReadonlyMap<string, string>;
}

/** A recording with its model. */
export class BatchJob {
  private constructor(
    private readonly ports: BatchPorts,
    private base: JobBase,
    private readonly manifest: ModelManifest,
    /** Whether the engine was left to us. */
    private readonly automatic: boolean,
    readonly opened: BatchOpened,
  ) {}

  /**
   * Opens it.
   * @param model a manifest and its file, in any order; empty where a model of the catalogue is taken
   * @throws CarriagewayError `source-not-a-video` where the files are no recording, `model-` codes
   */
  static async open(
    files: readonly GatheredFile[],
    model: readonly File[],
    settings: BatchSettings,
    ports: BatchPorts,
  ): Promise<BatchJob> {
    const found = gather(files);
    if (found?.kind !== 'recording')
      throw new CarriagewayError(
        'source-not-a-video',
        files
          .map(({ path }) => path)
          .join(', ')
          .slice(0, 200),
      );
    const { request } = found;
    const engine = await engineFor(settings.engine);
    const network = model.length > 0 ? await modelOfFiles(model) : modelByName(settings.model, engine, ports);
    const manifest =
      network.kind === 'manifest' ? await loadManifestAt(network.url) : parseManifest(network.manifest);
    const { labels, note } = await sureLabels(request);
    const base = {
      recording: request.parts,
      name: request.title,
      model: network,
      engine,
      ignore: null,
      labels,
    };
    return new BatchJob(ports, base, manifest, settings.engine === 'auto', {
      ok: true,
      model: manifest.title,
      engine,
      note,
    });
  }

  /** Makes one product. */
  async make(
    product: Product,
    target: FileSystemFileHandle,
    told: (progress: JobProgress) => void,
  ): Promise<BatchMade | BatchFailed> {
    let answer = await this.#run(product, target, told);
    let note = '';
    const unfit = !answer.ok && answer.error && OTHER_ENGINE.includes(answer.error.code);
    if (unfit && this.automatic && this.base.engine === 'cpu') {
      this.base = { ...this.base, engine: 'wasm' };
      answer = await this.#run(product, target, told);
      note = reportOf(new CarriagewayError('cpu-engine-failed'), 'cpu-engine-failed').message;
    }
    if (answer.ok)
      return {
        ok: true,
        frames: answer.frames,
        note: [note, noteWords(answer.notes)].filter(Boolean).join(' '),
      };
    return {
      ok: false,
      error: answer.error ?? reportOf(new CarriagewayError('export-failed', 'cancelled'), 'export-failed'),
    };
  }

  /** An analysis is kept under its recording's content: two copies of one recording wait for each other. */
  async #run(
    product: Product,
    target: FileSystemFileHandle,
    told: (progress: JobProgress) => void,
  ): Promise<JobAnswer> {
    const run = () => this.ports.runJob(jobOf(product, this.base, target), told).answer;
    if (!product.startsWith('figures')) return run();
    const waiting = setInterval(
      () => told({ frames: 0, share: 0, rate: 0, left: null, records: [] }),
      WAITING_EVERY,
    );
    try {
      return await navigator.locks.request(await keyOfAnalysis(this.base, this.manifest), () => {
        clearInterval(waiting);
        return run();
      });
    } finally {
      clearInterval(waiting);
    }
  }
}

function jobOf(product: Product, base: JobBase, target: FileSystemFileHandle): Job {
  const whole = { ...base, range: null, target };
  switch (product) {
    case 'figures.json':
      return { ...whole, kind: 'table', format: 'json' };
    case 'figures.csv':
      return { ...whole, kind: 'table', format: 'csv' };
    case 'masks.zip':
      return { ...whole, kind: 'masks', colours: [], side: null };
    case 'coco.json':
      return { ...whole, kind: 'coco' };
    case 'video.mp4':
      return {
        ...whole,
        kind: 'video',
        container: 'mp4',
        view: DEFAULT_VIEW,
        figures: false,
        keepPlace: false,
        blur: false,
      };
  }
}

/** A software adapter counts as none, as on the page. */
async function engineFor(wanted: BatchSettings['engine']): Promise<EngineKind> {
  if (wanted !== 'auto') return wanted;
  try {
    using device = await openDevice();
    return device.software ? 'cpu' : 'webgpu';
  } catch {
    return 'cpu';
  }
}

function modelByName(name: string | null, engine: EngineKind, { models }: BatchPorts): JobModel {
  const wanted = name ?? firstTier(engine, [...models.keys()]).model;
  const url = models.get(wanted);
  if (url === undefined)
    throw new CarriagewayError('model-not-found', `${wanted}; there are ${[...models.keys()].join(', ')}`);
  // Absolute: a worker's own address is another than the page's.
  return { kind: 'manifest', url: new URL(url, document.baseURI).href };
}

async function modelOfFiles(files: readonly File[]): Promise<JobModel> {
  const described = files.find(({ name }) => name.endsWith('.json'));
  const weights = files.find((file) => file !== described);
  if (!described || !weights)
    throw new CarriagewayError('model-manifest-invalid', 'a model and its manifest are needed');
  let json: unknown;
  try {
    json = JSON.parse(await described.text());
  } catch {
    throw new CarriagewayError('model-manifest-invalid', `${described.name} is not JSON`);
  }
  const manifest = parseManifest(json);
  const entry = manifest.files.find(({ path }) => path.split('/').at(-1) === weights.name);
  if (!entry) throw new CarriagewayError('model-manifest-invalid', `files: none is called ${weights.name}`);
  const bytes = await weights.arrayBuffer();
  await verifyModel(bytes, entry);
  return { kind: 'file', bytes, manifest: { ...manifest, files: [entry] } };
}

/** What may be unsure about labels, in words. */
const UNSURE = {
  meaning: 'what they mean',
  frames: 'which frames they are of',
  turn: 'whether they are turned like their pictures',
} as const;

/** The labels that came along, where they are clear by themselves: here is nobody to ask. */
async function sureLabels({
  parts,
  labels,
}: FileRequest): Promise<{ labels: LabelParts | null; note: string }> {
  if (!labels) return { labels: null, note: '' };
  using recording = await openRecording(parts);
  try {
    const names = picturePaths(parts, recording.info);
    const hidden = await hidesTurns(recording, names !== null);
    const survey = await surveyLabels(labels, { count: await recording.frameCount(), names, hidden });
    if (survey.unsure.length > 0)
      return {
        labels: null,
        note: `Its labels were left out: it is not sure ${survey.unsure.map((what) => UNSURE[what]).join(', and ')}. Open it in the page and answer there.`,
      };
    return { labels: { ...labels, reading: readingOf(survey) }, note: '' };
  } catch (thrown) {
    const { message, detail } = reportOf(thrown, 'labels-unreadable');
    return { labels: null, note: `Its labels were left out: ${message} ${detail}`.trim() };
  }
}
