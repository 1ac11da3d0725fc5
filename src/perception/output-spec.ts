/**
 * What pre- and postprocessing need to know of one network and one picture, worked out once from the manifest.
 */

import type { Size } from '../media/size';
import type { ModelManifest } from '../model/manifest';
import { CLASS_COUNT, classIdOf, VOID_CLASS } from '../taxonomy/classes';
import { type AxisMap, axisMap, contentRect } from './geometry';

/** How the scores of the network lie in memory and what its channels mean. */
export interface OutputSpec {
  readonly channels: number;
  readonly width: number;
  readonly height: number;
  readonly layout: 'NCHW' | 'NHWC';
  readonly activation: 'none' | 'softmax';
  /** Class id of each channel; 255 for one without a counterpart in the taxonomy. */
  readonly classOfChannel: Uint8Array;
}

/** The output part of a manifest with its class list resolved. Names the taxonomy does not know count as null. */
export function outputSpec(manifest: ModelManifest): OutputSpec {
  const { width, height, layout, activation } = manifest.output;
  const classOfChannel = Uint8Array.from(manifest.classes, (name) =>
    name === null ? VOID_CLASS : (classIdOf(name) ?? VOID_CLASS),
  );
  return { channels: classOfChannel.length, width, height, layout, activation, classOfChannel };
}

/** Whether channel k means class k, all of them: the networks of the house. */
export function isIdentity(spec: OutputSpec): boolean {
  return spec.channels === CLASS_COUNT && spec.classOfChannel.every((id, channel) => id === channel);
}

/** Distances between neighbours in the scores: index = channel · `channel` + y · `row` + x · `column`. */
export function scoreStrides(spec: OutputSpec): { channel: number; row: number; column: number } {
  return spec.layout === 'NCHW'
    ? { channel: spec.width * spec.height, row: spec.width, column: 1 }
    : { channel: 1, row: spec.width * spec.channels, column: spec.channels };
}

/** How mask pixels fall on the network's output for one picture: letterbox padding is left out. */
export interface MaskMap {
  readonly x: AxisMap;
  readonly y: AxisMap;
}

/**
 * @param picture upright size of the frame
 * @param mask size of the mask in pixels, covering the whole picture
 */
export function maskMap(manifest: ModelManifest, picture: Size, mask: Size): MaskMap {
  const { input, output } = manifest;
  const content = contentRect(input, picture);
  return {
    x: axisMap(mask.width, content.x, content.width, input.width, output.width),
    y: axisMap(mask.height, content.y, content.height, input.height, output.height),
  };
}
