/** Reads the generated clips and their frames in browser tests. */
import { inject, type TestContext } from 'vitest';
import type { FrameReader, TimedFrame } from '../../../src/media/timed-frame';

declare module 'vitest' {
  interface ProvidedContext {
    /** Why clips are missing, by name; `ffmpeg` when none could be made. */
    mediaFailures: Record<string, string>;
  }
}

/** A generated clip; skips the test, with the reason, where the clip could not be made. */
export async function clip(context: TestContext, name: string): Promise<Blob> {
  const failures = inject('mediaFailures');
  const reason = failures.ffmpeg ?? failures[name];
  if (reason) context.skip(reason);
  const response = await fetch(`/test/fixtures/generated/${name}`);
  if (!response.ok) throw new Error(`${name}: HTTP ${response.status}`);
  return response.blob();
}

/** Average colour, 0 to 255 per channel, of a small patch; x and y are fractions of the upright picture. */
export type Probe = (x: number, y: number) => [number, number, number];

/** Draws a frame upright and reads it: what a viewer must see. Closes the frame. */
export function look(timed: TimedFrame): { width: number; height: number; at: Probe } {
  const { frame, rotation } = timed;
  const turned = rotation % 180 !== 0;
  const [stored, across] = [frame.displayWidth, frame.displayHeight];
  const [width, height] = turned ? [across, stored] : [stored, across];
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.translate(width / 2, height / 2);
  context.rotate((rotation * Math.PI) / 180);
  context.drawImage(frame, -stored / 2, -across / 2, stored, across);
  frame.close();
  const at: Probe = (x, y) => {
    const { data } = context.getImageData(Math.round(x * width) - 2, Math.round(y * height) - 2, 4, 4);
    const sum = [0, 0, 0] as [number, number, number];
    for (let i = 0; i < data.length; i++) if (i % 4 < 3) sum[i % 4]! += data[i]! / 16;
    return sum;
  };
  return { width, height, at };
}

/** Colours of the four quarters, clockwise from the top left, in words. */
export function corners(at: Probe): string {
  return [at(0.25, 0.15), at(0.75, 0.15), at(0.75, 0.85), at(0.25, 0.85)].map(nameOf).join(' ');
}

function nameOf([red, green, blue]: [number, number, number]): string {
  const word = [red, green, blue].map((value) => (value > 170 ? '1' : value < 85 ? '0' : '?')).join('');
  return { '100': 'red', '010': 'green', '001': 'blue', '111': 'white' }[word] ?? word;
}

/** Number of the frame, read from the grey of its middle band (luma 16 + 4 n in studio range). */
export function frameNumber(at: Probe): number {
  const [red, green, blue] = at(0.5, 0.5);
  return Math.round((((red + green + blue) / 3) * 219) / 255 / 4);
}

/** Reads frames until `enough` says so or the source ends; closes them all and returns what was seen. */
export async function readWhile<T>(
  reader: FrameReader,
  see: (frame: TimedFrame) => T,
  goOn: (seen: readonly T[]) => boolean,
): Promise<T[]> {
  const seen: T[] = [];
  while (goOn(seen)) {
    const frame = await reader.read();
    if (!frame) break;
    try {
      seen.push(see(frame));
    } finally {
      frame.frame.close();
    }
  }
  return seen;
}

/** Number of the frame of a `code` clip, from the eight bars of its left half. */
export function codeNumber(at: Probe): number {
  let number = 0;
  for (let k = 0; k < 8; k++) {
    const [red, , blue] = at((k + 0.5) / 16, 0.5);
    if (red > blue) number |= 1 << k;
  }
  return number;
}
