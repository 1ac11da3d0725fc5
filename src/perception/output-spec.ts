/**
 * What pre- and postprocessing need to know of one network and one picture, worked out once from the manifest.
 */

import type { Size } from '../media/size';
import type { ModelManifest } from '../model/manifest';
import { isDrivableRole, MASK_CLASSES_MAX, UNDECIDED_CLASS } from '../taxonomy/class-list';
import { type AxisMap, axisMap, contentRect } from './geometry';

/** How the scores of the network lie in memory and what its channels mean. */
export interface OutputSpec {
  /** Numbers for each pixel of the output; 1 where it holds ids. */
  readonly channels: number;
  readonly width: number;
  readonly height: number;
  readonly layout: 'NCHW' | 'NHWC';
  readonly activation: ModelManifest['output']['activation'];
  /** Number of classes a mask can hold, and so of probabilities for each pixel. */
  readonly classes: number;
  /** Class of each channel (of each id, where the output holds ids); `UNDECIDED_CLASS` beyond what a mask can hold. */
  readonly classOfChannel: Uint8Array;
  /** For each class 1 where it is drivable, else 0. */
  readonly drivable: Uint8Array;
  /** Values of the smoothed state for each pixel: see `stateSlots`. */
  readonly slots: number;
  /** Least probability that makes a class: one half where each class stands for itself, else 0. */
  readonly floor: number;
}

/**
 * Values of the state for each pixel: the classes' probabilities and at least one more, in whole vectors of four. The
 * rest is zero; all of it is ones where nothing is known yet, which no distribution is near.
 */
function stateSlots(classes: number): number {
  return 4 * Math.ceil((classes + 1) / 4);
}

/**
 * Most bytes of the smoothed probabilities of one mask: what every WebGPU device binds as one buffer (W3C, WebGPU,
 * `maxStorageBufferBindingSize`). Thirteen classes fit at four million pixels, a hundred and fifty at 440,000.
 */
const STATE_BYTES_MAX = 128 * 1024 * 1024;

/** The largest mask of the same shape, no larger than `mask`, whose probabilities fit into memory for so many classes. */
export function fittingMask({ width, height }: Size, classes: number): Size {
  const pixels = STATE_BYTES_MAX / (2 * stateSlots(Math.min(classes, MASK_CLASSES_MAX)));
  const scale = Math.min(1, Math.sqrt(pixels / (width * height)));
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
}

/** The output part of a manifest with its class list resolved. */
export function outputSpec(manifest: ModelManifest): OutputSpec {
  const { width, height, layout, activation } = manifest.output;
  const classes = Math.min(manifest.classes.length, MASK_CLASSES_MAX);
  return {
    channels: activation === 'ids' ? 1 : manifest.channels.length,
    width,
    height,
    layout,
    activation,
    classes,
    classOfChannel: Uint8Array.from(manifest.channels, (id) => (id < classes ? id : UNDECIDED_CLASS)),
    drivable: Uint8Array.from({ length: classes }, (_, id) =>
      isDrivableRole(manifest.classes[id]?.role ?? null) ? 1 : 0,
    ),
    slots: stateSlots(classes),
    floor: standsAlone(activation) ? 0.5 : 0,
  };
}

/** Whether each class is told for itself, and not against the others. */
export function standsAlone(activation: OutputSpec['activation']): boolean {
  return activation === 'sigmoid' || activation === 'logits';
}

/** Whether channel k means class k, all of them. */
export function isIdentity(spec: OutputSpec): boolean {
  return spec.channels === spec.classes && spec.classOfChannel.every((id, channel) => id === channel);
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
