/**
 * The figures of the engines on the processor and of a first visit: what each is, and what it should be.
 */
import { type FigureSpec, FigureTable } from '../figures.ts';

const SPECS = {
  cpu_engine_over_ort: {
    title: 'lite on LiteRT over the same on ONNX Runtime, one thread each',
    unit: '×',
    goal: 0.5,
    bound: 'at most',
  },
  cpu_engine_over_ort_2t: {
    title: 'the same, two threads each',
    unit: '×',
    goal: 0.6,
    bound: 'at most',
  },
  lite_over_openvino: {
    title: 'lite on LiteRT over the peer given on ONNX Runtime, one thread each',
    unit: '×',
    goal: 1.1,
    bound: 'at most',
  },
  wasm_over_openvino: {
    title: 'the same of wasm',
    unit: '×',
    goal: 0.5,
    bound: 'at most',
  },
  masks_over_bare_cpu: {
    title: 'masks a second of the running stage, over bare inferences a second',
    unit: '×',
    goal: 0.9,
    bound: 'at least',
  },
  masks_over_before: {
    title: 'masks a second of the page as it opens here, over ONNX Runtime with wasm',
    unit: '×',
    goal: 2,
    bound: 'at least',
  },
  first_mask_megabytes_cpu: {
    title: 'megabytes over the wire to the first mask, on the processor',
    unit: 'MB',
    goal: 7,
    bound: 'at most',
  },
  first_mask_megabytes_webgpu: {
    title: 'the same on WebGPU',
    unit: 'MB',
    goal: 10,
    bound: 'at most',
  },
  first_mask_over_bare_load: {
    title: 'time to the first mask, over loading runtime and model alone, both from the disk',
    unit: '×',
    goal: 1.4,
    bound: 'at most',
  },
} as const satisfies Record<string, FigureSpec>;

/** Ids, as they stand in the JSON. */
export type CpuFigureId = keyof typeof SPECS;

/** The figures of this benchmark. */
export const CPU = new FigureTable<CpuFigureId>(SPECS);
