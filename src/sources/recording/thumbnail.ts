/** Small pictures out of a recording, for filmstrips and previews. */
import { CarriagewayError } from '../../errors';
import type { Recording } from './recording';

/**
 * The picture shown at a time, upright.
 * @param width pixels; the height follows
 * @param camera of several the one that took it
 * @throws CarriagewayError `source-truncated` when there is none
 */
export async function thumbnailOf(
  file: Recording,
  seconds: number,
  width: number,
  camera?: number,
): Promise<ImageBitmap> {
  for await (const { frame, rotation } of file.frames(seconds, camera)) {
    try {
      return drawn(frame, rotation, file.info.cameras?.[camera ?? -1] ?? file.info, width);
    } finally {
      frame.close();
    }
  }
  throw new CarriagewayError('source-truncated', `no picture at ${seconds.toFixed(2)} s`);
}

function drawn(
  frame: VideoFrame,
  rotation: number,
  upright: { readonly width: number; readonly height: number },
  width: number,
): ImageBitmap {
  const height = Math.max(1, Math.round((width * upright.height) / upright.width));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('No 2D canvas for a thumbnail.');
  context.translate(width / 2, height / 2);
  context.rotate((rotation * Math.PI) / 180);
  const [across, down] = rotation % 180 === 0 ? [width, height] : [height, width];
  context.drawImage(frame, -across / 2, -down / 2, across, down);
  return canvas.transferToImageBitmap();
}
