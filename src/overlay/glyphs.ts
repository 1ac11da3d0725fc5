/**
 * Letters for labels in the picture: drawn once on a canvas of the worker, kept as one small texture. Its first cell is
 * solid, so that shapes without text can be drawn with the same material, in the same draw.
 */
import { DataTexture, LinearFilter, type Texture } from 'three/webgpu';

/** What labels are written with: ASCII, and the few signs that measurements need. */
const LETTERS = `${Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('')}±°–≥×∞`;

/** Height of a cell in texels, and of the letters in it. Labels are some 12 to 24 pixels tall on screen. */
const CELL = 32;
const FONT = 23;
const COLUMNS = 16;

/** A place in the atlas: texture coordinates of the corners, and how wide the letter is for a height of 1. */
export interface Glyph {
  readonly u0: number;
  readonly v0: number;
  readonly u1: number;
  readonly v1: number;
  readonly advance: number;
}

/** The letters and where they are. */
export class GlyphAtlas {
  /** Coverage in every channel. */
  readonly texture: Texture;
  /** A texel that is wholly covered. */
  readonly solid: { readonly u: number; readonly v: number };
  readonly #glyphs = new Map<string, Glyph>();

  constructor() {
    const rows = Math.ceil((LETTERS.length + 1) / COLUMNS);
    const width = COLUMNS * CELL;
    const height = rows * CELL;
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    const data = new Uint8Array(width * height * 4);
    if (context) {
      context.font = `600 ${FONT}px system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif`;
      context.textBaseline = 'middle';
      context.fillStyle = '#ffffff';
      context.fillRect(0, 0, CELL, CELL);
      [...LETTERS].forEach((letter, i) => {
        const x = ((i + 1) % COLUMNS) * CELL;
        const y = Math.floor((i + 1) / COLUMNS) * CELL;
        // Two texels of air: linear sampling must not reach the neighbour.
        context.fillText(letter, x + 2, y + CELL / 2 + 1);
        const advance = Math.min(CELL - 4, Math.max(4, context.measureText(letter).width));
        this.#glyphs.set(letter, {
          u0: (x + 2) / width,
          v0: y / height,
          u1: (x + 2 + advance) / width,
          v1: (y + CELL) / height,
          advance: advance / CELL,
        });
      });
      const { data: pixels } = context.getImageData(0, 0, width, height);
      for (let i = 0; i < data.length; i += 4) data.fill(pixels[i + 3]!, i, i + 4);
    }
    this.texture = new DataTexture(data, width, height);
    this.texture.minFilter = LinearFilter;
    this.texture.magFilter = LinearFilter;
    this.texture.needsUpdate = true;
    this.solid = { u: CELL / 2 / width, v: CELL / 2 / height };
  }

  /** The place of a letter; a letter that is not there is a blank. */
  glyph(letter: string): Glyph {
    return this.#glyphs.get(letter) ?? this.#glyphs.get(' ') ?? { u0: 0, v0: 0, u1: 0, v1: 0, advance: 0.3 };
  }

  /** Width of a text for letters of a height of 1. */
  widthOf(text: string): number {
    let width = 0;
    for (const letter of text) width += this.glyph(letter).advance;
    return width;
  }

  dispose(): void {
    this.texture.dispose();
  }
}
