/** What a dropped ONNX file says of itself. Apart from the questions, since most visits bring no file. */
import { CarriagewayError } from '../errors';
import type { ByoDraft } from './byo';
import { batchOf, findInputs, findOutputs } from './byo-graph';
import { sha256Hex } from './integrity';
import { inspectOnnx, readModelFile } from './onnx-inspect';
import { namesInMetadata } from './presets';

/**
 * Reads a dropped file.
 * @returns what is known of it, and its bytes, which a `ModelRequest` of kind `file` takes
 * @throws CarriagewayError `model-too-large` (before anything is read), `model-not-onnx`, `model-not-segmentation`
 *   with what is missing in the detail
 */
export async function draftFromFile(
  file: Blob,
  fileName: string,
): Promise<{ draft: ByoDraft; bytes: ArrayBuffer }> {
  const bytes = await readModelFile(file);
  const graph = inspectOnnx(new Uint8Array(bytes));
  const refuse = (detail: string) => new CarriagewayError('model-not-segmentation', detail);
  if (graph.externalData) throw refuse('its weights lie in another file; export it as a single file');
  const { image, gate } = findInputs(graph);
  const draft: ByoDraft = {
    fileName,
    bytes: bytes.byteLength,
    sha256: await sha256Hex(bytes),
    precision: graph.halfPrecision ? 'fp16' : 'fp32',
    image,
    gate,
    outputs: findOutputs(graph, image),
    batch: batchOf(graph, image),
    names: namesInMetadata(graph.metadata),
  };
  return { draft, bytes };
}
