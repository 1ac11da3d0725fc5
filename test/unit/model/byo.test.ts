import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answer, type ByoAnswers, type ByoDraft, draftFromFile, openQuestions } from '../../../src/model/byo';
import { readClassNames } from '../../../src/model/presets';
import { HALF, INT64, type ModelSpec, onnxBytes, PSPNET, UINT8 } from './onnx-writer';

const IMAGE = { name: 'x', dims: [1, 3, 64, 96] };
const SCORES = { name: 'y', dims: [1, 19, 64, 96] };

async function draftOf(spec: ModelSpec, name = 'My Network v2.onnx'): Promise<ByoDraft> {
  return (await draftFromFile(new Blob([onnxBytes(spec)]), name)).draft;
}

const ids = (draft: ByoDraft, answers?: ByoAnswers) =>
  openQuestions(draft, answers).map((question) => question.id);

describe('what a file says is not asked', () => {
  test('a network of the house: only scaling and classes are open', async () => {
    const draft = await draftOf(PSPNET);
    expect(ids(draft)).toEqual(['normalisation', 'classes']);
    const manifest = answer(draft, { normalisation: 'imagenet', classes: 'carriageway-12' });
    expect(manifest).toMatchObject({
      name: 'my-network-v2',
      title: 'My Network v2.onnx',
      input: { name: 'image', layout: 'NCHW', width: 96, height: 64, channels: 'RGB', fit: 'stretch' },
      gate: { name: 'gate', levels: [1, 2, 3, 6] },
      output: { name: 'logits', layout: 'NCHW', width: 12, height: 8, stride: 8, activation: 'none' },
      files: [{ precision: 'fp32', bytes: draft.bytes, sha256: draft.sha256 }],
    });
    expect(manifest.classes[11]!.name).toBe('vehicle');
    expect(manifest.input.mean).toEqual([0.485, 0.456, 0.406]);
  });

  test('channels last, in and out', async () => {
    const draft = await draftOf({
      inputs: [{ name: 'x', dims: [1, 64, 96, 3] }],
      outputs: [{ name: 'y', dims: [1, 16, 24, 19] }],
    });
    const manifest = answer(draft, { normalisation: 'symmetric', classes: 'cityscapes' });
    expect(manifest.input).toMatchObject({ layout: 'NHWC', width: 96, height: 64 });
    expect(manifest.output).toMatchObject({ layout: 'NHWC', width: 24, height: 16, stride: 4 });
  });

  test('an output whose axes differ from the input’s is told by its proportions', async () => {
    const draft = await draftOf({ inputs: [IMAGE], outputs: [{ name: 'y', dims: [1, 16, 24, 19] }] });
    expect(draft.outputs[0]).toMatchObject({ layout: 'NHWC', channels: 19 });
  });

  test('a softmax at the end, even behind a transpose', async () => {
    const nodes = [
      ['Conv', ['x'], ['a']],
      ['Softmax', ['a'], ['b']],
      ['Transpose', ['b'], ['y']],
    ] as const;
    expect((await draftOf({ inputs: [IMAGE], outputs: [SCORES], nodes })).outputs[0]!.activation).toBe(
      'softmax',
    );
    const inside = [
      ['Softmax', ['x'], ['a']],
      ['Conv', ['a'], ['y']],
    ] as const;
    expect(
      (await draftOf({ inputs: [IMAGE], outputs: [SCORES], nodes: inside })).outputs[0]!.activation,
    ).toBe('none');
  });

  test('half-precision weights behind float inputs', async () => {
    const draft = await draftOf({
      inputs: [IMAGE],
      outputs: [SCORES],
      initializers: [{ name: 'w', type: HALF }],
    });
    expect(draft.precision).toBe('fp16');
  });
});

describe('what a file cannot say is asked', () => {
  test('a free size: one side known, then a stride that divides it', async () => {
    const draft = await draftOf({
      inputs: [{ name: 'x', dims: ['batch', 3, 64, 'width'] }],
      outputs: [{ name: 'y', dims: ['batch', 12, 'h', 'w'] }],
    });
    expect(openQuestions(draft)).toContainEqual({ id: 'size', width: null, height: 64 });
    expect(ids(draft)).toEqual(['size', 'normalisation', 'stride', 'classes']);
    const answers = {
      size: { width: 128, height: 1 },
      normalisation: 'unit',
      classes: 'carriageway-12',
    } as const;
    expect(answer(draft, { ...answers, stride: 8 })).toMatchObject({
      input: { width: 128, height: 64 },
      output: { width: 16, height: 8, stride: 8 },
    });
    expect(() => answer(draft, { ...answers, size: { width: 130, height: 64 }, stride: 8 })).toThrow(
      expect.objectContaining({
        code: 'model-manifest-invalid',
        detail: expect.stringContaining('multiple'),
      }),
    );
  });

  test('an output of unknown size: the class list says how many channels', async () => {
    const draft = await draftOf({ inputs: [IMAGE], outputs: [{ name: 'y', dims: ['a', 'b', 'c', 'd'] }] });
    expect(ids(draft)).toEqual(['normalisation', 'stride', 'classes']);
    const classes = openQuestions(draft).find((question) => question.id === 'classes')!;
    expect(classes).toMatchObject({ channels: null });
    expect(classes.choices).toHaveLength(4);
  });

  test('several outputs: the choice decides which class lists fit', async () => {
    const draft = await draftOf({
      inputs: [IMAGE],
      outputs: [
        { name: 'da', dims: [1, 2, 64, 96] },
        { name: 'all', dims: [1, 19, 8, 12] },
        { name: 'features', dims: [1, 512, 8, 12] },
      ],
    });
    expect(ids(draft)).toEqual(['normalisation', 'output']);
    const fitting = (output: string) =>
      openQuestions(draft, { output }).flatMap((q) =>
        q.id === 'classes' ? q.choices.map((c) => c.value) : [],
      );
    expect(fitting('da')).toEqual(['drivable']);
    expect(fitting('all')).toEqual(['cityscapes']);
    expect(ids(draft, { output: 'features' })).toContain('output');
  });

  test('the order of axes, where nothing tells', async () => {
    const draft = await draftOf({
      inputs: [{ name: 'x', dims: ['n', 'a', 'b', 'c'] }],
      outputs: [{ name: 'y', dims: ['n', 'd', 'e', 'f'] }],
    });
    expect(ids(draft)).toEqual(['layout', 'size', 'normalisation', 'stride', 'classes']);
    const manifest = answer(draft, {
      layout: 'NHWC',
      size: { width: 64, height: 32 },
      normalisation: 'bytes-bgr',
      stride: 1,
      classes: [null, 'road', 'vehicle'],
    });
    expect(manifest).toMatchObject({
      input: { layout: 'NHWC', channels: 'BGR', scale: 1 },
      output: { layout: 'NHWC', width: 64, height: 32 },
      classes: [{ name: 'none of these', role: 'nothing' }, { name: 'road' }, { name: 'vehicle' }],
    });
  });

  test('nothing is guessed: an open question is named', async () => {
    const draft = await draftOf({ inputs: [IMAGE], outputs: [SCORES] });
    const refused = (answers: ByoAnswers, detail: string) =>
      expect(() => answer(draft, answers)).toThrow(
        expect.objectContaining({ code: 'model-manifest-invalid', detail: expect.stringContaining(detail) }),
      );
    refused({}, 'normalisation');
    refused({ normalisation: 'unit' }, 'classes');
    refused({ normalisation: 'unit', classes: 'drivable' }, '19 channels');
    refused({ normalisation: 'unit', classes: Array.from({ length: 19 }, () => null) }, 'no channel');
  });
});

describe('what is no segmentation network is refused, and why', () => {
  const other = { name: 'tokens', type: INT64, dims: [1, 77] };
  test.for([
    ['a classifier', { inputs: [IMAGE], outputs: [{ name: 'p', dims: [1, 1000] }] }, 'p: float32 [1, 1000]'],
    ['one pixel', { inputs: [IMAGE], outputs: [{ name: 'p', dims: [1, 1000, 1, 1] }] }, 'four dimensions'],
    ['one channel', { inputs: [IMAGE], outputs: [{ name: 'm', dims: [1, 1, 64, 96] }] }, 'one channel'],
    [
      'class numbers',
      { inputs: [IMAGE], outputs: [{ name: 'i', type: INT64, dims: [1, 64, 96] }] },
      'ArgMax',
    ],
    ['no shape', { inputs: [IMAGE], outputs: [{ name: 'y' }] }, 'unknown shape'],
    ['no outputs', { inputs: [IMAGE], outputs: [] }, 'outputs: none'],
    ['no image', { inputs: [other], outputs: [SCORES] }, 'tokens: int64 [1, 77]'],
    ['no inputs', { inputs: [], outputs: [SCORES] }, 'inputs: none'],
    [
      'a batch of two',
      { inputs: [{ name: 'x', dims: [2, 3, 64, 96] }], outputs: [SCORES] },
      '[2, 3, 64, 96]',
    ],
    ['bytes in', { inputs: [{ ...IMAGE, type: UINT8 }], outputs: [SCORES] }, 'uint8'],
    ['halves in', { inputs: [{ ...IMAGE, type: HALF }], outputs: [SCORES] }, 'float16'],
    ['two images', { inputs: [IMAGE, { ...IMAGE, name: 'z' }], outputs: [SCORES] }, 'more than one image'],
    ['another input', { inputs: [IMAGE, other], outputs: [SCORES] }, 'cannot feed'],
    [
      'weights elsewhere',
      { inputs: [IMAGE], outputs: [SCORES], initializers: [{ name: 'w', external: true }] },
      'another file',
    ],
  ] as const satisfies readonly (readonly [string, ModelSpec, string])[])('%s', async ([, spec, detail]) => {
    await expect(draftOf(spec)).rejects.toMatchObject({
      code: 'model-not-segmentation',
      detail: expect.stringContaining(detail),
    });
  });
});

test('any file name gives a valid manifest', async () => {
  const { draft } = await draftFromFile(new Blob([onnxBytes(PSPNET)]), 'x');
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 200 }), (fileName) => {
      const manifest = answer({ ...draft, fileName }, { normalisation: 'unit', classes: 'carriageway-12' });
      expect(manifest.name).toMatch(/^[a-z0-9]/);
    }),
  );
});

describe('class names typed by hand', () => {
  test('own names, other data sets’ names, nothing, nonsense', () => {
    expect(readClassNames('background, Road, curb, lane_marking\ncar; -, spoon')).toEqual({
      classes: [null, 'road', 'sidewalk', 'lane marking', 'vehicle', null, null],
      unknown: ['spoon'],
    });
  });
});
