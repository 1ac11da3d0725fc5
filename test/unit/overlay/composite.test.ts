/** What the compositing means, on its CPU twin: the browser tests hold the shader to it. */
import { describe, expect, test } from 'vitest';
import { type Paint, paintOf, rawPaint } from '../../../src/overlay/paint';
import { confidenceColour } from '../../../src/overlay/ramp';
import { DEFAULT_VIEW, type OverlayView } from '../../../src/overlay/view';
import { parseHex } from '../../../src/taxonomy/palette';
import { composite, type PixelImage } from '../../twins/composite';

type Cell = readonly [id: number, confidence: number, drivable: number];

function maskOf(rows: readonly (readonly Cell[])[]): PixelImage {
  const width = rows[0]!.length;
  const data = new Uint8Array(rows.flatMap((row) => row.flatMap(([id, g, b]) => [id, g, b, 255])));
  return { width, height: rows.length, data };
}

const GREY: PixelImage = { width: 8, height: 8, data: new Uint8Array(8 * 8 * 4).fill(100) };
const view = (change: Partial<OverlayView>): Paint => paintOf({ ...DEFAULT_VIEW, outline: false, ...change });
const draw = (mask: PixelImage | null, paint: Paint, canvas = { width: 64, height: 64 }) => {
  const data = composite({ picture: GREY, rotation: 0, mask, paint, canvas });
  return (x: number, y: number): number[] => [
    ...data.slice((y * canvas.width + x) * 4, (y * canvas.width + x) * 4 + 3),
  ];
};
const road: Cell = [0, 255, 255];
const sky: Cell = [8, 255, 0];
const nothing: Cell = [255, 255, 0];

describe('classes', () => {
  test('blend each class’s colour over the picture by the opacity', () => {
    const at = draw(maskOf([[road]]), view({ opacity: 0.25 }));
    const expected = parseHex(DEFAULT_VIEW.colours[0]!).map((c) => 100 * 0.75 + c * 0.25);
    for (const c of [0, 1, 2] as const)
      expect(Math.abs(at(30, 30)[c]! - expected[c]!)).toBeLessThanOrEqual(0.5);
  });

  test('hidden classes, unknown ids and void show the picture', () => {
    const hidden = view({ opacity: 1, visible: DEFAULT_VIEW.visible.map((_, id) => id !== 8) });
    expect(draw(maskOf([[sky]]), hidden)(5, 5)).toEqual([100, 100, 100]);
    expect(draw(maskOf([[[13, 255, 0]]]), hidden)(5, 5)).toEqual([100, 100, 100]);
    expect(draw(maskOf([[nothing]]), hidden)(5, 5)).toEqual([100, 100, 100]);
    expect(draw(maskOf([[road]]), hidden)(5, 5)).not.toEqual([100, 100, 100]);
  });

  test('an edge is one pixel wide, however coarse the mask', () => {
    const at = draw(maskOf([[road, sky]]), view({ opacity: 1 }));
    const [left, right] = [parseHex(DEFAULT_VIEW.colours[0]!), parseHex(DEFAULT_VIEW.colours[8]!)];
    expect(at(30, 32)).toEqual(left);
    expect(at(33, 32)).toEqual(right);
  });

  test('an edge lies where the probabilities cross', () => {
    // The left pixel is barely road: the boundary moves to its side.
    const at = draw(maskOf([[[0, 153, 153], sky]]), view({ opacity: 1 }));
    expect(at(31, 32)).toEqual(parseHex(DEFAULT_VIEW.colours[8]!));
    expect(at(16, 32)).toEqual(parseHex(DEFAULT_VIEW.colours[0]!));
  });

  test('a diagonal of coarse pixels is drawn as a slope, not as stairs', () => {
    const stairs = maskOf([
      [road, sky, sky],
      [road, road, sky],
      [road, road, road],
    ]);
    const at = draw(stairs, view({ opacity: 1 }), { width: 96, height: 96 });
    const sky8 = parseHex(DEFAULT_VIEW.colours[8]!);
    // Last column that is road in each row: never jumps by more than a quarter of a coarse pixel (32 wide).
    const reach = Array.from({ length: 44 }, (_, i) => {
      let x = 0;
      while (x < 95 && String(at(x, 18 + i)) !== String(sky8)) x++;
      return x;
    });
    for (let i = 1; i < reach.length; i++) expect(Math.abs(reach[i]! - reach[i - 1]!)).toBeLessThanOrEqual(8);
  });
});

describe('drivable', () => {
  test('paints by probability, in the colour of the road, and keeps off void', () => {
    const paint = view({ mode: 'drivable', opacity: 1, visible: DEFAULT_VIEW.visible.map(() => false) });
    const colour = parseHex(DEFAULT_VIEW.colours[0]!);
    expect(draw(maskOf([[[3, 100, 250]]]), paint)(9, 9)).toEqual(colour);
    expect(draw(maskOf([[[0, 100, 20]]]), paint)(9, 9)).toEqual([100, 100, 100]);
    expect(draw(maskOf([[[255, 100, 250]]]), paint)(9, 9)).toEqual([100, 100, 100]);
    const half = draw(maskOf([[[0, 100, 127.5]]]), paint)(9, 9);
    for (const c of [0, 1, 2] as const)
      expect(Math.abs(half[c]! - (100 + colour[c]) / 2)).toBeLessThanOrEqual(3);
  });
});

describe('confidence', () => {
  test('paints the ramp where something visible is', () => {
    const paint = view({ mode: 'confidence', opacity: 1 });
    const at = draw(maskOf([[[3, 204, 0]]]), paint);
    const expected = confidenceColour(0.8).map((c) => c * 255);
    for (const c of [0, 1, 2] as const) expect(Math.abs(at(9, 9)[c]! - expected[c]!)).toBeLessThanOrEqual(1);
    expect(draw(maskOf([[nothing]]), paint)(9, 9)).toEqual([100, 100, 100]);
  });
});

describe('outline', () => {
  const edge = maskOf([[road, sky]]);

  test('runs along the edge of the drivable area and nowhere else', () => {
    const at = draw(edge, paintOf({ ...DEFAULT_VIEW, mode: 'drivable' }));
    const plain = draw(edge, view({ mode: 'drivable' }));
    expect(at(32, 10)).not.toEqual(plain(32, 10));
    for (const x of [5, 26, 38, 60]) expect(at(x, 10)).toEqual(plain(x, 10));
  });

  test('is not drawn round void, on a plain of doubt, or at no opacity', () => {
    for (const cells of [
      [road, nothing],
      [
        [0, 128, 128],
        [0, 129, 129],
      ],
    ] as readonly (readonly Cell[])[]) {
      const mask = maskOf([cells]);
      expect(draw(mask, paintOf(DEFAULT_VIEW))(32, 10)).toEqual(draw(mask, view({}))(32, 10));
    }
    expect(draw(edge, paintOf({ ...DEFAULT_VIEW, opacity: 0 }))(32, 10)).toEqual([100, 100, 100]);
  });
});

describe('split', () => {
  test('leaves the left raw, paints the right, and draws a line between', () => {
    const at = draw(maskOf([[road]]), view({ split: 0.5, opacity: 1 }));
    expect(at(28, 10)).toEqual([100, 100, 100]);
    expect(Math.min(...at(31, 10))).toBeGreaterThan(180);
    expect(at(36, 10)).toEqual(parseHex(DEFAULT_VIEW.colours[0]!));
  });

  test('is not in the raw picture', () => {
    const at = draw(maskOf([[road]]), rawPaint(view({ split: 0.5, outline: true })));
    for (let x = 0; x < 64; x++) expect(at(x, 10)).toEqual([100, 100, 100]);
  });
});

describe('views that make no sense', () => {
  test('are brought into range, or refused by name', () => {
    expect(view({ opacity: 7 }).opacity).toBe(1);
    expect(view({ opacity: Number.NaN }).opacity).toBe(0.5);
    expect(view({ split: -3 }).from).toBe(0);
    expect(view({ visible: [] }).colours[3]![3]).toBe(1);
    expect(() => view({ colours: ['#nothex'] })).toThrow(RangeError);
  });
});
