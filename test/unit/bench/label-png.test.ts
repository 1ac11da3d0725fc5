import { describe, expect, test } from 'vitest';
import { decodeLabel } from '../../bench/evaluate/label-png';
import { ToolError } from '../../bench/tool-error';
import { encodePng } from '../../fixtures/png';

/** A picture in which neighbours differ in every direction. */
const ids = Uint8Array.from({ length: 7 * 5 }, (_, i) => (i * 37 + (i >> 2) * 91) & 255);

describe('the values come back as they are', () => {
  test.each([0, 1, 2, 3, 4, [0, 1, 2, 3, 4]])('row filter %j', async (filter) => {
    const bytes = encodePng(ids, { width: 7, height: 5, colour: 0, filter });
    expect(await decodeLabel(bytes, 'x')).toEqual({ width: 7, height: 5, ids });
  });

  test('palette pictures give indices, not colours', async () => {
    const bytes = encodePng(ids, { width: 7, height: 5, colour: 3 });
    expect((await decodeLabel(bytes, 'x')).ids).toEqual(ids);
  });

  test('samples of four, two and one bits', async () => {
    const nibbles = encodePng(Uint8Array.of(0x12, 0x30), { width: 3, height: 1, colour: 3, depth: 4 });
    expect((await decodeLabel(nibbles, 'x')).ids).toEqual(Uint8Array.of(1, 2, 3));
    const pairs = encodePng(Uint8Array.of(0b00011011), { width: 4, height: 1, colour: 0, depth: 2 });
    expect((await decodeLabel(pairs, 'x')).ids).toEqual(Uint8Array.of(0, 1, 2, 3));
    const bits = encodePng(Uint8Array.of(0b10110000), { width: 4, height: 1, colour: 0, depth: 1 });
    expect((await decodeLabel(bits, 'x')).ids).toEqual(Uint8Array.of(1, 0, 1, 1));
  });
});

test('sixteen bits that hold small ids', async () => {
  const wide = encodePng(Uint8Array.of(0, 3, 0, 200), { width: 2, height: 1, colour: 0, depth: 16 });
  expect((await decodeLabel(wide, 'x')).ids).toEqual(Uint8Array.of(3, 200));
});

describe('what is no label is refused by name', () => {
  const good = encodePng(ids, { width: 7, height: 5, colour: 0 });

  test.each([
    ['no PNG', Buffer.from('<html>'.repeat(20)), 'not a PNG'],
    ['empty', Buffer.alloc(0), 'not a PNG'],
    ['colours', encodePng(new Uint8Array(12).fill(9), { width: 2, height: 2, colour: 2 }), 'holds colours'],
    [
      'an id of more than eight bits',
      encodePng(Uint8Array.of(1, 0), { width: 1, height: 1, colour: 0, depth: 16 }),
      'the id 256',
    ],
    ['cut off', good.subarray(0, good.length - 30), 'cut off'],
    ['an unknown filter', encodePng(ids, { width: 7, height: 5, colour: 0, filter: [0, 9] }), 'filter'],
  ])('%s', async (_, bytes, message) => {
    const decoding = decodeLabel(bytes, 'street.png');
    await expect(decoding).rejects.toThrow(ToolError);
    await expect(decoding).rejects.toThrow(message);
    await expect(decoding).rejects.toThrow('street.png');
  });
});
