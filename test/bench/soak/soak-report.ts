/** What a soak found so far: told line by line, and written whole after each sample. */
import { type FigureSpec, type Figures, FigureTable, writeJson } from '../figures.ts';
import { countGrowthPercent, enough, type Sample, summaryOf } from './summary.ts';

/** One look at the page and its browser. */
export interface SoakSample extends Sample {
  /** Files and sockets that the browser's processes have open; NaN where the system does not list them. */
  readonly handles: number;
  /** Analyses that came to their end; null where none is made. */
  readonly analyses: number | null;
}

const SPECS = {
  soak_objects_growth: {
    title: 'frames, buffers and textures more at the end than after a minute',
    unit: '',
    goal: 0,
    bound: 'at most',
  },
  soak_heap_growth_percent: {
    title: 'heap of page and workers, more at the end than after a minute',
    unit: '%',
    goal: 5,
    bound: 'at most',
  },
  soak_handles_growth_percent: {
    title: 'files and sockets of the browser, more at the end than after a minute',
    unit: '%',
    goal: 5,
    bound: 'at most',
  },
  soak_masks: { title: 'masks in that time', unit: '', goal: 1, bound: 'at least' },
  soak_fewest_masks: {
    title: 'masks of the poorest interval of 20 seconds or more',
    unit: '',
    goal: 1,
    bound: 'at least',
  },
  soak_empty_intervals: { title: 'intervals without a mask', unit: '', goal: 0, bound: 'at most' },
  soak_analyses: { title: 'analyses that came to their end', unit: '', goal: 1, bound: 'at least' },
} as const satisfies Record<string, FigureSpec>;

type SoakId = keyof typeof SPECS;

const TABLE = new FigureTable<SoakId>(SPECS);

/** How a soak is run. */
export interface SoakOptions {
  readonly minutes: number;
  readonly recording: string;
  /** Where figures and samples are written; nowhere without it. */
  readonly json?: string | undefined;
}

/** Gathers samples. */
export class SoakReport {
  readonly #samples: SoakSample[] = [];
  readonly #troubles: string[] = [];
  #ended = 'not yet';

  constructor(
    private readonly machine: string,
    private readonly options: SoakOptions,
  ) {
    this.#write();
  }

  get samples(): readonly SoakSample[] {
    return this.#samples;
  }

  /** `complete`, `not yet`, or in words what ended it before its time. */
  get ended(): string {
    return this.#ended;
  }

  /** The figures so far; none before enough was seen, and none that this system or run has not. */
  get figures(): Figures<SoakId> {
    if (!enough(this.#samples)) return {};
    const { objectsGrowth, heapGrowth, masks, fewestMasks, empty } = summaryOf(this.#samples);
    const values: Record<SoakId, number | null> = {
      soak_objects_growth: objectsGrowth,
      soak_heap_growth_percent: heapGrowth,
      soak_handles_growth_percent: countGrowthPercent(this.#samples, ({ handles }) => handles),
      soak_masks: masks,
      soak_fewest_masks: fewestMasks,
      soak_empty_intervals: empty.length,
      soak_analyses: this.#samples.at(-1)!.analyses,
    };
    const known = Object.entries(values).filter(([, value]) => value !== null && Number.isFinite(value));
    return Object.fromEntries(known.map(([id, value]) => [id, TABLE.figure(id as SoakId, [value!])]));
  }

  /** All of it for people: several lines. */
  get text(): string {
    const { minutes, recording } = this.options;
    const what = recording ? `, ${recording} analysed again and again` : '';
    const cut = this.#ended === 'complete' ? '' : `\nEnded before its time: ${this.#ended}`;
    const figures = enough(this.#samples) ? TABLE.text(this.figures) : 'Too short to say anything.';
    return `${this.machine}; ${minutes} minutes${what}${cut}\n\n${figures}`;
  }

  /** One more look. */
  add(sample: SoakSample): void {
    this.#samples.push(sample);
    const { minutes, objects, heap, handles, masks, analyses } = sample;
    const told = analyses === null ? '' : `, ${analyses} analyses`;
    const bytes = (heap / 2 ** 20).toFixed(1);
    console.error(
      `${minutes.toFixed(1)} min: ${objects.join(' + ')} objects, ${bytes} MiB, ${handles} handles, ${masks} masks${told}`,
    );
    this.#write();
  }

  /** Something went wrong beside what is measured. */
  trouble(error: unknown): void {
    const text = sentenceOf(error);
    console.error(text);
    this.#troubles.push(text);
  }

  /** The last word. @param error what ended it before its time; null where nothing did */
  end(error: unknown): void {
    this.#ended = error === null ? 'complete' : sentenceOf(error);
    this.#write();
  }

  #write(): void {
    const { json, minutes, recording } = this.options;
    if (json === undefined) return;
    const { machine, figures } = this;
    const empty = enough(this.#samples) ? summaryOf(this.#samples).empty : [];
    writeJson(json, {
      ...{ machine, minutes, recording, ended: this.#ended, figures },
      ...{ empty, troubles: this.#troubles, samples: this.#samples },
    });
  }
}

/** The first line of what was thrown: what follows is where a program was. */
function sentenceOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}
