/**
 * `npm run bench -- cpu`: the engine on the processor against ONNX Runtime and against a peer, the page as it opens on a
 * machine without a GPU, and what a first visit costs. Ratios within one run only.
 */
import type { Page } from 'playwright';
import type { ModelManifest } from '../../../src/model/manifest.ts';
import { type Figures, machineOf, writeJson } from '../figures.ts';
import { networkPart } from '../hot-path/network-part.ts';
import { findModel, type ModelFile } from '../model-file.ts';
import { withPage } from '../page-host.ts';
import type { EnginesPage } from '../pages/engines.page.ts';
import { CPU, type CpuFigureId } from './figures.ts';
import { type CpuOptions, readCpuOptions, USAGE } from './options.ts';
import { firstMaskMegabytes, firstMaskOverBareLoad, masksOverBefore } from './visits.ts';

/** The page's object, as page evaluations see it. */
declare const engines: EnginesPage;

/** Frames of each contender in a round. */
const FRAMES = 4;

/** Masks of the running stage in a round: reports come by the quarter of a second. */
const STAGE_FRAMES = 40;

const say = (line: string) => console.error(line);

/**
 * Runs the benchmark.
 * @returns exit code; figures that miss their goal are figures, not failures
 * @throws ToolError when the input will not do
 */
export async function cpu(argv: readonly string[]): Promise<number> {
  const options = readCpuOptions(argv);
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  const wanted = (id: CpuFigureId) => options.only?.includes(id) ?? true;
  const networks = networksFor(options);
  const figures: Figures<CpuFigureId> = {};
  const machine = await withPage('engines', [networkPart(networks)], async (page) => {
    if (wanted('cpu_engine_over_ort'))
      figures.cpu_engine_over_ort = await ratio(page, 'cpu_engine_over_ort', 'lite', 'lite-onnx', 1, options);
    if (wanted('cpu_engine_over_ort_2t'))
      figures.cpu_engine_over_ort_2t = await ratio(
        page,
        'cpu_engine_over_ort_2t',
        'lite',
        'lite-onnx',
        2,
        options,
      );
    for (const [id, network] of [
      ['lite_over_openvino', 'lite'],
      ['wasm_over_openvino', 'wasm'],
    ] as const)
      if (options.peer && wanted(id)) figures[id] = await ratio(page, id, network, 'peer', 1, options);
    if (wanted('masks_over_bare_cpu')) figures.masks_over_bare_cpu = await masksOverBare(page, options);
    return machineOf(page);
  });
  if (wanted('masks_over_before'))
    figures.masks_over_before = CPU.figure('masks_over_before', await masksOverBefore(options.rounds, say));
  for (const [id, query] of [
    ['first_mask_megabytes_cpu', '?engine=cpu'],
    ['first_mask_megabytes_webgpu', '?engine=webgpu&model=pspnet-lite'],
  ] as const)
    if (wanted(id)) figures[id] = CPU.figure(id, [await firstMaskMegabytes(query)]);
  if (wanted('first_mask_over_bare_load'))
    figures.first_mask_over_bare_load = CPU.figure(
      'first_mask_over_bare_load',
      await firstMaskOverBareLoad(networks, options.rounds, say),
    );
  console.log(`\n${machine}\n\n${CPU.text(figures)}`);
  if (options.json) writeJson(options.json, { machine, figures });
  return 0;
}

/** Each network with the one file that is to run. */
function networksFor({ peer }: CpuOptions): Readonly<Record<string, ModelFile>> {
  const only = (model: ModelFile, runtime: 'litert' | 'onnxruntime'): ModelFile => {
    const files = model.manifest.files.filter((file) => (file.engine ?? 'onnxruntime') === runtime);
    return { ...model, manifest: { ...model.manifest, files } satisfies ModelManifest };
  };
  return {
    lite: only(findModel('pspnet-lite', 'cpu'), 'litert'),
    wasm: only(findModel('pspnet-wasm', 'cpu'), 'litert'),
    'lite-onnx': only(findModel('pspnet-lite', 'wasm'), 'onnxruntime'),
    ...(peer ? { peer: findModel(peer, 'wasm') } : {}),
  };
}

/** Time of one network over another's, turn by turn. */
async function ratio(
  page: Page,
  id: CpuFigureId,
  network: string,
  other: string,
  threads: number,
  { rounds }: CpuOptions,
) {
  for (const name of [network, other])
    say(await page.evaluate(([n, t]) => engines.open(n, n, t), [name, threads] as const));
  const ratios: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const times: number[] = [];
    for (const name of [network, other])
      times.push(await page.evaluate(([n, f]) => engines.run(n, f), [name, FRAMES] as const));
    // The first round warms up.
    if (round >= 0) ratios.push(times[0]! / times[1]!);
    say(`  ${network} ${times[0]!.toFixed(1)} ms, ${other} ${times[1]!.toFixed(1)} ms`);
  }
  for (const name of [network, other]) await page.evaluate((n) => engines.close(n), name);
  return CPU.figure(id, ratios);
}

/** The stage's masks a second over the bare engine's inferences a second, turn by turn. */
async function masksOverBare(page: Page, { rounds }: CpuOptions) {
  // As many threads as the stage takes where a program draws.
  const threads = await page.evaluate(() => Math.max(1, Math.min(8, navigator.hardwareConcurrency - 1)));
  say(await page.evaluate((t) => engines.open('bare', 'lite', t), threads));
  await page.evaluate(() => engines.openStage('lite'));
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const rate = await page.evaluate((n) => engines.stageRate(n), STAGE_FRAMES);
    const bare = await page.evaluate((n) => engines.run('bare', n), FRAMES);
    ratios.push((rate * bare) / 1000);
    say(`  ${rate.toFixed(2)} masks a second, bare ${bare.toFixed(1)} ms`);
  }
  await page.evaluate(() => engines.closeStage());
  await page.evaluate(() => engines.close('bare'));
  return CPU.figure('masks_over_bare_cpu', ratios);
}
