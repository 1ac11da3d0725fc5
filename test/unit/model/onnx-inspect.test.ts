import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CarriagewayError } from '../../../src/errors';
import { MODEL_SIZE_CAP } from '../../../src/model/manifest';
import { inspectOnnx, readModelFile } from '../../../src/model/onnx-inspect';
import { HALF, INT64, onnxBytes, PSPNET, UINT8 } from './onnx-writer';

describe('reading an ONNX file', () => {
  test('inputs, outputs, nodes, operator set', () => {
    const graph = inspectOnnx(onnxBytes(PSPNET));
    expect(graph).toMatchObject({
      producer: 'test',
      opset: 17,
      inputs: [
        { name: 'image', element: 'float32', dims: [1, 3, 64, 96] },
        { name: 'gate', element: 'float32', dims: [4] },
      ],
      outputs: [{ name: 'logits', element: 'float32', dims: [1, 12, 8, 12] }],
      nodes: [{ type: 'Conv', inputs: ['image'], outputs: ['logits'] }],
      halfPrecision: false,
      externalData: false,
    });
    expect([...graph.initializers]).toEqual(['conv.weight']);
  });

  test('weights listed among the inputs, as old files do, are not inputs', () => {
    const inputs = [...PSPNET.inputs, { name: 'conv.weight', dims: [12, 3, 3, 3] }];
    const graph = inspectOnnx(onnxBytes({ ...PSPNET, inputs }));
    expect(graph.inputs.map((input) => input.name)).toEqual(['image', 'gate']);
  });

  test('free sizes: named, unnamed, minus one, zero; and no shape at all', () => {
    const inputs = [{ name: 'x', dims: ['batch', 3, -1, 0] }, { name: 'y' }, { name: 'z', dims: [] }];
    const graph = inspectOnnx(onnxBytes({ inputs, outputs: [{ name: 'o', dims: [1, 2, '', 5] }] }));
    expect(graph.inputs.map((input) => input.dims)).toEqual([['batch', 3, '', ''], null, []]);
    expect(graph.outputs[0]!.dims).toEqual([1, 2, '', 5]);
  });

  test('element types, half precision, weights elsewhere', () => {
    const graph = inspectOnnx(
      onnxBytes({
        inputs: [
          { name: 'a', type: UINT8, dims: [1] },
          { name: 'b', type: HALF, dims: [1] },
        ],
        outputs: [
          { name: 'c', type: INT64, dims: [1] },
          { name: 'd', type: 9, dims: [1] },
          { name: 'e', type: 8, dims: [1] },
        ],
        initializers: [{ name: 'w', type: HALF, external: true }],
      }),
    );
    expect(graph.inputs.map((value) => value.element)).toEqual(['uint8', 'float16']);
    expect(graph.outputs.map((value) => value.element)).toEqual(['int64', 'bool', 'other']);
    expect(graph).toMatchObject({ halfPrecision: true, externalData: true });
  });
});

describe('what is not an ONNX file', () => {
  const text = (content: string) => new TextEncoder().encode(content);
  test.for([
    ['a web page', text('<!doctype html><html><body>Not found</body></html>')],
    ['a text', text('hello, this is a note about a model')],
    ['JSON', text('{"schema": 1}')],
    ['nothing', new Uint8Array(0)],
    ['zeros', new Uint8Array(1000)],
    ['a PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 73, 72, 68, 82)],
    ['a zip (PyTorch)', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0)],
    ['a graph without nodes', onnxBytes({ ...PSPNET, nodes: [] })],
    ['no version', onnxBytes({ ...PSPNET, irVersion: 0 })],
  ] as const)('%s', ([, bytes]) => {
    expect(() => inspectOnnx(bytes)).toThrow(expect.objectContaining({ code: 'model-not-onnx' }));
  });

  test('a file of 2 GB is refused by its size, unread', async () => {
    const file = {
      size: 2 * 1024 ** 3,
      arrayBuffer: () => Promise.reject(new Error('it was read')),
    } as unknown as Blob;
    await expect(readModelFile(file)).rejects.toMatchObject({ code: 'model-too-large', detail: '2048 MB' });
    await expect(readModelFile({ ...file, size: MODEL_SIZE_CAP + 1 } as Blob)).rejects.toMatchObject({
      code: 'model-too-large',
    });
  });

  test('an empty file, and one that vanished', async () => {
    await expect(readModelFile(new Blob([]))).rejects.toMatchObject({ code: 'model-not-onnx' });
    const gone = { size: 10, arrayBuffer: () => Promise.reject(new DOMException('', 'NotReadableError')) };
    await expect(readModelFile(gone as unknown as Blob)).rejects.toMatchObject({ code: 'model-not-onnx' });
  });
});

describe('damaged files', () => {
  const whole = onnxBytes(PSPNET);

  /** It may still be read where the damage hits a name; it may not fail in any other way. */
  function inspectSafely(bytes: Uint8Array): void {
    try {
      const graph = inspectOnnx(bytes);
      expect(graph.nodes.length).toBeGreaterThan(0);
    } catch (error) {
      expect(error).toBeInstanceOf(CarriagewayError);
      expect((error as CarriagewayError).code).toBe('model-not-onnx');
    }
  }

  test('cut off anywhere', () => {
    for (let length = 0; length < whole.length; length++) inspectSafely(whole.subarray(0, length));
  });

  test('bytes changed anywhere', () => {
    const change = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const bytes = whole.slice();
        for (const [index, value] of changes) bytes[index] = value;
        inspectSafely(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  test('any bytes behind a good beginning', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: whole.length }), (tail, cut) => {
        const bytes = new Uint8Array(cut + tail.length);
        bytes.set(whole.subarray(0, cut));
        bytes.set(tail, cut);
        inspectSafely(bytes);
      }),
      { numRuns: 1000 },
    );
  });
});
