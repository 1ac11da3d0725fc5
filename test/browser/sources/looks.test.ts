/** A recording looks as the browser's own player shows it: colours, sizes, and what is said of its sound. */
import { describe, expect, type TestContext, test } from 'vitest';
import { VideoFile } from '../../../src/sources/recording/video-file';
import { clip } from './clips';

/** What a frame says of its colours, and a few of its pixels. */
function seen(frame: VideoFrame, picture: CanvasImageSource = frame): { colours: string; pixels: number[] } {
  const { displayWidth: width, displayHeight: height, colorSpace } = frame;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.drawImage(picture, 0, 0, width, height);
  const places = [0.25, 0.75].flatMap((x) => [0.2, 0.8].map((y) => [x, y] as const));
  const pixels = places.flatMap(([x, y]) => [
    ...context.getImageData(Math.floor(x * width), Math.floor(y * height), 1, 1).data.slice(0, 3),
  ]);
  const { primaries, transfer, matrix, fullRange } = colorSpace;
  return { colours: [primaries, transfer, matrix, fullRange].join(' '), pixels };
}

async function byVideoElement(blob: Blob): Promise<ReturnType<typeof seen>> {
  const video = document.createElement('video');
  video.muted = true;
  video.src = URL.createObjectURL(blob);
  const shown = new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  await video.play();
  await shown;
  video.pause();
  const frame = new VideoFrame(video);
  try {
    return seen(frame, video);
  } finally {
    frame.close();
    URL.revokeObjectURL(video.src);
  }
}

async function byUs(blob: Blob): Promise<ReturnType<typeof seen>> {
  using file = await VideoFile.open(blob);
  for await (const { frame } of file.frames(0)) {
    try {
      return seen(frame);
    } finally {
      frame.close();
    }
  }
  throw new Error('no frame');
}

describe('colours are those of <video>', () => {
  test.for([
    'h264.mp4',
    'untagged-sd.mp4',
    'untagged-hd.mp4',
    'untagged-tall.mp4',
    'untagged-full.mp4',
    'matrix-alone-sd.mp4',
    'matrix-alone-hd.mp4',
    'untagged-vp8.webm',
    'untagged-vp9.webm',
  ])('%s', async (name, context) => {
    const blob = await clip(context, name);
    const [theirs, ours] = [await byVideoElement(blob), await byUs(blob)];
    expect(ours.colours).toBe(theirs.colours);
    // A wrong matrix is off by 20 and more; colours outside of the screen’s are cut off in two ways.
    for (const [i, value] of ours.pixels.entries())
      expect(Math.abs(value - theirs.pixels[i]!), `channel ${i}`).toBeLessThanOrEqual(16);
  });

  test('a transport stream, which <video> does not open, looks like the same pictures in an MP4', async (context) => {
    const theirs = await byVideoElement(await clip(context, 'untagged-sd.mp4'));
    expect((await byUs(await clip(context, 'untagged-sd.mpegts'))).colours).toBe(theirs.colours);
  });
});

describe('sizes belong to a frame', () => {
  test('interlaced pictures have all their rows', async (context) => {
    using file = await VideoFile.open(await clip(context, 'interlaced.m2ts'));
    expect(file.info).toMatchObject({ width: 480, height: 272 });
    for await (const { frame } of file.frames(0)) {
      const { displayWidth, displayHeight } = frame;
      frame.close();
      expect([displayWidth, displayHeight]).toEqual([480, 272]);
    }
  });

  test('pixels that become wider in the middle widen the pictures from there on', async (context) => {
    using file = await VideoFile.open(await clip(context, 'aspect-changes.mpegts'));
    const widths: number[] = [];
    for await (const { frame } of file.frames(0)) {
      widths.push(frame.displayWidth);
      frame.close();
    }
    expect(widths).toEqual([...Array(24).fill(320), ...Array(24).fill(427)]);
  });

  test.for(['turned.mpegts', 'turned.webm'])('%s: first lying, then standing', async (name, context) => {
    using file = await VideoFile.open(await clip(context, name));
    const sizes: string[] = [];
    for await (const { frame } of file.frames(0)) {
      sizes.push(`${frame.displayWidth}×${frame.displayHeight}`);
      frame.close();
    }
    expect(sizes).toEqual([...Array(24).fill('320×64'), ...Array(24).fill('64×320')]);
    expect(file.info.notices).toBeUndefined();
  });
});

describe('sound that is not played is said', () => {
  const silent = async (context: TestContext, name: string): Promise<string | undefined> => {
    using file = await VideoFile.open(await clip(context, name));
    return file.info.notices?.find(({ code }) => code === 'sound-not-played')?.detail;
  };

  test.for([
    ['adpcm.mov', 'ima4'],
    ['adpcm.mkv', 'IMA ADPCM'],
    ['ac3.mpegts', 'ac3 in a transport stream'],
  ] as const)('%s: %s', async ([name, said], context) => {
    expect(await silent(context, name)).toBe(said);
  });

  test.for(['alaw.mkv', 'mulaw.mov', 'h264-audio.mov', 'h264.mp4'])(
    'of %s there is nothing to say',
    async (name, context) => {
      expect(await silent(context, name)).toBeUndefined();
    },
  );
});
