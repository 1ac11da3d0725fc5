/** What a soak of a room found so far: told line by line, and written whole after each sample. */
import { type FigureSpec, type Figures, FigureTable, writeJson } from '../figures.ts';
import { isStarved, type Starvation } from '../soak/starvation.ts';
import { countGrowthPercent, enough, type Sample, summaryOf } from '../soak/summary.ts';

/** One look at all that takes part. */
export interface LiveSample extends Sample {
  /** Bytes of the media worker in memory. */
  readonly sfu: number;
  /** Bytes of the heap and of buffers beside it: the server's, and what steers the browser. */
  readonly server: number;
  readonly handles: number;
  /** Masks of the poorest tile. */
  readonly fewest: number;
  /** Tiles on the page. */
  readonly tiles: number;
  /** Since the sample before. */
  readonly starvation: Starvation;
}

const SPECS = {
  live_soak_objects_growth: {
    title: 'frames, buffers and textures of nine tiles more at the end than after a minute',
    unit: '',
    goal: 0,
    bound: 'at most',
  },
  live_soak_heap_growth_percent: {
    title: 'heap of page and workers, more at the end than after a minute',
    unit: '%',
    goal: 5,
    bound: 'at most',
  },
  live_soak_sfu_growth_percent: {
    title: 'memory of the media worker, more at the end than after a minute',
    unit: '%',
    goal: 5,
    bound: 'at most',
  },
  live_soak_server_growth_percent: {
    title: 'heap of the server’s process, more at the end than after a minute',
    unit: '%',
    goal: 5,
    bound: 'at most',
  },
  live_soak_handles_growth_percent: {
    title: 'files and sockets of server and media worker, more at the end than after a minute',
    unit: '%',
    goal: 5,
    bound: 'at most',
  },
  live_soak_fewest_masks: { title: 'masks of the poorest tile', unit: '', goal: 1, bound: 'at least' },
  live_soak_fewest_in_interval: {
    title: 'masks of all tiles in the poorest interval that was not starved',
    unit: '',
    goal: 1,
    bound: 'at least',
  },
  live_soak_fewest_tiles: { title: 'fewest tiles on the page', unit: '', goal: 9, bound: 'at least' },
} as const satisfies Record<string, FigureSpec>;

type LiveSoakId = keyof typeof SPECS;

const TABLE = new FigureTable<LiveSoakId>(SPECS);

/** How much more of something there was at the end, in per cent. */
function growthOf(samples: readonly LiveSample[], of: (sample: LiveSample) => number): number {
  return summaryOf(samples.map((sample) => ({ ...sample, heap: of(sample) }))).heapGrowth;
}

/** Gathers samples. */
export class LiveSoakReport {
  readonly #samples: LiveSample[] = [];
  #ended = 'not yet';

  constructor(
    private readonly machine: string,
    private readonly options: { readonly minutes: number; readonly json?: string | undefined },
  ) {
    this.#write();
  }

  get samples(): readonly LiveSample[] {
    return this.#samples;
  }

  /** `complete`, `not yet`, or in words what ended it before its time. */
  get ended(): string {
    return this.#ended;
  }

  /** How many intervals say nothing of the product: others had the processors. */
  get starved(): number {
    return this.#samples.filter(({ starvation }) => isStarved(starvation)).length;
  }

  /** The figures so far; none before enough was seen. */
  get figures(): Figures<LiveSoakId> {
    const samples = this.#samples;
    if (!enough(samples)) return {};
    const { objectsGrowth, heapGrowth } = summaryOf(samples);
    const fed = samples.slice(1).flatMap((sample, i) => {
      const before = samples[i]!.masks;
      // A worker that took another's place counts from nought.
      const masks = sample.masks < before ? sample.masks : sample.masks - before;
      return isStarved(sample.starvation) ? [] : [masks];
    });
    const values: Record<LiveSoakId, number> = {
      live_soak_objects_growth: objectsGrowth,
      live_soak_heap_growth_percent: heapGrowth,
      live_soak_sfu_growth_percent: growthOf(samples, ({ sfu }) => sfu),
      live_soak_server_growth_percent: growthOf(samples, ({ server }) => server),
      live_soak_handles_growth_percent: countGrowthPercent(samples, ({ handles }) => handles),
      live_soak_fewest_masks: samples.at(-1)!.fewest,
      // Of none it is not a number, and left out.
      live_soak_fewest_in_interval: fed.length > 0 ? Math.min(...fed) : Number.NaN,
      live_soak_fewest_tiles: Math.min(...samples.map(({ tiles }) => tiles)),
    };
    const known = Object.entries(values).filter(([, value]) => Number.isFinite(value));
    return Object.fromEntries(known.map(([id, value]) => [id, TABLE.figure(id as LiveSoakId, [value])]));
  }

  /** All of it for people: several lines. */
  get text(): string {
    const cut = this.#ended === 'complete' ? '' : `\nEnded before its time: ${this.#ended}`;
    const { starved } = this;
    const hungry =
      starved === 0
        ? ''
        : `\nStarved: others had the processors in ${starved} of ${this.#samples.length} intervals.`;
    const figures = enough(this.#samples) ? TABLE.text(this.figures) : 'Too short to say anything.';
    return `${this.machine}; ${this.options.minutes} minutes, nine vehicles${cut}${hungry}\n\n${figures}`;
  }

  /** One more look. */
  add(sample: LiveSample): void {
    this.#samples.push(sample);
    const { minutes, objects, handles, masks, fewest, tiles, starvation } = sample;
    const [heap, sfu, own] = [sample.heap, sample.sfu, sample.server].map((each) =>
      (each / 2 ** 20).toFixed(1),
    );
    const waited = `waited ${Math.round(starvation.waited * 100)} % of its time for a processor`;
    console.error(
      `${minutes.toFixed(1)} min: ${objects.join(' + ')} objects, page ${heap} MiB, server ${own} MiB, media worker ${sfu} MiB, ${handles} handles, ${tiles} tiles, ${masks} masks, ${fewest} of the poorest tile; ${waited}${isStarved(starvation) ? ': starved' : ''}`,
    );
    this.#write();
  }

  /** The last word. @param error what ended it before its time; null where nothing did */
  end(error: unknown): void {
    // What follows the first line is where a program was.
    if (error === null) this.#ended = 'complete';
    else this.#ended = (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
    this.#write();
  }

  #write(): void {
    const { json, minutes } = this.options;
    if (json === undefined) return;
    const { machine, figures, starved } = this;
    writeJson(json, { machine, minutes, ended: this.#ended, starved, figures, samples: this.#samples });
  }
}
