/** The size of pictures, and whether they move, by the first bytes of their files alone. */
import { expect, test } from 'vitest';
import { pictureHead } from '../../../src/sources/recording/picture-head';
import { encodePng } from '../../fixtures/png';

const latin = (text: string): number[] => [...text].map((each) => each.charCodeAt(0));
const blob = (...parts: (string | readonly number[])[]): Blob =>
  new Blob([Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? latin(part) : part)))]);
const png = (extra: [string, Uint8Array][] = []): Blob =>
  new Blob([new Uint8Array(encodePng(new Uint8Array(6), { width: 3, height: 2, colour: 0, extra }))]);
const size = (width: number, height: number) => ({ width, height });
const app = [0xff, 0xe1, 0, 6, 1, 2, 3, 4];

test.for([
  ['PNG', png(), size(3, 2), false],
  ['PNG that moves', png([['acTL', new Uint8Array(8)]]), size(3, 2), true],
  ['GIF', blob('GIF89a', [44, 1, 2, 0, 0, 0, 0]), size(300, 2), false],
  [
    'GIF that moves',
    blob('GIF89a', [44, 1, 2, 0, 0, 0, 0], '!\xf9\x04', [0, 20, 0, 0, 0]),
    size(300, 2),
    true,
  ],
  [
    'GIF that stands',
    blob('GIF89a', [44, 1, 2, 0, 0, 0, 0], '!\xf9\x04', [0, 0, 0, 0, 0]),
    size(300, 2),
    false,
  ],
  ['GIF that repeats', blob('GIF89a', [44, 1, 2, 0, 0, 0, 0], 'NETSCAPE2.0'), size(300, 2), true],
  ['WebP', blob('RIFF\0\0\0\0WEBPVP8 ', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 44, 1, 2, 0]), size(300, 2), false],
  ['WebP without loss', blob('RIFF\0\0\0\0WEBPVP8L', [0, 0, 0, 0, 0x2f, 43, 65, 0, 0]), size(300, 2), false],
  [
    'WebP that moves',
    blob('RIFF\0\0\0\0WEBPVP8X', [0, 0, 0, 0, 2, 0, 0, 0, 43, 1, 0, 1, 0, 0]),
    size(300, 2),
    true,
  ],
  [
    'BMP from its top',
    blob('BM', Array(16).fill(0), [44, 1, 0, 0, 0xfe, 255, 255, 255]),
    size(300, 2),
    false,
  ],
  [
    'JPEG behind a preview',
    blob([255, 0xd8], app, [255, 0xc2, 0, 11, 8, 0, 2, 1, 44, 1]),
    size(300, 2),
    false,
  ],
  [
    'AVIF with a preview',
    blob(
      '\0\0\0\x18ftypavif',
      Array(12).fill(0),
      'ispe',
      [...Array(4).fill(0), 0, 0, 0, 8, 0, 0, 0, 8],
      'ispe',
      [...Array(4).fill(0), ...[0, 0, 1, 44, 0, 0, 0, 2]],
    ),
    size(300, 2),
    false,
  ],
  ['AVIF that moves', blob('\0\0\0\x18ftypavis', Array(16).fill(0)), null, true],
  ['none', blob('no picture'), null, false],
  ['nothing', blob(''), null, false],
  ['a PNG that is cut off', blob('\x89PNG'), null, false],
  ['a JPEG of nothing but segments', blob([255, 0xd8], app, app), null, false],
] as const)('%s', async ([, file, at, moves]) => {
  expect(await pictureHead(file)).toEqual({ size: at, moves });
});
