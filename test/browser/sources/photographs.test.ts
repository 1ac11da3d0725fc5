/** Photographs whose camera noted a turn (EXIF) look as the browser's own `<img>` shows them, mirrored ones too. */
import { expect, test } from 'vitest';
import { PictureSet } from '../../../src/sources/recording/picture-set';

/** A picture of 64 × 32 with a colour in each quarter. */
async function stored(type: string): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(64, 32);
  const context = canvas.getContext('2d')!;
  for (const [colour, x, y] of [
    ['#f00', 0, 0],
    ['#0f0', 32, 0],
    ['#00f', 0, 16],
    ['#fff', 32, 16],
  ] as const) {
    context.fillStyle = colour;
    context.fillRect(x, y, 32, 16);
  }
  return new Uint8Array(await (await canvas.convertToBlob({ type, quality: 1 })).arrayBuffer());
}

/** A TIFF header with one entry: the orientation (EXIF 2.32, tag 0x0112). */
function exif(orientation: number): number[] {
  const tag = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
  return [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, ...tag, 0, 0, 0, 0];
}

async function jpeg(orientation: number): Promise<Blob> {
  const bytes = await stored('image/jpeg');
  const body = [...new TextEncoder().encode('Exif'), 0, 0, ...exif(orientation)];
  const segment = Uint8Array.of(0xff, 0xe1, 0, body.length + 2, ...body);
  return new Blob([bytes.slice(0, 2), segment, bytes.slice(2)], { type: 'image/jpeg' });
}

async function png(orientation: number): Promise<Blob> {
  const bytes = await stored('image/png');
  const body = Uint8Array.of(...new TextEncoder().encode('eXIf'), ...exif(orientation));
  const chunk = new Uint8Array(4 + body.length + 4);
  new DataView(chunk.buffer).setUint32(0, body.length - 4);
  chunk.set(body, 4);
  new DataView(chunk.buffer).setUint32(4 + body.length, crc(body));
  // Behind the header, which is 33 bytes with the signature.
  return new Blob([bytes.slice(0, 33), chunk, bytes.slice(33)], { type: 'image/png' });
}

function crc(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) {
    c ^= byte;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  }
  return (c ^ 0xffffffff) >>> 0;
}

/** Size and the colours of the quarters, as bits of red, green and blue. */
function looks(picture: CanvasImageSource, width: number, height: number): string {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.drawImage(picture, 0, 0, width, height);
  return quarters(context.getImageData(0, 0, width, height).data, width, height);
}

function quarters(rgba: Uint8Array | Uint8ClampedArray, width: number, height: number): string {
  const colours = [0.25, 0.75].flatMap((y) =>
    [0.25, 0.75].map((x) => {
      const at = 4 * (Math.floor(y * height) * width + Math.floor(x * width));
      return [...rgba.slice(at, at + 3)].map((value) => (value > 127 ? 1 : 0)).join('');
    }),
  );
  return `${width}×${height} ${colours.join(' ')}`;
}

test.for([1, 2, 3, 4, 5, 6, 7, 8].flatMap((o) => [['jpeg', o] as const, ['png', o] as const]))(
  '%s, orientation %i',
  async ([kind, orientation]) => {
    const blob = await (kind === 'jpeg' ? jpeg : png)(orientation);
    const image = new Image();
    image.src = URL.createObjectURL(blob);
    await image.decode();
    const shown = looks(image, image.naturalWidth, image.naturalHeight);
    URL.revokeObjectURL(image.src);

    using set = await PictureSet.open([blob]);
    expect(set.info).toMatchObject({ width: image.naturalWidth, height: image.naturalHeight });
    for await (const { frame, rotation } of set.frames(0)) {
      const { displayWidth, displayHeight } = frame;
      expect(rotation).toBe(0);
      expect(looks(frame, displayWidth, displayHeight)).toBe(shown);
      // The pixels as they are stored, which the processor's engine reads.
      const pixels = new Uint8Array(4 * displayWidth * displayHeight);
      await frame.copyTo(pixels, { format: 'RGBA' } as VideoFrameCopyToOptions);
      frame.close();
      expect(quarters(pixels, displayWidth, displayHeight)).toBe(shown);
    }
    // A turn by a quarter really was one: a test that cannot fail tests nothing.
    expect(shown.startsWith(orientation >= 5 ? '32×64' : '64×32')).toBe(true);
  },
);

test('a picture that cannot be read leaves an empty place, and the others keep their numbers', async () => {
  const good = await jpeg(1);
  const broken = new File(['no picture'], 'broken.jpg');
  using set = await PictureSet.open([new File([], 'empty.jpg'), good, broken, good]);
  expect(set.info.notices).toEqual([
    expect.objectContaining({ code: 'picture-unreadable', detail: expect.stringContaining('empty.jpg') }),
  ]);
  const seen: [number, number, boolean][] = [];
  for await (const { frame, seconds, blanks } of set.frames(0)) {
    seen.push([await set.numberAt(seconds), frame.displayWidth, blanks !== undefined]);
    frame.close();
  }
  expect(seen).toEqual([
    [0, 64, true],
    [1, 64, false],
    [2, 64, true],
    [3, 64, false],
  ]);
  await expect(PictureSet.open([broken, broken])).rejects.toMatchObject({
    code: 'source-not-a-video',
    detail: expect.stringContaining('broken.jpg'),
  });
});

test('a picture that lets something through has the same colours for eyes and for the network', async () => {
  const canvas = new OffscreenCanvas(64, 32);
  const context = canvas.getContext('2d')!;
  context.fillStyle = 'rgb(255 200 0 / 40%)';
  context.fillRect(0, 0, 64, 32);
  using set = await PictureSet.open([await canvas.convertToBlob({ type: 'image/png' })]);
  for await (const { frame } of set.frames(0)) {
    const shown = new OffscreenCanvas(64, 32).getContext('2d', { alpha: false })!;
    shown.drawImage(frame, 0, 0);
    const pixels = new Uint8Array(4 * 64 * 32);
    await frame.copyTo(pixels, { format: 'RGBA' } as VideoFrameCopyToOptions);
    frame.close();
    expect([...pixels.slice(0, 3)]).toEqual([...shown.getImageData(0, 0, 1, 1).data.slice(0, 3)]);
    expect(pixels[0]).toBeLessThan(110);
  }
});

test('of a picture that moves the first is shown, and that is said', async () => {
  // A red picture of one pixel and a blue one, a fifth of a second each.
  const moving = (colour: number): number[] => [0x21, 0xf9, 4, 0, 20, 0, 0, 0, ...plain(colour)];
  const plain = (colour: number): number[] => [
    0x2c,
    0,
    0,
    0,
    0,
    1,
    0,
    1,
    0,
    0,
    2,
    2,
    0x44 | (colour << 3),
    1,
    0,
  ];
  const head = [...new TextEncoder().encode('GIF89a'), 1, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255];
  const gif = Uint8Array.from([...head, ...moving(0), ...moving(1), 0x3b]);
  using set = await PictureSet.open([await png(1), new File([gif], 'a.gif')]);
  expect(set.info.notices).toEqual([expect.objectContaining({ code: 'picture-moves', detail: 'a.gif' })]);
  for await (const { frame, blanks } of set.frames(1)) {
    expect(blanks).toBeUndefined();
    const shown = new OffscreenCanvas(1, 1).getContext('2d')!;
    shown.drawImage(frame, 0, 0);
    frame.close();
    expect([...shown.getImageData(0, 0, 1, 1).data]).toEqual([255, 0, 0, 255]);
  }
});

test('a picture that says it is larger than is shown is refused before it is unpacked', async () => {
  const bytes = new Uint8Array(await (await png(1)).arrayBuffer());
  new DataView(bytes.buffer).setUint32(16, 20_000);
  // Its rows are not there: who decodes it would call it damaged.
  await expect(PictureSet.open([new File([bytes], 'wide.png')])).rejects.toMatchObject({
    code: 'source-too-large',
    detail: 'wide.png: 20000 × 32',
  });
});
