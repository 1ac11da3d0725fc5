import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProtobufError, readFields, readText } from '../../../src/model/protobuf';
import { bytesField, join, varint, varintField } from './onnx-writer';

function fieldsOf(bytes: Uint8Array): [number, number | number[]][] {
  const fields: [number, number | number[]][] = [];
  readFields(bytes, (field, value) => fields.push([field, typeof value === 'number' ? value : [...value]]));
  return fields;
}

describe('protobuf fields', () => {
  test('varints of every length, negative ones too', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 5000 }), (value, field) => {
        expect(fieldsOf(varintField(field, value))).toEqual([[field, value]]);
      }),
    );
  });

  test('bytes, in order, with fixed-width fields stepped over', () => {
    const fixed64 = join(varint(3 * 8 + 1), new Uint8Array(8).fill(7));
    const fixed32 = join(varint(4 * 8 + 5), new Uint8Array(4).fill(7));
    const message = join(bytesField(1, Uint8Array.of(1, 2)), fixed64, fixed32, varintField(9, 300));
    expect(fieldsOf(message)).toEqual([
      [1, [1, 2]],
      [9, 300],
    ]);
  });

  test.for([
    ['a number without an end', new Uint8Array(12).fill(0xff)],
    ['a number cut off', Uint8Array.of(0x08, 0x80)],
    ['a long number cut off', Uint8Array.of(0x08, 0x80, 0x80, 0x80, 0x80, 0x80)],
    ['a field longer than the message', Uint8Array.of(0x0a, 0x05, 1, 2)],
    ['a negative length', join(Uint8Array.of(0x0a), varint(-1))],
    ['a length beyond all memory', join(Uint8Array.of(0x0a), varint(2 ** 50))],
    ['a fixed field cut off', Uint8Array.of(0x09, 1, 2)],
    ['field zero', Uint8Array.of(0x00, 0x01)],
    ['a group', Uint8Array.of(0x0b)],
  ] as const)('%s is refused', ([, bytes]) => {
    expect(() => fieldsOf(bytes)).toThrow(ProtobufError);
  });

  test('whatever the bytes, it ends: with fields inside the message, or a refusal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          readFields(bytes, (_, value) => {
            if (typeof value === 'number') return;
            expect(value.buffer).toBe(bytes.buffer);
            expect(value.byteOffset + value.length).toBeLessThanOrEqual(bytes.byteOffset + bytes.length);
          });
        } catch (error) {
          expect(error).toBeInstanceOf(ProtobufError);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a text is cut at a length that fits a page', () => {
    expect(readText(new Uint8Array(1_000_000).fill(65))).toHaveLength(256);
  });
});
