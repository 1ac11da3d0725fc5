/**
 * Lines, areas and labels as one mesh that is refilled for every drawing: one geometry, one material and one texture,
 * whatever is drawn, so that nothing is allocated while it runs. Lines have soft edges of their own, since neither
 * backend smooths thin lines.
 */
import { attribute, texture, uv, vec4 } from 'three/tsl';
import {
  BufferAttribute,
  BufferGeometry,
  DoubleSide,
  DynamicDrawUsage,
  Mesh,
  MeshBasicNodeMaterial,
} from 'three/webgpu';
import type { Size } from '../media/size';
import { GlyphAtlas } from './glyphs';

/** A point in the sketch's units. */
export interface SketchPoint {
  readonly x: number;
  readonly y: number;
  /** 0 to 1; 1 when left out. */
  readonly alpha?: number;
}

/** Red, green, blue and alpha, sRGB, 0 to 1. */
export type Ink = readonly [number, number, number, number];

/** Quads a sketch may hold: a frame with every line needs some two thousand. More is left out, never an error. */
const QUADS_MAX = 6000;
const VERTICES_MAX = QUADS_MAX * 4;
/** Sharp bends are drawn this many half widths out at most. */
const MITER_MAX = 2;

/** Height of a label's letters, and the air at either end of them, against the height of its plate. */
const LETTER = 1.15;
const PAD = 0.25;

/** A mesh that is drawn anew from shapes. Coordinates are the room's own: place `mesh` to scale them. */
export class Sketch {
  readonly mesh: Mesh;
  readonly #atlas = new GlyphAtlas();
  readonly #positions = new BufferAttribute(new Float32Array(VERTICES_MAX * 3), 3);
  readonly #tints = new BufferAttribute(new Float32Array(VERTICES_MAX * 4), 4);
  readonly #uvs = new BufferAttribute(new Float32Array(VERTICES_MAX * 2), 2);
  /** Both sides: rooms turn the y axis as they like. */
  readonly #material = new MeshBasicNodeMaterial({
    transparent: true,
    depthTest: false,
    depthWrite: false,
    side: DoubleSide,
  });
  #vertices = 0;

  /** @param feather width of a line's soft edge in the sketch's units */
  constructor(public feather = 1) {
    const geometry = new BufferGeometry();
    for (const attribute of [this.#positions, this.#tints, this.#uvs]) attribute.setUsage(DynamicDrawUsage);
    geometry.setAttribute('position', this.#positions);
    geometry.setAttribute('tint', this.#tints);
    geometry.setAttribute('uv', this.#uvs);
    const index = new Uint32Array(QUADS_MAX * 6);
    for (let quad = 0; quad < QUADS_MAX; quad++)
      [0, 1, 2, 2, 1, 3].forEach((corner, i) => {
        index[quad * 6 + i] = quad * 4 + corner;
      });
    geometry.setIndex(new BufferAttribute(index, 1));
    geometry.setDrawRange(0, 6);
    const tint = attribute<'vec4'>('tint', 'vec4');
    this.#material.colorNode = vec4(tint.rgb, tint.a.mul(texture(this.#atlas.texture, uv()).r));
    this.mesh = new Mesh(geometry, this.#material);
    this.mesh.frustumCulled = false;
  }

  /** Wipes the sheet. */
  begin(): void {
    this.#vertices = 0;
  }

  /**
   * Hands what was drawn to three. An empty sheet is one quad without extent: so all that the mesh needs on the GPU is
   * there from the first picture on, and the first line, whenever it comes, neither allocates nor compiles.
   */
  end(): void {
    const { geometry } = this.mesh;
    if (this.#vertices === 0) this.#positions.array.fill(0, 0, 4 * 3);
    const drawn = Math.max(4, this.#vertices);
    for (const attribute of [this.#positions, this.#tints, this.#uvs]) {
      attribute.clearUpdateRanges();
      attribute.addUpdateRange(0, drawn * attribute.itemSize);
      attribute.needsUpdate = true;
    }
    geometry.setDrawRange(0, (drawn / 4) * 6);
  }

  /** A line through points, each with its own share of the ink's alpha. */
  line(points: readonly SketchPoint[], width: number, colour: Ink): void {
    if (points.length < 2) return;
    const half = width / 2;
    const outer = half + this.feather / 2;
    const inner = Math.max(0, half - this.feather / 2);
    const rims = points.map((point, i) => {
      const normal = normalAt(points, i);
      const at = (reach: number) => ({ x: point.x + normal.x * reach, y: point.y + normal.y * reach });
      return { left: at(-outer), in0: at(-inner), in1: at(inner), right: at(outer), alpha: point.alpha ?? 1 };
    });
    for (let i = 1; i < rims.length; i++) {
      const [a, b] = [rims[i - 1]!, rims[i]!];
      const [ia, ib] = [fade(colour, a.alpha), fade(colour, b.alpha)];
      const [na, nb] = [fade(colour, 0), fade(colour, 0)];
      this.#quad(a.left, a.in0, b.left, b.in0, na, ia, nb, ib);
      this.#quad(a.in0, a.in1, b.in0, b.in1, ia, ia, ib, ib);
      this.#quad(a.in1, a.right, b.in1, b.right, ia, na, ib, nb);
    }
  }

  /** A line of dashes as long as the gaps between them. */
  dashes(points: readonly SketchPoint[], width: number, colour: Ink, length: number): void {
    for (const dash of dashesOf(points, length)) this.line(dash, width, colour);
  }

  /** A filled area between two lines of equally many points. */
  band(left: readonly SketchPoint[], right: readonly SketchPoint[], colour: Ink): void {
    for (let i = 1; i < Math.min(left.length, right.length); i++) {
      const [a, b, c, d] = [left[i - 1]!, right[i - 1]!, left[i]!, right[i]!];
      const [near, far] = [fade(colour, a.alpha ?? 1), fade(colour, c.alpha ?? 1)];
      this.#quad(a, b, c, d, near, near, far, far);
    }
  }

  /** A filled rectangle along the axes. */
  rectangle(x: number, y: number, width: number, height: number, colour: Ink): void {
    const [right, bottom] = [x + width, y + height];
    this.#quad(
      { x, y },
      { x: right, y },
      { x, y: bottom },
      { x: right, y: bottom },
      colour,
      colour,
      colour,
      colour,
    );
  }

  /** The outline of a rectangle along the axes. */
  frame(x: number, y: number, width: number, height: number, stroke: number, colour: Ink): void {
    const corners = [
      { x, y },
      { x: x + width, y },
      { x: x + width, y: y + height },
      { x, y: y + height },
    ];
    for (const [i, from] of corners.entries()) this.line([from, corners[(i + 1) % 4]!], stroke, colour);
  }

  /** Size of a label's plate. @param height of the plate */
  labelSize(text: string, height: number): Size {
    return { width: this.#atlas.widthOf(text) * height * LETTER + 2 * height * PAD, height };
  }

  /**
   * A label on a dark plate.
   * @param x where it is anchored: its left end (0), middle (0.5) or right end (1), as `anchor` says
   * @param y its vertical middle
   * @param height of the plate
   * @param bounds it is moved sideways to stay between these
   */
  label(
    text: string,
    x: number,
    y: number,
    height: number,
    colour: Ink,
    anchor = 0.5,
    bounds?: readonly [number, number],
  ): void {
    const letter = height * LETTER;
    const pad = height * PAD;
    const { width } = this.labelSize(text, height);
    let left = x - width * anchor;
    if (bounds) left = Math.max(bounds[0], Math.min(bounds[1] - width, left));
    this.rectangle(left, y - height / 2, width, height, [0.03, 0.04, 0.045, 0.78 * colour[3]]);
    let at = left + pad;
    for (const character of text) {
      const { u0, v0, u1, v1, advance } = this.#atlas.glyph(character);
      const [x1, y0, y1] = [at + advance * letter, y - letter / 2, y + letter / 2];
      this.#corner(at, y0, colour, u0, v0);
      this.#corner(x1, y0, colour, u1, v0);
      this.#corner(at, y1, colour, u0, v1);
      this.#corner(x1, y1, colour, u1, v1);
      at = x1;
    }
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.#material.dispose();
    this.#atlas.dispose();
  }

  #quad(
    a: SketchPoint,
    b: SketchPoint,
    c: SketchPoint,
    d: SketchPoint,
    ia: Ink,
    ib: Ink,
    ic: Ink,
    id: Ink,
  ): void {
    const { u, v } = this.#atlas.solid;
    this.#corner(a.x, a.y, ia, u, v);
    this.#corner(b.x, b.y, ib, u, v);
    this.#corner(c.x, c.y, ic, u, v);
    this.#corner(d.x, d.y, id, u, v);
  }

  #corner(x: number, y: number, [red, green, blue, alpha]: Ink, u: number, v: number): void {
    // A quad that does not fit any more is left out whole: its first corner is refused, and so are the rest.
    if (this.#vertices >= VERTICES_MAX) return;
    const i = this.#vertices++;
    this.#positions.setXYZ(i, x, y, 0);
    this.#tints.setXYZW(i, red, green, blue, alpha);
    this.#uvs.setXY(i, u, v);
  }
}

/** Dashes of one line at most: a line that runs off to infinity must not be cut into as many pieces. */
const DASHES_MAX = 400;

/** Cuts a line into dashes as long as the gaps between them, the first one at its beginning. */
export function dashesOf(points: readonly SketchPoint[], length: number): SketchPoint[][] {
  const dashes: SketchPoint[][] = [];
  let dash: SketchPoint[] | null = points[0] ? [points[0]] : null;
  let walked = 0;
  // Counted, not accumulated: sums of lengths drift, and a cut that is missed by rounding would never come.
  let cuts = 0;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const span = Math.hypot(b.x - a.x, b.y - a.y);
    while (cuts < DASHES_MAX * 2 && (cuts + 1) * length < walked + span) {
      const share = ((cuts + 1) * length - walked) / span;
      const cut = { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
      if (dash) {
        dashes.push([...dash, cut]);
        dash = null;
      } else dash = [cut];
      cuts++;
    }
    dash?.push(b);
    walked += span;
  }
  if (dash && dash.length > 1) dashes.push(dash);
  return dashes;
}

function fade([red, green, blue, alpha]: Ink, share: number): Ink {
  return [red, green, blue, alpha * share];
}

/** The unit normal of a line at a point, longer in bends so that the line keeps its width. */
function normalAt(points: readonly SketchPoint[], i: number): { x: number; y: number } {
  const here = points[i]!;
  const before = points[i - 1];
  const after = points[i + 1];
  const first = directionOf(before ?? here, before ? here : after!);
  const second = directionOf(after ? here : before!, after ?? here);
  let [x, y] = [-(first.y + second.y), first.x + second.x];
  const norm = Math.hypot(x, y);
  if (norm < 1e-6) return { x: -first.y, y: first.x };
  [x, y] = [x / norm, y / norm];
  const cosine = Math.max(1 / MITER_MAX, x * -first.y + y * first.x);
  return { x: x / cosine, y: y / cosine };
}

function directionOf(a: SketchPoint, b: SketchPoint): { x: number; y: number } {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  return { x: (b.x - a.x) / length, y: (b.y - a.y) / length };
}
