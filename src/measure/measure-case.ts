/** Runs one network on one engine as the page runs it: the whole stage, fed by a source, watched through its reports. */
import { CarriagewayError, reportOf } from '../errors';
import type { Size } from '../media/size';
import { DEFAULT_VIEW } from '../overlay/view';
import type { FrameSource } from '../sources/source';
import type { StageApi, StageReport } from '../stage/stage-api';
import type { LinkStage } from '../stage/stage-link';
import type { CaseFigures, MeasuredCase, MeasuringCase } from './measurement';

/** The one view. */
const VIEW = 'measure';

/** Masks before it counts: compiling, packing of weights, the first looks at a source. */
const WARM_MASKS = 8;

/** Masks that are measured: the stage's medians are of its last thirty. */
const MASKS = 30;

/** Longest stretch that is measured, in milliseconds; what is slower than this is measured on fewer masks. */
const STRETCH_MAX = 20_000;

/** Fewest masks that make a figure, however long they take. */
const MASKS_MIN = 3;

/** Longest wait for what is to come: a download, a first compilation, a slow network's few masks. */
const LIMIT = 300_000;

/** What measuring needs of the page. */
export interface MeasuringPorts {
  readonly linkStage: LinkStage;
  readonly openSource: () => Promise<FrameSource>;
  /** A canvas on the page that nothing was drawn on yet. */
  readonly canvas: () => { readonly canvas: OffscreenCanvas; readonly size: Size };
  /** Bytes that the page and its workers hold; null where the browser does not tell. */
  readonly memory: () => Promise<number | null>;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/**
 * Measures one case. Whatever goes wrong with it is its result.
 * @param onShare told how far it is, 0 to 1
 * @throws the signal's reason when aborted
 */
export async function measureCase(
  planned: MeasuringCase,
  ports: MeasuringPorts,
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<MeasuredCase> {
  try {
    return { ...planned, ...(await run(planned, ports, onShare, signal)), reason: '', code: null };
  } catch (thrown) {
    signal.throwIfAborted();
    const { code, message, detail } = reportOf(thrown, 'model-load-failed');
    const reason = [message, detail].filter(Boolean).join(' ');
    return { ...planned, runsAs: '', figures: null, reason, code };
  }
}

/** Reports of a stage, one at a time, and what ends the waiting for them. */
class Reports {
  #heard: (report: StageReport) => void = () => {};
  #fail: (thrown: unknown) => void = () => {};
  /** Rejects when there is nothing more to wait for. */
  readonly broken = new Promise<never>((_, reject) => {
    this.#fail = reject;
  });

  constructor() {
    // Most of the time something else is waited for.
    this.broken.catch(() => {});
  }

  async listen(api: StageApi): Promise<void> {
    await api.listen((event) => {
      if (event.type === 'report' && event.views[0])
        this.#heard({ ...event.views[0], liveObjects: event.liveObjects });
      else if (event.type === 'notice' && event.key === null)
        this.fail(new CarriagewayError(event.error.code, event.error.detail));
    });
  }

  fail(thrown: unknown): void {
    this.#fail(thrown);
  }

  until(enough: (report: StageReport) => boolean): Promise<StageReport> {
    const heard = new Promise<StageReport>((resolve) => {
      this.#heard = (report) => {
        if (enough(report)) resolve(report);
      };
    });
    return Promise.race([heard, this.broken]);
  }
}

async function run(
  planned: MeasuringCase,
  ports: MeasuringPorts,
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<{ readonly runsAs: string; readonly figures: CaseFigures }> {
  signal.throwIfAborted();
  const link = ports.linkStage();
  const { api } = link;
  const reports = new Reports();
  const within = <T>(work: Promise<T>) => Promise.race([work, reports.broken]);
  const limit = setTimeout(() => reports.fail(new Error('It took more than five minutes.')), LIMIT);
  const abort = () => reports.fail(signal.reason);
  signal.addEventListener('abort', abort);
  link.onDeath((detail) => reports.fail(new CarriagewayError('worker-silent', detail)));
  let source: FrameSource | null = null;
  try {
    await within(api.start({ engine: planned.engine, manyViews: false }));
    await within(reports.listen(api));
    const { canvas, size } = ports.canvas();
    await within(api.addView(VIEW, canvas, { size, overlay: DEFAULT_VIEW, governed: false }));
    const engine = await within(api.loadModel({ kind: 'manifest', url: planned.url }));
    if (engine.kind !== planned.engine && engine.fallback)
      throw new CarriagewayError(engine.fallback.code, engine.fallback.detail);
    source = await ports.openSource();
    await within(api.attach(VIEW, source.handle(), planned.model));
    const figures = await figuresOf(reports, ports, onShare);
    return { runsAs: engine.description, figures };
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', abort);
    // The worker is ended whether or not it answers; its memory goes with it.
    link.terminate();
    await source?.dispose();
  }
}

async function figuresOf(
  reports: Reports,
  { now, memory }: MeasuringPorts,
  onShare: (share: number) => void,
): Promise<CaseFigures> {
  const all = WARM_MASKS + MASKS;
  let warmSince: number | null = null;
  const first = await reports.until(({ allMasks }) => {
    warmSince ??= allMasks > 0 ? now() : null;
    onShare(Math.min(WARM_MASKS, allMasks) / all);
    // What takes seconds a mask is warm after its first.
    return allMasks >= WARM_MASKS || (warmSince !== null && now() - warmSince > STRETCH_MAX);
  });
  const began = now();
  const warm = WARM_MASKS / all;
  const last = await reports.until(({ allMasks }) => {
    const masks = allMasks - first.allMasks;
    const passed = Math.max(masks / MASKS, (now() - began) / STRETCH_MAX);
    onShare(Math.min(1, warm + (1 - warm) * passed));
    return masks >= MASKS || (masks >= MASKS_MIN && now() - began > STRETCH_MAX);
  });
  const seconds = (now() - began) / 1000;
  const { stages } = last;
  return {
    inference: stages.model,
    endToEnd: last.latencyP50,
    upload: stages.preprocess,
    drawing: stages.draw,
    masks: (last.allMasks - first.allMasks) / seconds,
    memory: await memory(),
    clock: stages.source,
  };
}
