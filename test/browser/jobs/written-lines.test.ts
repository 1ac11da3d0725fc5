/** Figures in pictures of all shapes: on their plate, and within the picture. */
import { expect, test } from 'vitest';
import { writeLines } from '../../../src/jobs/written-lines';

const LINES = [
  ...['83.500 s', 'drivable 31 %', 'confidence 88 %', '112 km/h', 'heading 214° SW', 'steering −12°'],
  ...['brake off', '52.51630° N, 13.37770° E'],
];

test.for([
  [1920, 1080, 8],
  [640, 360, 8],
  [320, 180, 8],
  [1080, 1920, 8],
  [108, 192, 8],
  [160, 90, 8],
  [2560, 400, 8],
  [640, 360, 1],
] as const)('%d × %d, %d lines', ([width, height, count]) => {
  const lines = LINES.slice(-count);
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = '#808080';
  context.fillRect(0, 0, width, height);
  writeLines(context, { width, height }, lines);
  const { data } = context.getImageData(0, 0, width, height);
  const box = { left: width, top: height, right: -1, bottom: -1 };
  let text = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const grey = data[(y * width + x) * 4]!;
      if (grey > 160) text++;
      if (grey === 128) continue;
      Object.assign(box, {
        left: Math.min(box.left, x),
        top: Math.min(box.top, y),
        right: Math.max(box.right, x),
        bottom: Math.max(box.bottom, y),
      });
    }
  expect(text).toBeGreaterThan(10);
  // A margin on every side: nothing is cut off.
  expect(box.left).toBeGreaterThanOrEqual(0);
  expect(box.right).toBeLessThan(width - 1);
  expect(box.bottom).toBeLessThan(height - 1);
  // Beside the plate's letters its corners are dark.
  const corner = data[((box.bottom - 1) * width + box.right - 1) * 4]!;
  expect(corner).toBeLessThan(80);
});
