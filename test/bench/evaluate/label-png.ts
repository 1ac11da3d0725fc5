/** Reads label PNGs whose sample values *are* the class ids, with the reader of the product. */
import { CarriagewayError } from '../../../src/errors.ts';
import { IGNORED } from '../../../src/labels/confusion.ts';
import { OPEN_PIXEL, readPng } from '../../../src/labels/png.ts';
import { ToolError } from '../tool-error.ts';

/** Ids of a label picture, row-major. */
export interface Label {
  readonly width: number;
  readonly height: number;
  readonly ids: Uint8Array;
}

/**
 * Decodes a label.
 * @param bytes the file
 * @param name for messages
 * @throws ToolError when it holds colours or ids of more than eight bits, is damaged or no PNG
 */
export async function decodeLabel(bytes: Uint8Array, name: string): Promise<Label> {
  try {
    const { width, height, kind, values } = await readPng(bytes);
    if (kind === 'colours')
      throw new ToolError(
        `The label ${name} holds colours; labels are grey or palette PNGs whose values are ids.`,
      );
    const ids = new Uint8Array(values.length);
    for (const [i, value] of values.entries()) {
      if (value > 255 && value !== OPEN_PIXEL)
        throw new ToolError(`The label ${name} holds the id ${value}; ids are at most 255.`);
      ids[i] = value === OPEN_PIXEL ? IGNORED : value;
    }
    return { width, height, ids };
  } catch (thrown) {
    if (thrown instanceof CarriagewayError)
      throw new ToolError(`The label ${name} cannot be read: ${thrown.detail}.`);
    throw thrown;
  }
}
