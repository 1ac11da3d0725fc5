/**
 * The least of protobuf's wire format that reading a foreign file needs. Lengths come from the file and are never
 * trusted: every read is checked against the end of the message it lies in.
 * Format: https://protobuf.dev/programming-guides/encoding/
 */

/** Thrown for bytes that are not a protobuf message. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}

/** A field's value: a number for varints, the bytes (a view, not a copy) for strings, messages and packed lists. */
export type FieldValue = number | Uint8Array;

/**
 * Calls `visit` for each field of a message that is a varint or length-delimited; fixed-width fields are stepped over.
 * Does not descend: a visitor calls this again on the bytes of a sub-message, so depth is the caller's choice.
 * @param message bytes of exactly one message
 * @throws ProtobufError when the bytes are not a message
 */
export function readFields(message: Uint8Array, visit: (field: number, value: FieldValue) => void): void {
  let position = 0;

  function varint(): number {
    let low = 0;
    for (let index = 0; index < 10; index++) {
      if (position >= message.length) throw new ProtobufError('a number is cut off');
      const byte = message[position++]!;
      if (index === 4) return highVarint(low, byte);
      low += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return low;
    }
    throw new ProtobufError('a number has no end');
  }

  /** From the fifth byte on: exact in 64 bits, since −1 takes all ten. */
  function highVarint(low: number, fifth: number): number {
    let value = BigInt(low) + (BigInt(fifth & 0x7f) << 28n);
    let byte = fifth;
    for (let index = 5; byte >= 0x80; index++) {
      if (index === 10) throw new ProtobufError('a number has no end');
      if (position >= message.length) throw new ProtobufError('a number is cut off');
      byte = message[position++]!;
      value += BigInt(byte & 0x7f) << BigInt(7 * index);
    }
    return Number(BigInt.asIntN(64, value));
  }

  function skip(length: number): number {
    const start = position;
    // A length may claim anything, even less than nothing.
    if (!(length >= 0 && length <= message.length - position)) throw new ProtobufError('a field is cut off');
    position += length;
    return start;
  }

  while (position < message.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    if (field < 1 || field > 0x1fffffff) throw new ProtobufError(`there is no field ${field}`);
    switch (tag % 8) {
      case 0:
        visit(field, varint());
        break;
      case 1:
        skip(8);
        break;
      case 2: {
        const length = varint();
        const start = skip(length);
        visit(field, message.subarray(start, start + length));
        break;
      }
      case 5:
        skip(4);
        break;
      default:
        throw new ProtobufError(`there is no wire type ${tag % 8}`);
    }
  }
}

/** Longest text kept, in bytes: names in models are short, and a hostile one should not fill a page. */
const TEXT_MAX = 256;

const decoder = new TextDecoder();

/** A string field as text; longer ones are cut at `max` bytes, wrong UTF-8 is replaced. */
export function readText(value: FieldValue, max = TEXT_MAX): string {
  if (typeof value === 'number') throw new ProtobufError('a number where a text should be');
  return decoder.decode(value.subarray(0, max));
}

/** A sub-message's bytes. */
export function readMessage(value: FieldValue): Uint8Array {
  if (typeof value === 'number') throw new ProtobufError('a number where a message should be');
  return value;
}

/** A varint's number. */
export function readNumber(value: FieldValue): number {
  if (typeof value !== 'number') throw new ProtobufError('a message where a number should be');
  return value;
}
