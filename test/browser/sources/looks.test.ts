/** A recording looks as the browser's own player shows it: colours, sizes, and what is said of its sound. */
import { describe, expect, type TestContext, test } from 'vitest';
import { VideoFile } from '../../../src/sources/recording/video-file';
import { clip } from './clips';

/** What a frame says of its colours, and a few of its pixels. */
function seen(
  frame: VideoFrame,
  video?: HTMLVideoElement,
): { colours: string; pixels: number[]; size: string } {
  const { colorSpace } = frame;
  const picture = video ?? frame;
  const [width, height] = video
    ? [video.videoWidth, video.videoHeight]
    : [frame.displayWidth, frame.displayHeight];
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.drawImage(picture, 0, 0, width, height);
  const places = [0.25, 0.75].flatMap((x) => [0.2, 0.8].map((y) => [x, y] as const));
  const pixels = places.flatMap(([x, y]) => [
    ...context.getImageData(Math.floor(x * width), Math.floor(y * height), 1, 1).data.slice(0, 3),
  ]);
  const { primaries, transfer, matrix, fullRange } = colorSpace;
  return { colours: [primaries, transfer, matrix, fullRange].join(' '), pixels, size: `${width}×${height}` };
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

/** A clip with some of its bytes set anew, from a mark on. */
async function changed(blob: Blob, mark: string, behind: number, words: readonly number[]): Promise<Blob> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const at = new TextDecoder('latin1').decode(bytes).indexOf(mark) + behind;
  for (const [i, word] of words.entries()) new DataView(bytes.buffer).setInt32(at + 4 * i, word);
  return new Blob([bytes], { type: 'video/mp4' });
}

describe('mirrors and pixel aspects are those of <video>', () => {
  const expectAlike = async (blob: Blob): Promise<void> => {
    const theirs = await byVideoElement(blob);
    using file = await VideoFile.open(blob);
    const { width, height } = file.info;
    for await (const { frame, rotation } of file.frames(0)) {
      try {
        expect(rotation).toBe(0);
        expect([frame.displayWidth, frame.displayHeight]).toEqual([width, height]);
        const ours = seen(frame);
        expect(ours.size).toBe(theirs.size);
        for (const [i, value] of ours.pixels.entries())
          expect(Math.abs(value - theirs.pixels[i]!), `channel ${i}`).toBeLessThanOrEqual(16);
      } finally {
        frame.close();
      }
      return;
    }
  };

  test.for([
    ['from left to right', [-1, 0, 0, 0, 1]],
    ['upside down', [1, 0, 0, 0, -1]],
    ['after a quarter turn', [0, 1, 0, 1, 0]],
    ['after another', [0, -1, 0, -1, 0]],
  ] as const)('mirrored %s', async ([, matrix], context) => {
    // Behind the type of the track header: 40 bytes in version 0 (ISO/IEC 14496-12, 8.3.2).
    const ones = matrix.map((value) => value * 0x10000);
    await expectAlike(await changed(await clip(context, 'h264.mp4'), 'tkhd', 44, ones));
  });

  test('a container that says that pixels are square counts before pictures that say otherwise', async (context) => {
    const wide = await clip(context, 'wide-pixels.mp4');
    await expectAlike(await changed(wide, 'pasp', 4, [1, 1]));
    // `free`: it says nothing, and the pictures count.
    const silent = await changed(wide, 'pasp', 0, [0x66726565]);
    await expectAlike(silent);
    using file = await VideoFile.open(silent);
    expect(file.info.width).toBe(213);
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
    ['mp2.mp4', 'mp2'],
    ['two-sounds.mp4', 'ac3'],
  ] as const)('%s: %s', async ([name, said], context) => {
    expect(await silent(context, name)).toBe(said);
  });

  test('a second track that could be played', async (context) => {
    using file = await VideoFile.open(await clip(context, 'played-sounds.mkv'));
    expect(file.info.notices).toEqual([
      expect.objectContaining({ code: 'source-other-sounds', detail: 'Inside, ger, opus' }),
    ]);
  });

  test.for(['alaw.mkv', 'mulaw.mov', 'big-endian.mov', 'h264-audio.mov', 'h264.mp4'])(
    'of %s there is nothing to say',
    async (name, context) => {
      expect(await silent(context, name)).toBeUndefined();
    },
  );
});
