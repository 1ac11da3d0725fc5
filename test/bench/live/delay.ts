/**
 * How much later a tile of the dashboard shows a picture than a plain `<video>` does: both show the same track on the
 * same page, and the number of the frame stands in the picture.
 */
import type { Page } from 'playwright';
import { ToolError } from '../tool-error.ts';
import { openDashboard } from './tiles.ts';
import { CLIP, CODE, Vehicles } from './vehicles.ts';

/** Milliseconds between two looks: the page has more to do than to be looked at. */
const LOOK_INTERVAL = 50;

/** Looks that make a mean, and the longest wait for them in milliseconds: where a program draws, a look may take one. */
const ENOUGH = 20;
const LIMIT = 90_000;

/** Shows the dashboard's tracks in plain videos, too: the page reads them through this one class. */
function showTracksPlainly(): void {
  type Processor = new (init: { track: MediaStreamTrack }) => object;
  const holder = globalThis as unknown as { MediaStreamTrackProcessor: Processor };
  const Original = holder.MediaStreamTrackProcessor;
  holder.MediaStreamTrackProcessor = class extends Original {
    constructor(init: { track: MediaStreamTrack }) {
      super(init);
      const video = document.createElement('video');
      video.dataset.plain = '';
      video.muted = true;
      video.srcObject = new MediaStream([init.track.clone()]);
      video.style.cssText = 'position: fixed; right: 0; bottom: 0; width: 160px; z-index: 9';
      document.body.append(video);
      void video.play();
    }
  };
}

/** Looks at both for a while, on the page. @returns what the video was ahead by, in frames, at each look */
async function lookAtBoth(job: {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly codeHeight: number;
  readonly frames: number;
  readonly milliseconds: number;
  readonly enough: number;
  readonly limit: number;
  readonly interval: number;
}): Promise<number[]> {
  const { width, height, bits, codeHeight, frames, interval } = job;
  const video = document.querySelector<HTMLVideoElement>('video[data-plain]')!;
  const context = new OffscreenCanvas(bits * 4, 1).getContext('2d', { willReadFrequently: true })!;
  context.imageSmoothingEnabled = false;
  /** Reads the number; null where a bar is neither dark nor light. */
  const read = (source: HTMLVideoElement | HTMLCanvasElement, w: number, h: number): number | null => {
    const scale = Math.min(w / width, h / height);
    const [x, y] = [(w - width * scale) / 2, (h - height * scale) / 2];
    const middle = y + (codeHeight * scale) / 2;
    // All bars in one copy, four pixels each: a copy of what a GPU drew is dear.
    context.drawImage(source, x, middle, width * scale, 2, 0, 0, bits * 4, 1);
    const { data } = context.getImageData(0, 0, bits * 4, 1);
    let code = 0;
    for (let bit = 0; bit < bits; bit++) {
      const luma = data[(bit * 4 + 2) * 4 + 1]!;
      if (luma > 80 && luma < 175) return null;
      if (luma > 127) code |= 1 << bit;
    }
    return code;
  };
  const ahead: number[] = [];
  const began = performance.now();
  for (let passed = 0; passed < job.milliseconds || ahead.length < job.enough; ) {
    passed = performance.now() - began;
    if (passed > job.limit) break;
    await new Promise((resolve) => setTimeout(resolve, interval));
    const canvas = document.querySelector<HTMLCanvasElement>('[data-testid="tile"] canvas');
    if (!canvas || video.videoWidth === 0) continue;
    const plain = read(video, video.videoWidth, video.videoHeight);
    const tile = read(canvas, canvas.width, canvas.height);
    if (plain === null || tile === null) continue;
    // The clip begins again now and then.
    const apart = ((plain - tile + frames * 1.5) % frames) - frames / 2;
    if (Math.abs(apart) < frames / 4) ahead.push(apart);
  }
  return ahead;
}

/**
 * Measures the delay.
 * @returns mean of the looks, in frames of the clip
 */
export async function measureDelay(page: Page, url: string, look: string, seconds: number): Promise<number> {
  using _vehicles = await Vehicles.enter(url, 'delay', 1);
  // What compiles this file marks functions with a helper of its own, which the page lacks.
  await page.addInitScript({ content: 'globalThis.__name = (each) => each;' });
  await page.addInitScript(showTracksPlainly);
  await openDashboard(page, url, 'delay', look, 1);
  // The network goes on, but does not paint over the number.
  await page.getByTestId('tile').press('m');
  await page.waitForTimeout(2000);
  const ahead = await page.evaluate(lookAtBoth, {
    width: CLIP.width,
    height: CLIP.height,
    bits: CODE.bits,
    codeHeight: CODE.height,
    frames: CLIP.rate * CLIP.seconds,
    milliseconds: seconds * 1000,
    enough: ENOUGH,
    limit: LIMIT,
    interval: LOOK_INTERVAL,
  });
  if (ahead.length < ENOUGH)
    throw new ToolError(
      `The numbers of the frames could be read ${ahead.length} times only; this machine is too busy.`,
    );
  return ahead.reduce((sum, frames) => sum + frames, 0) / ahead.length;
}
