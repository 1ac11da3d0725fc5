/**
 * Whether a session is the network its manifest describes. Asked once, before the first run, so that a wrong manifest
 * is a sentence and not a crash in a kernel.
 */
import type { InferenceSession } from 'onnxruntime-web';
import { CarriagewayError } from '../errors';
import type { ModelManifest } from '../model/manifest';
import { isReadable } from './resolve-output';

/** Shape of the image input. */
export function inputShape(manifest: ModelManifest): number[] {
  const { layout, width, height, batch } = manifest.input;
  return layout === 'NCHW' ? [batch, 3, height, width] : [batch, height, width, 3];
}

function refuse(detail: string): never {
  throw new CarriagewayError('model-load-failed', detail);
}

function tensorOf(
  list: readonly InferenceSession.ValueMetadata[],
  name: string,
  role: string,
): InferenceSession.TensorValueMetadata {
  const found = list.find((value) => value.name === name);
  if (!found?.isTensor) refuse(`the network has no ${role} called "${name}"`);
  return found;
}

/** Whether a declared shape can hold `wanted`: symbolic dimensions hold anything. */
function fits(shape: readonly (number | string)[], wanted: readonly number[]): boolean {
  if (shape.length === 0) return true;
  if (shape.length !== wanted.length) return false;
  // Exporters write a free dimension as a name, as 0 or as −1.
  return shape.every((d, i) => typeof d === 'string' || d <= 0 || d === wanted[i]);
}

/**
 * Compares names, types and declared shapes.
 * @returns the shape in which the gate is to be fed, empty when the network has none
 * @throws CarriagewayError `model-load-failed`; the detail names the first difference
 */
export function checkSession(
  session: Pick<InferenceSession, 'inputMetadata' | 'outputMetadata'>,
  manifest: ModelManifest,
): { readonly gateShape: readonly number[] } {
  const image = tensorOf(session.inputMetadata, manifest.input.name, 'input');
  const shape = inputShape(manifest);
  if (!fits(image.shape, shape))
    refuse(`input "${image.name}" is ${image.shape.join(' × ')}, not ${shape.join(' × ')}`);
  if (image.type !== 'float32') refuse(`input "${image.name}" is ${image.type}, not float32`);
  const output = tensorOf(session.outputMetadata, manifest.output.name, 'output');
  if (!isReadable(output.type, manifest.output))
    refuse(`output "${output.name}" is ${output.type}, not float32`);
  const expected = manifest.gate ? 2 : 1;
  if (session.inputMetadata.length !== expected)
    refuse(`the network has ${session.inputMetadata.length} inputs, its manifest ${expected}`);
  if (!manifest.gate) return { gateShape: [] };
  const gate = tensorOf(session.inputMetadata, manifest.gate.name, 'input');
  const numeric = gate.shape.map((d) => (typeof d === 'number' && d > 0 ? d : 1));
  const levels = manifest.gate.levels.length;
  const gateShape = numeric.reduce((a, b) => a * b, 1) === levels ? numeric : [levels];
  if (!fits(gate.shape, gateShape)) refuse(`input "${gate.name}" does not hold ${levels} levels`);
  return { gateShape };
}
