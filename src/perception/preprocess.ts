/** What goes into the network: stored pixels, and where a value lies in the tensor. */
import type { Size } from '../media/size';
import type { ModelManifest } from '../model/manifest';

/** Pixels as stored: RGBA, eight bits each, row-major, not yet turned upright. */
export interface StoredPixels {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  /** Size at which the stored picture is to be seen, where its pixels are not square. */
  readonly display?: Size;
}

/** The input part of a manifest. */
export type InputSpec = ModelManifest['input'];

/**
 * Offset in the tensor of channel `channel` at pixel (x, y) of the network's input.
 */
export function inputIndex(input: InputSpec, channel: number, x: number, y: number): number {
  return input.layout === 'NCHW'
    ? (channel * input.height + y) * input.width + x
    : (y * input.width + x) * 3 + channel;
}
