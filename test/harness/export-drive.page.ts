/** The browser's half of `export-drive`: draws moments of streets with one renderer. */
import type { DriveLook } from '../../src/drive/options';
import { DriveRenderer } from '../../src/drive/render/renderer';

/** A moment of a street. */
export interface Moment extends DriveLook {
  readonly seed: number;
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
}

let renderer: DriveRenderer | null = null;
/** The street and the look that the renderer has. */
let shown = '';

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

/** Draws a moment. @returns the picture as JPEG and its class ids, both in base64 */
export async function drawMoment({
  seed,
  seconds,
  width,
  height,
  ...look
}: Moment): Promise<[string, string]> {
  const street = JSON.stringify([seed, look]);
  renderer ??= new DriveRenderer(new OffscreenCanvas(width, height), seed, 'normal', look);
  if (shown !== '' && shown !== street) renderer.turnInto(seed, look);
  shown = street;
  const rgba = renderer.readPicture(seconds, width, height);
  const ids = renderer.readIds(seconds, width, height);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 });
  return [base64(new Uint8Array(await blob.arrayBuffer())), base64(ids)];
}
