import { describe, expect, test } from 'vitest';
import { decodeLabel } from '../../bench/evaluate/label-png';
import { ToolError } from '../../bench/tool-error';
import { encodePng } from '../../fixtures/png';

/** A picture in which neighbours differ in every direction. */
const ids = Uint8Array.from({ length: 7 * 5 }, (_, i) => (i * 37 + (i >> 2) * 91) & 255);

describe('the values come back as they are', () => {
  test.each([0, 1, 2, 3, 4, [0, 1, 2, 3, 4]])('row filter %j', (filter) => {
    const bytes = encodePng(ids, { width: 7, height: 5, colour: 0, filter });
    expect(decodeLabel(bytes, 'x')).toEqual({ width: 7, height: 5, ids });
  });

  test('palette pictures give indices, not colours', () => {
    const bytes = encodePng(ids, { width: 7, height: 5, colour: 3 });
    expect(decodeLabel(bytes, 'x').ids).toEqual(ids);
  });

  test('samples of four, two and one bits', () => {
    const nibbles = encodePng(Uint8Array.of(0x12, 0x30), { width: 3, height: 1, colour: 3, depth: 4 });
    expect(decodeLabel(nibbles, 'x').ids).toEqual(Uint8Array.of(1, 2, 3));
    const pairs = encodePng(Uint8Array.of(0b00011011), { width: 4, height: 1, colour: 0, depth: 2 });
    expect(decodeLabel(pairs, 'x').ids).toEqual(Uint8Array.of(0, 1, 2, 3));
    const bits = encodePng(Uint8Array.of(0b10110000), { width: 4, height: 1, colour: 0, depth: 1 });
    expect(decodeLabel(bits, 'x').ids).toEqual(Uint8Array.of(1, 0, 1, 1));
  });
});

describe('what is no label is refused by name', () => {
  const good = encodePng(ids, { width: 7, height: 5, colour: 0 });
  const tall = Buffer.from(good);
  tall.writeUInt32BE(6, 20);
  const huge = Buffer.from(good);
  huge.writeUInt32BE(0x7fffffff, 16);

  test.each([
    ['no PNG', Buffer.from('<html>'.repeat(20)), 'not a PNG'],
    ['empty', Buffer.alloc(0), 'not a PNG'],
    ['colours', encodePng(new Uint8Array(12), { width: 2, height: 2, colour: 2 }), 'holds colours'],
    [
      'sixteen bits',
      encodePng(new Uint8Array(8), { width: 2, height: 2, colour: 0, depth: 16 }),
      'holds colours',
    ],
    ['interlaced', encodePng(ids, { width: 7, height: 5, colour: 0, interlaced: true }), 'interlaced'],
    ['cut off', good.subarray(0, good.length - 30), 'damaged'],
    ['fewer rows than it says', tall, 'damaged'],
    ['an impossible size', huge, 'cannot be'],
    ['an unknown filter', encodePng(ids, { width: 7, height: 5, colour: 0, filter: [0, 9] }), 'damaged'],
  ])('%s', (_, bytes, message) => {
    const decode = () => decodeLabel(bytes, 'street.png');
    expect(decode).toThrow(ToolError);
    expect(decode).toThrow(message);
    expect(decode).toThrow('street.png');
  });
});
