import { expect, test } from 'vitest';
import { measureCase } from '../../../src/measure/measure-case';
import { measureMachine } from '../../../src/measure/measure-machine';
import {
  type CaseFigures,
  type MeasuredCase,
  type Measurement,
  plannedCases,
  tierOf,
} from '../../../src/measure/measurement';
import { measurementJson, measurementMarkdown } from '../../../src/measure/measurement-text';
import { speak } from '../../../src/words/words';
import { FakeSource } from '../../fakes/fake-source';
import { FakeStage, fakeReport } from '../../fakes/fake-stage';
import { settle } from '../../fakes/stage-parts';

const NETWORKS = new Map(
  ['pspnet-base', 'pspnet-lite', 'pspnet-wasm'].map((name) => [name, `/${name}.json`]),
);

const FIGURES: CaseFigures = {
  inference: 41.25,
  endToEnd: 60,
  upload: 1.5,
  drawing: null,
  masks: 20,
  memory: 123_000_000,
  clock: 'clock',
};

const planned = plannedCases(NETWORKS);

function measured(engine: string, model: string, inference: number | null): MeasuredCase {
  const found = planned.find((each) => each.engine === engine && each.model === model)!;
  return inference === null
    ? {
        ...found,
        runsAs: '',
        figures: null,
        reason: 'No such engine | here.',
        code: 'webgpu-absent' as const,
      }
    : { ...found, runsAs: 'LiteRT, 2 threads', figures: { ...FIGURES, inference }, reason: '', code: null };
}

/** A stage in which one mask comes with every report that is sent by hand. */
class Rig {
  readonly stage = new FakeStage();
  readonly source = new FakeSource({ kind: 'drive', seed: 1, mood: 'any' });
  clock = 0;
  ended = 0;
  die: (detail: string) => void = () => {};

  readonly ports = {
    linkStage: () => ({
      api: this.stage,
      onDeath: (listener: (detail: string) => void) => {
        this.die = listener;
      },
      terminate: () => {
        this.ended++;
      },
    }),
    openSource: async () => this.source,
    canvas: () => ({
      canvas: { width: 0, height: 0, getContext: () => null } as unknown as OffscreenCanvas,
      size: { width: 64, height: 36 },
    }),
    memory: async () => 5e6,
    now: () => this.clock,
  };

  report(allMasks: number, milliseconds = 100): void {
    this.clock += milliseconds;
    const view = fakeReport({ allMasks });
    this.stage.emit({ type: 'report', views: [view], liveObjects: view.liveObjects });
  }
}

test('each engine is measured with the networks of its tiers, those that are there', () => {
  expect(planned.map(({ engine, model }) => `${engine} ${model}`)).toEqual([
    'webgpu pspnet-base',
    'webgpu pspnet-lite',
    'cpu pspnet-lite',
    'cpu pspnet-wasm',
    'wasm pspnet-lite',
    'wasm pspnet-wasm',
  ]);
  expect(plannedCases(new Map([['pspnet-wasm', '/w.json']])).map(({ engine }) => engine)).toEqual([
    'cpu',
    'wasm',
  ]);
});

test('the tier follows from what ran; onnxruntime on the processor is no tier of its own', () => {
  expect(tierOf([measured('webgpu', 'pspnet-base', null), measured('cpu', 'pspnet-lite', 41)])).toBe(
    'cpu-lite',
  );
  expect(tierOf([measured('wasm', 'pspnet-lite', 10)])).toBeNull();
});

test('a case: the warm part does not count, everything is let go of', async () => {
  const rig = new Rig();
  const shares: number[] = [];
  rig.stage.engine = { ...rig.stage.engine, kind: 'cpu' };
  const [plan] = planned.filter(({ engine }) => engine === 'cpu');
  const measuring = measureCase(
    plan!,
    rig.ports,
    (share) => shares.push(share),
    new AbortController().signal,
  );
  await settle();
  for (let masks = 1; masks <= 8; masks++) rig.report(masks, 1000);
  await settle();
  for (let masks = 9; masks <= 38; masks++) rig.report(masks, 50);
  const result = await measuring;
  expect(result.reason).toBe('');
  expect(result.figures).toMatchObject({
    inference: 71.8,
    upload: 1.42,
    drawing: 0.8,
    endToEnd: 84.3,
    memory: 5e6,
  });
  expect(result.figures?.masks).toBeCloseTo(20, 5);
  expect(shares.at(-1)).toBe(1);
  expect(rig.stage.last('loadModel')).toEqual([{ kind: 'manifest', url: '/pspnet-lite.json' }]);
  expect(rig.ended).toBe(1);
  expect(rig.source.disposed).toBe(true);
});

test.each([
  [
    'another engine than the one asked for ran',
    async (rig: Rig) => {
      rig.stage.engine = {
        ...rig.stage.engine,
        kind: 'wasm',
        fallback: { code: 'cpu-engine-failed', message: '', detail: 'no SIMD' },
      };
    },
    'no SIMD',
  ],
  [
    'the network failed while it ran',
    async (rig: Rig) => {
      rig.stage.engine = { ...rig.stage.engine, kind: 'cpu' };
      setTimeout(() => {
        const error = { code: 'inference-failed', message: '', detail: 'out of memory' } as const;
        rig.stage.emit({ type: 'notice', key: null, error });
      }, 20);
    },
    'out of memory',
  ],
  [
    'the worker died',
    async (rig: Rig) => {
      setTimeout(() => rig.die('killed'), 20);
      rig.stage.silent = true;
    },
    'killed',
  ],
])('%s: that is the result, and nothing is left', async (_, arrange, detail) => {
  const rig = new Rig();
  await arrange(rig);
  const plan = planned.find(({ engine }) => engine === 'cpu')!;
  const result = await measureCase(plan, rig.ports, () => {}, new AbortController().signal);
  expect(result.figures).toBeNull();
  expect(result.reason).toContain(detail);
  expect(rig.ended).toBe(1);
});

test('a program in place of a GPU is not measured, and stopping ends it', async () => {
  const rig = new Rig();
  const stop = new AbortController();
  const unfit = { code: 'webgpu-software', message: 'A program.', detail: '' } as const;
  const seen: MeasuredCase[] = [];
  const measuring = measureMachine(
    planned,
    { ...rig.ports, graphics: async () => ({ name: 'SwiftShader', unfit }) },
    ({ planned: { engine } }) => {
      if (engine === 'cpu') setTimeout(() => stop.abort(new Error('stopped')));
    },
    (cases) => seen.splice(0, seen.length, ...cases),
    stop.signal,
  );
  await expect(measuring).rejects.toThrow('stopped');
  expect(seen.map(({ engine, code, reason }) => `${engine}: ${code}: ${reason}`)).toEqual([
    'webgpu: webgpu-software: A program.',
    'webgpu: webgpu-software: A program.',
  ]);
  expect(rig.ended).toBe(1);
});

const MEASUREMENT: Measurement = {
  taken: '2026-11-30T04:00:00.000Z',
  browser: 'Browser/1.0',
  cores: 8,
  memory: 8,
  isolated: true,
  graphics: 'none',
  cases: [measured('webgpu', 'pspnet-base', null), measured('cpu', 'pspnet-lite', 41.25)],
  tier: 'cpu-lite',
};

test('as Markdown: a row for each case, of as many cells as the heading has', () => {
  const text = measurementMarkdown(MEASUREMENT);
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  const cells = rows.map((row) => row.split(/(?<!\\)\|/).length);
  expect(rows).toHaveLength(4);
  expect(new Set(cells).size).toBe(1);
  expect(rows[2]).toContain('No such engine \\| here.');
  expect(rows[3]).toBe(
    '| Processor | PSPNet lite | 41.3 | 60.0 | 1.5 | – | 20.0 | 123.0 MB | LiteRT, 2 threads |',
  );
  expect(text).toContain('Tier: cpu-lite');
});

test('as Markdown in English, whatever the page speaks', async () => {
  const english = measurementMarkdown(MEASUREMENT);
  await speak('de');
  expect(measurementMarkdown(MEASUREMENT).split('\n').slice(0, 9)).toEqual(english.split('\n').slice(0, 9));
  await speak('en');
  expect(english).toContain('| Engine | Network | Inference, ms |');
});

test('as JSON: all of it, with the version of its form', () => {
  expect(JSON.parse(measurementJson(MEASUREMENT))).toEqual({ schema: 1, ...MEASUREMENT });
});
