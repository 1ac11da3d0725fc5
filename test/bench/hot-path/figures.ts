/**
 * The figures of the benchmark: what each is, what it should be, and how runs become one value.
 */
import { medianOf } from '../metrics.ts';

/** Ids, as they stand in the JSON. */
export type FigureId = keyof typeof FIGURES;

/** What a figure is and which way is good. */
interface FigureSpec {
  readonly title: string;
  readonly unit: string;
  readonly goal: number;
  /** Whether the goal is the most or the least that will do. */
  readonly bound: 'at most' | 'at least';
}

/** The table, in the order in which it is printed. */
export const FIGURES = {
  e2e_over_bare_wasm: {
    title: 'a frame end to end, over the bare network, on WebAssembly',
    unit: '×',
    goal: 1.1,
    bound: 'at most',
  },
  e2e_over_bare_webgpu: {
    title: 'a frame end to end, over the bare network, on WebGPU',
    unit: '×',
    goal: 1.1,
    bound: 'at most',
  },
  fps_over_usual: {
    title: 'frames a second, over the usual pipeline',
    unit: '×',
    goal: 1,
    bound: 'at least',
  },
  fps_over_usual_tiny: {
    title: 'the same with a tiny network',
    unit: '×',
    goal: 2,
    bound: 'at least',
  },
  outside_model_over_usual: {
    title: 'time outside the network, over the usual pipeline',
    unit: '×',
    goal: 0.2,
    bound: 'at most',
  },
  main_thread_ms_per_frame: {
    title: 'work on the main thread for a frame',
    unit: 'ms',
    goal: 0.5,
    bound: 'at most',
  },
  long_tasks: {
    title: 'tasks over 50 ms on the main thread after loading',
    unit: '',
    goal: 0,
    bound: 'at most',
  },
  pixels_read_back_bytes_per_frame: {
    title: 'bytes read back from the GPU for a frame',
    unit: 'bytes',
    goal: 16384,
    bound: 'at most',
  },
  live_objects_growth: {
    title: 'frames, buffers and textures more at the end than at the start',
    unit: '',
    goal: 0,
    bound: 'at most',
  },
} as const satisfies Record<string, FigureSpec>;

/** A measured figure, as it stands in the JSON. */
export interface Figure {
  /** Median of the runs. */
  readonly value: number;
  readonly goal: number;
  readonly runs: readonly number[];
  /** The same of the usual pipeline, where that says something. */
  readonly usual?: number;
}

/** The figures of one run of the tool. Those that were not asked for are absent. */
export type Figures = Partial<Record<FigureId, Figure>>;

/**
 * Makes a figure of its runs.
 * @param runs at least one
 * @param usual the usual pipeline's runs of the same quantity
 */
export function figureOf(id: FigureId, runs: readonly number[], usual?: readonly number[]): Figure {
  const value = medianOf(runs);
  if (value === null) throw new RangeError(`${id} has no runs.`);
  const theirs = usual ? medianOf(usual) : null;
  return {
    value: round(value),
    goal: FIGURES[id].goal,
    runs: runs.map(round),
    ...(theirs === null ? {} : { usual: round(theirs) }),
  };
}

/** Whether a figure reaches its goal. */
export function reached(id: FigureId, value: number): boolean {
  const spec: FigureSpec = FIGURES[id];
  return spec.bound === 'at most' ? value <= spec.goal : value >= spec.goal;
}

/** The figures as a table for people: several lines, without a final line break. */
export function tableOf(figures: Figures): string {
  const rows = (Object.keys(FIGURES) as FigureId[]).flatMap((id) => {
    const figure = figures[id];
    if (!figure) return [];
    const { title, unit, goal, bound }: FigureSpec = FIGURES[id];
    const usual = figure.usual === undefined ? '' : ` (usual pipeline: ${figure.usual})`;
    const value = [figure.value, unit].filter((part) => part !== '').join(' ');
    return [[title + usual, value, `${bound} ${goal}`, reached(id, figure.value) ? 'reached' : 'missed']];
  });
  const all = [['figure', 'value', 'goal', ''], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map(([title, value, goal, verdict]) =>
      `${title!.padEnd(widths[0]!)}  ${value!.padStart(widths[1]!)}  ${goal!.padEnd(widths[2]!)}  ${verdict}`.trimEnd(),
    )
    .join('\n');
}

/** Three digits behind the point: more would be noise. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
