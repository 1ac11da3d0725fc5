import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskFileHead, maskRecord, readMaskFile } from '../../../src/live/mask-file';

const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

const files = fc.record({
  camera: fc.string({ minLength: 1, maxLength: 40 }).filter((name) => name.isWellFormed()),
  masks: fc.array(
    fc.record({
      clock: fc.integer({ min: 0, max: 4e12 }),
      bytes: fc.uint8Array({ maxLength: 60 }),
    }),
    { maxLength: 5 },
  ),
});

const written = ({ camera, masks }: typeof files extends fc.Arbitrary<infer F> ? F : never) =>
  joined(maskFileHead(camera), ...masks.map(({ clock, bytes }) => maskRecord(clock, bytes)));

test('files that are laid one behind the other are one file, and say whose each mask is', () => {
  fc.assert(
    fc.property(fc.array(files, { maxLength: 4 }), (all) => {
      const read = [...readMaskFile(joined(...all.map(written)))];
      expect(read.map(({ bytes, ...rest }) => ({ ...rest, bytes: [...bytes] }))).toEqual(
        all.flatMap(({ camera, masks }) =>
          masks.map(({ clock, bytes }) => ({ camera, clock, bytes: [...bytes] })),
        ),
      );
    }),
  );
});

test('a file that was cut off has what came before; the next one behind it is read', () => {
  const mask = maskRecord(1000, new Uint8Array(50).fill(7));
  const whole = joined(maskFileHead('Van'), mask, mask);
  const next = joined(maskFileHead('Bus'), mask);
  const camerasOf = (data: Uint8Array) => [...readMaskFile(data)].map(({ camera }) => camera);
  expect(camerasOf(whole.subarray(0, whole.length - 20))).toEqual(['Van']);
  // Its last mask takes in the beginning of the next file, whose masks are lost with it.
  expect(camerasOf(joined(whole.subarray(0, whole.length - 20), next, next)).at(-1)).toBe('Bus');
});

test('no bytes at all make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      for (const { clock } of readMaskFile(joined(maskFileHead('Van'), bytes)))
        expect(Number.isFinite(clock)).toBe(true);
    }),
  );
});

test('what is too long is not written', () => {
  expect(() => maskFileHead('x'.repeat(256))).toThrow(RangeError);
  expect(() => maskRecord(0, new Uint8Array(70_000))).toThrow(RangeError);
});
