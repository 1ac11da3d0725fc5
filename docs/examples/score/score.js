// Scores a data set: pictures, and label maps (PNG, the grey of a pixel is the id of its class; 255 is not scored).
// set.json: [{ "picture": "images/1.jpg", "labels": "labels/1.png" }, …]
import { CLASSES, createStage } from './carriageway/index.js';

const out = document.getElementById('figures');
const set = await (await fetch('./set.json')).json();

/** The pixels of a picture, scaled to a size without mixing neighbours. */
async function greyOf(url, width, height) {
  const picture = await createImageBitmap(await (await fetch(url)).blob(), { colorSpaceConversion: 'none' });
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.imageSmoothingEnabled = false;
  context.drawImage(picture, 0, 0, width, height);
  picture.close();
  const { data } = context.getImageData(0, 0, width, height);
  return Uint8Array.from({ length: width * height }, (_, i) => data[4 * i]);
}

/** A stream that gives one picture and waits. */
async function frameOf(url) {
  const picture = await createImageBitmap(await (await fetch(url)).blob());
  const frame = new VideoFrame(picture, { timestamp: 0 });
  picture.close();
  return new ReadableStream({ start: (controller) => controller.enqueue(frame) });
}

const hit = new Float64Array(256);
const either = new Float64Array(256);
const road = await createStage({ base: './carriageway/' });
road.view.on('notice', ({ message, detail }) => console.warn(message, detail));
for (const { picture, labels } of set) {
  const next = new Promise((resolve) => {
    const stop = road.view.on('mask', (mask) => {
      stop();
      resolve(mask);
    });
  });
  // A picture of its own: nothing is smoothed over from the one before.
  await road.view.play(await frameOf(picture));
  const { classes, width, height } = await next;
  const truth = await greyOf(labels, width, height);
  classes.forEach((seen, i) => {
    if (truth[i] === 255) return;
    either[seen]++;
    if (seen === truth[i]) hit[seen]++;
    else either[truth[i]]++;
  });
  await road.view.stop();
}
const scores = CLASSES.map(({ id, name }) => ({ name, iou: either[id] > 0 ? hit[id] / either[id] : null }));
const there = scores.filter(({ iou }) => iou !== null);
const mean = there.reduce((sum, { iou }) => sum + iou, 0) / there.length;
const lines = there.map(({ name, iou }) => `${name} ${(100 * iou).toFixed(1)}`);
out.textContent = `${set.length} pictures, mIoU ${(100 * mean).toFixed(1)} %\n${lines.join('\n')}`;
await road[Symbol.asyncDispose]();
