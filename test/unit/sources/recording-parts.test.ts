/** Small things about recordings: when they began, and decoders that were taken away. */
import { describe, expect, test } from 'vitest';
import { creationTime } from '../../../src/sources/recording/creation-time';
import { Reclaims } from '../../../src/sources/recording/reclaims';

/** A box of ISO/IEC 14496-12. */
function box(type: string, ...content: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const size = 8 + content.reduce((sum, { length }) => sum + length, 0);
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint32(0, size);
  bytes.set(new TextEncoder().encode(type), 4);
  let at = 8;
  for (const part of content) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A movie header. @param seconds since 1904 */
function header(seconds: number, version: 0 | 1 = 0): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(40);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, version);
  if (version === 1) view.setBigUint64(4, BigInt(seconds));
  else view.setUint32(4, seconds);
  return box('mvhd', bytes);
}

const EPOCH = Date.UTC(1904, 0, 1);
const secondsOf = (iso: string): number => (Date.parse(iso) - EPOCH) / 1000;

describe('when a recording began', () => {
  const when = '2026-03-04T05:06:07Z';

  test.for([0, 1] as const)('is read from a header of version %s, wherever it lies', async (version) => {
    const movie = box('moov', header(secondsOf(when), version));
    const large = box('mdat', new Uint8Array(5000));
    for (const file of [
      [box('ftyp', new Uint8Array(8)), movie, large],
      [box('ftyp', new Uint8Array(8)), large, movie],
    ])
      expect(await creationTime({}, new Blob(file))).toEqual({ ms: Date.parse(when), zone: 0 });
  });

  test('is unknown where it is nought, before computers, cut off or absent', async () => {
    expect(await creationTime({}, new Blob([box('moov', header(0))]))).toBeNull();
    expect(await creationTime({}, new Blob([box('moov', header(1000))]))).toBeNull();
    expect(await creationTime({}, new Blob([box('moov', header(secondsOf(when))).slice(0, 20)]))).toBeNull();
    expect(await creationTime({}, new Blob([box('free')]))).toBeNull();
    expect(await creationTime({}, new Blob(['no boxes here, just words and more words']))).toBeNull();
    expect(await creationTime({}, new Blob([]))).toBeNull();
  });

  test('a camera that counts from 1970 in a field that counts from 1904 is found out by the year', async () => {
    const file = new Blob([box('moov', header(Date.parse(when) / 1000))]);
    expect(await creationTime({}, file)).toEqual({ ms: Date.parse(when), zone: 0 });
  });

  test.for([
    ['com.apple.quicktime.creationdate', '2026-05-27T19:22:26-0600', '2026-05-28T01:22:26Z', -360],
    ['com.apple.quicktime.creationdate', '2026-05-27T19:22:26+05:30', '2026-05-27T13:52:26Z', 330],
    ['com.apple.quicktime.creationdate', '2026-05-27T19:22:26+09', '2026-05-27T10:22:26Z', 540],
    ['creation_time', '2026-05-27T19:22:26.000000Z', '2026-05-27T19:22:26Z', 0],
    ['©day', '2026-05-27 19:22:26', '2026-05-27T19:22:26Z', null],
    ['©day', '2026:05:27 19:22:26', '2026-05-27T19:22:26Z', null],
  ] as const)('%s %s keeps its zone', async ([key, said, iso, zone]) => {
    expect(await creationTime({ [key]: said }, new Blob([]))).toEqual({ ms: Date.parse(iso), zone });
  });

  test.for(['2026', '2026-05-27', 'yesterday', '1970-01-01T00:00:00Z', '2026-13-40T99:99:99Z', ''])(
    'as “%s” it is not told',
    async (said) => {
      expect(await creationTime({ '©day': said }, new Blob([]))).toBeNull();
    },
  );
});

describe('a decoder that was taken away', () => {
  const taken = new DOMException('Codec reclaimed due to inactivity.', 'QuotaExceededError');

  test('is told from damage, also where the library wraps it', () => {
    expect(new Reclaims().mend(taken)).toBe(true);
    expect(new Reclaims().mend(new Error('decoding failed', { cause: taken }))).toBe(true);
    expect(new Reclaims().mend(new DOMException('Decoding error.', 'EncodingError'))).toBe(false);
    expect(new Reclaims().mend('QuotaExceededError')).toBe(false);
  });

  test('is replaced again and again as long as pictures come, and a few times without', () => {
    const reclaims = new Reclaims();
    for (let n = 0; n < 20; n++) {
      expect(reclaims.mend(taken)).toBe(true);
      reclaims.progress();
    }
    expect([1, 2, 3, 4].map(() => reclaims.mend(taken))).toEqual([true, true, true, false]);
  });
});
