/**
 * The figures of the hot path: what each is, and what it should be.
 */
import { type FigureSpec, FigureTable } from '../figures.ts';

/** The table, in the order in which it is printed. */
const SPECS = {
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

/** Ids, as they stand in the JSON. */
export type FigureId = keyof typeof SPECS;

/** The figures of this benchmark. */
export const HOT_PATH = new FigureTable<FigureId>(SPECS);
