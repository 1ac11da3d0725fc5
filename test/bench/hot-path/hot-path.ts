/**
 * `npm run bench`: what a frame costs beside the network itself, and what the usual way of writing such a page costs.
 * Ratios within one run only; absolute times say nothing about another machine.
 */
import type { Page } from 'playwright';
import { tinyPspnet } from '../../fixtures/networks/tiny-pspnet.ts';
import { type Figures, machineOf, writeJson } from '../figures.ts';
import { medianOf } from '../metrics.ts';
import { findModel, type ModelFile } from '../model-file.ts';
import { withPage } from '../page-host.ts';
import { type FigureId, HOT_PATH } from './figures.ts';
import { measureFrame, measurePipelines } from './measure.ts';
import { networkPart } from './network-part.ts';
import { type BenchOptions, type MeasuredKind, planOf, readOptions, USAGE } from './options.ts';

/**
 * Runs the benchmark.
 * @returns exit code; figures that miss their goal are figures, not failures
 * @throws ToolError when the input will not do
 */
export async function hotPath(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  const networks = { full: findModel(options.model, 'wasm'), tiny: tiny() };
  const { machine, figures } = await withPage('bench', [networkPart(networks)], async (page) => ({
    machine: await machineOf(page),
    figures: await measure(page, options),
  }));
  console.log(`\n${machine}; ${networks.full.manifest.name}\n\n${HOT_PATH.text(figures)}`);
  if (options.json) writeJson(options.json, { machine, figures });
  return 0;
}

function tiny(): ModelFile {
  const { bytes, manifest } = tinyPspnet();
  return { manifest, bytes: Buffer.from(bytes) };
}

async function measure(page: Page, options: BenchOptions): Promise<Figures<FigureId>> {
  const say = (line: string) => console.error(line);
  const plan = planOf(options.quick);
  const kinds: readonly MeasuredKind[] = options.engine === 'both' ? ['wasm', 'webgpu'] : [options.engine];
  // The usual pipeline is compared on one engine; software WebGPU would only show how slow software WebGPU is.
  const pipelines = kinds[0]!;
  let figures: Figures<FigureId> = {};
  let outside: readonly number[] = [];
  const growth: number[] = [];
  for (const kind of kinds) {
    const frame = await measureFrame(page, kind, plan.frame[kind], say);
    figures = { ...figures, ...frame.figures };
    growth.push(frame.growth);
    if (kind === pipelines) outside = frame.outside;
  }
  const full = await measurePipelines(page, pipelines, 'full', plan.full[pipelines], say);
  const small = await measurePipelines(page, pipelines, 'tiny', plan.tiny[pipelines], say);
  growth.push(full.growth, small.growth);
  const ours = medianOf(outside) ?? Number.NaN;
  return {
    ...figures,
    fps_over_usual: HOT_PATH.figure('fps_over_usual', full.fps),
    fps_over_usual_tiny: HOT_PATH.figure('fps_over_usual_tiny', small.fps),
    outside_model_over_usual: HOT_PATH.figure(
      'outside_model_over_usual',
      full.usualOutside.map((usual) => ours / usual),
    ),
    main_thread_ms_per_frame: HOT_PATH.figure(
      'main_thread_ms_per_frame',
      full.mainThread,
      full.usualMainThread,
    ),
    long_tasks: HOT_PATH.figure('long_tasks', [full.longTasks + small.longTasks]),
    live_objects_growth: HOT_PATH.figure('live_objects_growth', [growth.reduce((a, b) => a + b, 0)]),
  };
}
