/** What an encoder says of its H.264, as a container keeps it. */
import { expect, test } from 'vitest';
import { mendedAvcRecord } from '../../../src/jobs/avc-record';

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.split(' '), (byte) => Number.parseInt(byte, 16));

/** As Firefox 153 gave it for 160 × 90 pictures. */
const TWICE = bytes(
  '01 64 00 0a 03 01 00 18 67 67 64 00 0a ac d9 42 8d f9 21 00 00 03 00 01 00 1e 84 80 0f 12 25 96 01 00 07 68 68 eb e3 cb 22 c0',
);
const ONCE = bytes(
  '01 64 00 0a ff e1 00 17 67 64 00 0a ac d9 42 8d f9 21 00 00 03 00 01 00 1e 84 80 0f 12 25 96 01 00 06 68 eb e3 cb 22 c0',
);

test('parameter sets that begin twice begin once', () => {
  expect(mendedAvcRecord(TWICE)).toEqual(ONCE);
});

test('a record that is right stays as it is, with whatever follows', () => {
  expect(mendedAvcRecord(ONCE)).toBe(ONCE);
  const more = Uint8Array.from([...ONCE, 0xfd, 0xf8, 0xf8, 0x00]);
  expect(mendedAvcRecord(more)).toBe(more);
  expect(mendedAvcRecord(Uint8Array.from([...TWICE, 0xfd, 0xf8, 0xf8, 0x00]))).toEqual(more);
});

test('cut off anywhere it is left alone', () => {
  for (let length = 0; length < TWICE.length; length++) {
    const cut = TWICE.subarray(0, length);
    expect(mendedAvcRecord(cut)).toBe(cut);
  }
});
