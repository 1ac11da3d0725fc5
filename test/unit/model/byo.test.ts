import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answer, type ByoAnswers, type ByoDraft, openQuestions } from '../../../src/model/byo';
import { draftFromFile } from '../../../src/model/byo-draft';
import { namesInMetadata, readClassNames } from '../../../src/model/presets';
import { type ForeignOptions, foreignNetwork, LAND_USE } from '../../fixtures/networks/foreign';
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
    expect(ids(draft)).toEqual(['size', 'normalisation', 'classes']);
    const answers = {
      size: { width: 128, height: 1 },
      normalisation: 'unit',
      classes: 'carriageway-12',
    } as const;
    // What the output is like is seen when it runs.
    expect(answer(draft, answers)).toMatchObject({
      input: { width: 128, height: 64 },
      output: { width: 128, height: 64, stride: 1 },
    });
  });

  test('an output of unknown size: the class list says how many channels', async () => {
    const draft = await draftOf({ inputs: [IMAGE], outputs: [{ name: 'y', dims: ['a', 'b', 'c', 'd'] }] });
    expect(ids(draft)).toEqual(['normalisation', 'classes']);
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
    expect(ids(draft)).toEqual(['layout', 'size', 'normalisation', 'classes']);
    const manifest = answer(draft, {
      layout: 'NHWC',
      size: { width: 64, height: 32 },
      normalisation: 'bytes-bgr',
      classes: readClassNames('-, road, vehicle'),
      roles: ['nothing', 'drivable', 'obstacle'],
    });
    expect(manifest).toMatchObject({
      input: { layout: 'NHWC', channels: 'BGR', scale: 1 },
      output: { layout: 'NHWC', width: 64, height: 32 },
      classes: [
        { name: 'none of these', role: 'nothing' },
        { name: 'road', role: 'drivable' },
        { name: 'vehicle' },
      ],
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
    refused({ normalisation: 'unit', classes: 'drivable' }, '19 classes');
    refused({ normalisation: 'unit', classes: readClassNames('a, b') }, 'roles');
  });
});

describe('what is no segmentation network is refused, and why', () => {
  const other = { name: 'tokens', type: INT64, dims: [1, 77] };
  test.for([
    ['a classifier', { inputs: [IMAGE], outputs: [{ name: 'p', dims: [1, 1000] }] }, 'p: float32 [1, 1000]'],
    ['one pixel', { inputs: [IMAGE], outputs: [{ name: 'p', dims: [1, 1000, 1, 1] }] }, 'four dimensions'],
    ['no shape', { inputs: [IMAGE], outputs: [{ name: 'y' }] }, 'unknown shape'],
    ['no outputs', { inputs: [IMAGE], outputs: [] }, 'outputs: none'],
    ['no image', { inputs: [other], outputs: [SCORES] }, 'tokens: int64 [1, 77]'],
    ['no inputs', { inputs: [], outputs: [SCORES] }, 'inputs: none'],
    [
      'a batch of sixty-five',
      { inputs: [{ name: 'x', dims: [65, 3, 64, 96] }], outputs: [SCORES] },
      '[65, 3, 64, 96]',
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
  test('are kept as they are, with the roles that they suggest', () => {
    expect(readClassNames('background, Road, curb, lane_marking\ncar; -, spoon, -')).toEqual([
      { name: 'background', role: 'nothing' },
      { name: 'Road', role: 'drivable' },
      { name: 'curb', role: 'ground' },
      { name: 'lane_marking', role: 'marking' },
      { name: 'car', role: 'obstacle' },
      { name: 'none of these', role: 'nothing' },
      { name: 'spoon', role: null },
      { name: 'none of these 2', role: 'nothing' },
    ]);
  });
});

describe('class names in the file', () => {
  const of = (key: string, text: string) => namesInMetadata(new Map([[key, text]]));
  test.each([
    ['names', "{0: 'water', 1: 'field', 10: 'town'}"],
    ['id2label', '{"1": "field", "0": "water", "10": "town"}'],
    ['classes', '["water", "field", "town"]'],
    ['labels', 'water, field ,town'],
    ['class_names', "['water', 'field', 'town']"],
  ])('%s: %s', (key, text) => {
    expect(of(key, text)).toEqual(['water', 'field', 'town']);
  });
  test.each(['', '{', '[1, 2]', '{"a": {"b": 1}}', 'water', '["water", ""]'])('none in %j', (text) => {
    expect(of('names', text)).toBeNull();
  });

  test('are offered where their number fits', async () => {
    const { draft } = await draftFromFile(
      new Blob([
        foreignNetwork({
          surfaces: LAND_USE,
          width: 96,
          height: 64,
          metadata: { names: JSON.stringify(LAND_USE.map((c) => c.name)) },
        }),
      ]),
      'land.onnx',
    );
    expect(openQuestions(draft).find(({ id }) => id === 'classes')).toMatchObject({
      channels: 7,
      choices: [],
      names: LAND_USE.map(({ name }) => name),
    });
    const classes = LAND_USE.map(({ name }) => ({ name, role: null }));
    const manifest = answer(draft, { normalisation: 'unit', classes, roles: classes.map(() => null) });
    expect(manifest.classes.map(({ name }) => name)).toEqual(LAND_USE.map(({ name }) => name));
    expect(manifest.channels).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

describe('how a network ends', () => {
  const of = async (changes: Partial<ForeignOptions>) =>
    (
      await draftFromFile(
        new Blob([foreignNetwork({ surfaces: LAND_USE, width: 96, height: 64, ...changes })]),
        'x.onnx',
      )
    ).draft;
  test.each([
    ['scores', 'none', 7],
    ['softmax', 'softmax', 7],
    ['sigmoid', 'sigmoid', 7],
    ['ids', 'ids', null],
    ['ids-float', 'ids', null],
    ['ids-uint8', 'ids', null],
  ] as const)('%s', async (ending, activation, channels) => {
    expect((await of({ ending })).outputs).toMatchObject([{ activation, channels }]);
  });

  test('a batch that the file fixes is kept', async () => {
    const draft = await of({ batch: 4 });
    expect(draft.batch).toBe(4);
    const classes = LAND_USE.map(({ name }) => ({ name, role: null }));
    expect(answer(draft, { normalisation: 'unit', classes, roles: [] }).input.batch).toBe(4);
  });

  test('one channel out of a sigmoid tells one thing from the rest', async () => {
    const draft = await draftOf({
      inputs: [IMAGE],
      outputs: [{ name: 'm', dims: [1, 1, 64, 96] }],
      nodes: [
        ['Conv', ['x'], ['a']],
        ['Sigmoid', ['a'], ['m']],
      ],
    });
    const manifest = answer(draft, { normalisation: 'unit', classes: 'drivable' });
    expect(manifest.classes.map(({ name }) => name)).toEqual(['background', 'drivable']);
    expect(manifest.channels).toEqual([1]);
    expect(manifest.output.activation).toBe('sigmoid');
  });

  test.for([
    ['no sigmoid', [['Conv', ['x'], ['m']]], 'logits'],
    [
      'a sigmoid of which pieces are taken',
      [
        ['Conv', ['x'], ['a']],
        ['HardSigmoid', ['a'], ['b']],
        ['Slice', ['b'], ['m']],
      ],
      'sigmoid',
    ],
    [
      'the second of a softmax',
      [
        ['Softmax', ['x'], ['a']],
        ['Gather', ['a'], ['m']],
      ],
      'sigmoid',
    ],
  ] as const)('one channel: %s', async ([, nodes, activation]) => {
    const outputs = [{ name: 'm', dims: [1, 1, 64, 96] }];
    const draft = await draftOf({ inputs: [IMAGE], outputs, nodes });
    const manifest = answer(draft, { normalisation: 'unit', classes: 'drivable' });
    expect(manifest).toMatchObject({ channels: [1], output: { activation } });
  });

  test('one raw channel beside scores of classes is a depth, and no choice', async () => {
    const outputs = [{ name: 'depth', dims: [1, 1, 64, 96] }, SCORES];
    expect((await draftOf({ inputs: [IMAGE], outputs })).outputs.map(({ name }) => name)).toEqual([
      SCORES.name,
    ]);
  });
});
