/**
 * The shader of the picture, as nodes that three compiles for WebGPU and for WebGL2 alike: video, paint, outline and
 * divider of one pixel. `composite.ts` is its CPU twin; a change here is a change there.
 *
 * It is built for one variant at a time, so that a pixel pays only for what is shown: a software rasteriser runs both
 * sides of every branch, and a weak graphics card is glad of it too.
 */
import {
  abs,
  clamp,
  Fn,
  float,
  floor,
  fract,
  int,
  length,
  max,
  min,
  mix,
  round,
  smoothstep,
  texture,
  uniform,
  uniformArray,
  uv,
  vec2,
  vec3,
  vec4,
} from 'three/tsl';
import { type Node, type Texture, Vector2, Vector3, Vector4 } from 'three/webgpu';
import { BROKEN_CLASS } from '../taxonomy/class-list';
import {
  CLASS_EDGE_WIDTH,
  COLOUR_SLOTS,
  DIVIDER_COLOUR,
  DIVIDER_HEM,
  DIVIDER_WIDTH,
  EDGE_SOFTNESS,
  OUTLINE_SLOPES,
  OUTLINE_WIDTH,
  VOTE_FLOOR,
} from './paint';
import { RAMP_STEPS, RAMP_TABLE } from './ramp';
import type { OverlayMode } from './view';

type Float = Node<'float'>;
type Four<T> = readonly [T, T, T, T];

/** What a shader is built for. */
export interface Variant {
  /** What is painted; none leaves the mask unread, and so does what the processor has painted. */
  readonly paint: OverlayMode | 'none' | 'painted';
  readonly outline: boolean;
  readonly split: boolean;
  /** The picture is larger than its place on the canvas. */
  readonly shrunk: boolean;
}

/**
 * What all variants read: textures and numbers, set by `PictureMaterial`.
 * @param blank bound where there is no picture, mask or paint yet
 * @param colours premultiplied, one texel for each id
 */
export function pictureInputs(blank: Texture, colours: Texture) {
  return {
    picture: texture(blank),
    mask: texture(blank),
    /** What `PaintedMask` painted: premultiplied colour and coverage. */
    painted: texture(blank),
    /** Rows of the map from upright to stored coordinates. */
    turnX: uniform(new Vector3(1, 0, 0)),
    turnY: uniform(new Vector3(0, 1, 0)),
    /** Offset of the taps of a shrunk picture, in upright coordinates. */
    taps: uniform(new Vector2()),
    /** Size of the mask in pixels, and its pixels for each canvas pixel. */
    maskSize: uniform(new Vector2(1, 1)),
    perPixel: uniform(new Vector2(1, 1)),
    /** Width of the picture on the canvas in pixels. */
    width: uniform(1),
    strokeScale: uniform(1),
    opacity: uniform(0),
    from: uniform(0),
    divider: uniform(-1),
    road: uniform(new Vector3()),
    outline: uniform(new Vector4()),
    colourTable: texture(colours),
    ramp: uniformArray<'vec4'>(
      RAMP_TABLE.map(([r, g, b]) => new Vector4(r, g, b, 1)),
      'vec4',
    ),
  };
}

/** See `pictureInputs`. */
export type PictureInputs = ReturnType<typeof pictureInputs>;

/** Σ aⱼ·bⱼ over the four neighbours. */
function dot4(a: Four<Float>, b: Four<Float>): Float {
  return a[0].mul(b[0]).add(a[1].mul(b[1])).add(a[2].mul(b[2])).add(a[3].mul(b[3]));
}

function map4<T>(make: (index: 0 | 1 | 2 | 3) => T): Four<T> {
  return [make(0), make(1), make(2), make(3)];
}

/** Coverage of a line `width` wide (at scale 1) at a distance from its middle, in canvas pixels. */
function strokeAt(inputs: PictureInputs, distance: Float, width: number): Float {
  const half = inputs.strokeScale.mul(width / 2);
  return smoothstep(half.sub(0.5), half.add(0.5), distance).oneMinus();
}

/** The picture's colour at an upright point. */
function pictureAt(inputs: PictureInputs, at: Node<'vec2'>, shrunk: boolean): Node<'vec3'> {
  const tap = (point: Node<'vec2'>): Node<'vec3'> => {
    const p = vec3(point, 1);
    return inputs.picture.sample(vec2(p.dot(inputs.turnX), p.dot(inputs.turnY))).level(int(0)).rgb;
  };
  if (!shrunk) return tap(at);
  const corner = (x: number, y: number): Node<'vec3'> => tap(at.add(inputs.taps.mul(vec2(x, y))));
  return corner(-1, -1).add(corner(1, -1)).add(corner(-1, 1)).add(corner(1, 1)).mul(0.25);
}

/** The four mask pixels round a point, and how near each is. */
function neighbours(inputs: PictureInputs, at: Node<'vec2'>) {
  const size = inputs.maskSize;
  const p = at.mul(size).sub(0.5).toVar();
  const f = fract(p).toVar();
  const g = f.oneMinus().toVar();
  // Nearest sampling at pixel centres, clamped by the sampler; a texel load costs more, at least in software.
  const centre = floor(p).add(0.5).toVar();
  const cells = map4((j) =>
    inputs.mask
      .sample(centre.add(vec2(j & 1, j >> 1)).div(size))
      .level(int(0))
      .toVar(),
  );
  const weights: Four<Float> = [g.x.mul(g.y), f.x.mul(g.y), g.x.mul(f.y), f.x.mul(f.y)];
  const ids = map4((j) => round(cells[j].r.mul(255)).toVar());
  const solid = map4((j) =>
    ids[j]
      .lessThan(BROKEN_CLASS - 0.5)
      .select(float(1), float(0))
      .toVar(),
  );
  return { f, cells, weights: map4((j) => weights[j].toVar()), ids, solid };
}

type Neighbours = ReturnType<typeof neighbours>;

/** Width of an edge between classes, in mask pixels; at most one, which is all that four neighbours can tell. */
function classEdge(inputs: PictureInputs): Float {
  return clamp(max(inputs.perPixel.x, inputs.perPixel.y).mul(CLASS_EDGE_WIDTH), 0.05, 1);
}

/** Share of each neighbour in the paint: votes for classes, sharpened to a thin edge. Sums to 1. */
function sharesOf(inputs: PictureInputs, { cells, weights, ids, solid }: Neighbours): Four<Float> {
  const votes = map4((j) => {
    const margin = max(cells[j].g.mul(2).sub(1), VOTE_FLOOR);
    return weights[j].mul(mix(float(1), margin, solid[j])).toVar();
  });
  const same = (j: number, k: number): Float =>
    abs(ids[j]!.sub(ids[k]!)).lessThan(0.5).select(float(1), float(0)).toVar();
  const [s01, s02, s03, s12, s13, s23] = [
    same(0, 1),
    same(0, 2),
    same(0, 3),
    same(1, 2),
    same(1, 3),
    same(2, 3),
  ];
  const one = float(1);
  const rows: Four<Four<Float>> = [
    [one, s01, s02, s03],
    [s01, one, s12, s13],
    [s02, s12, one, s23],
    [s03, s13, s23, one],
  ];
  const forClass = map4((j) => dot4(rows[j], votes).toVar());
  const most = max(max(forClass[0], forClass[1]), max(forClass[2], forClass[3])).toVar();
  const total = votes[0].add(votes[1]).add(votes[2]).add(votes[3]);
  const steepness = float(1)
    .div(total.mul(classEdge(inputs)))
    .toVar();
  const raw = map4((j) => {
    const standing = max(most.sub(forClass[j]).mul(steepness).oneMinus(), 0);
    return standing.mul(votes[j]).div(max(forClass[j], 1e-6)).toVar();
  });
  const sum = raw[0].add(raw[1]).add(raw[2]).add(raw[3]).toVar();
  return map4((j) => raw[j].div(sum).toVar());
}

/** Premultiplied colour and coverage of the classes. */
function classPaint(inputs: PictureInputs, ids: Four<Float>, shares: Four<Float>): Node<'vec4'> {
  const part = (j: 0 | 1 | 2 | 3): Node<'vec4'> =>
    inputs.colourTable
      .sample(vec2(ids[j].add(0.5).div(COLOUR_SLOTS), 0.5))
      .level(int(0))
      .mul(shares[j]);
  return part(0).add(part(1)).add(part(2)).add(part(3));
}

/** Colour of a confidence, 0 to 1. */
function rampAt(inputs: PictureInputs, confidence: Float): Node<'vec3'> {
  const position = clamp(confidence, 0, 1)
    .mul(RAMP_STEPS - 1)
    .toVar();
  const step = min(floor(position), RAMP_STEPS - 2).toVar();
  const low = inputs.ramp.element(int(step));
  const high = inputs.ramp.element(int(step.add(1)));
  return mix(low.rgb, high.rgb, position.sub(step));
}

/** The picture's colour under paint and outline. */
function painted(
  inputs: PictureInputs,
  variant: Variant & { readonly paint: OverlayMode },
  at: Node<'vec2'>,
  rgb: Node<'vec3'>,
): Node<'vec3'> {
  const near = neighbours(inputs, at);
  const { f, cells, weights, ids, solid } = near;
  const solidWeight = max(dot4(weights, solid), 1e-6).toVar();
  const blend = (values: Four<Float>): Float =>
    dot4(
      weights,
      map4((j) => values[j].mul(solid[j])),
    ).div(solidWeight);

  const b = map4((j) => cells[j].b);
  const drivable = blend(b).toVar();
  const gradient = vec2(
    mix(b[1].sub(b[0]), b[3].sub(b[2]), f.y),
    mix(b[2].sub(b[0]), b[3].sub(b[1]), f.x),
  ).toVar();
  const slopePx = length(gradient.mul(inputs.perPixel)).toVar();

  let paint: Node<'vec4'>;
  if (variant.paint === 'drivable') {
    const soft = max(slopePx.mul(0.5), EDGE_SOFTNESS).toVar();
    const covered = smoothstep(float(0.5).sub(soft), float(0.5).add(soft), drivable);
    const inside = clamp(dot4(weights, solid).sub(0.5).div(classEdge(inputs)).add(0.5), 0, 1);
    const alpha = covered.mul(inside).toVar();
    paint = vec4(inputs.road.mul(alpha), alpha);
  } else {
    paint = classPaint(inputs, ids, sharesOf(inputs, near));
    if (variant.paint === 'confidence') {
      const alpha = paint.a.toVar();
      paint = vec4(rampAt(inputs, blend(map4((j) => cells[j].g))).mul(alpha), alpha);
    }
  }
  const laid = paint.mul(inputs.opacity).toVar();
  const over = rgb.mul(laid.a.oneMinus()).add(laid.rgb);
  if (!variant.outline) return over;
  const line = strokeAt(inputs, abs(drivable.sub(0.5)).div(max(slopePx, 1e-4)), OUTLINE_WIDTH)
    .mul(smoothstep(OUTLINE_SLOPES[0], OUTLINE_SLOPES[1], length(gradient)))
    .mul(solid[0].mul(solid[1]).mul(solid[2]).mul(solid[3]))
    .mul(inputs.outline.a)
    .mul(min(inputs.opacity.mul(3), 1));
  return mix(over, inputs.outline.rgb, line);
}

/** The shader of a variant, for a quad whose uv attribute is the upright picture: 0 to 1, v down. */
export function pictureFragment(inputs: PictureInputs, variant: Variant): Node<'vec4'> {
  return Fn(() => {
    const at = uv();
    const raw = pictureAt(inputs, at, variant.shrunk).toVar();
    const { paint } = variant;
    if (paint === 'painted') {
      const over = inputs.painted.sample(at).level(int(0)).toVar();
      return vec4(raw.mul(over.a.oneMinus()).add(over.rgb), 1);
    }
    const shown = paint === 'none' ? raw : painted(inputs, { ...variant, paint }, at, raw);
    if (!variant.split) return vec4(shown, 1);
    const rgb = at.x.greaterThanEqual(inputs.from).select(shown, raw);
    const distance = abs(at.x.sub(inputs.divider)).mul(inputs.width).toVar();
    const hem = strokeAt(inputs, distance, DIVIDER_WIDTH + DIVIDER_HEM.width).mul(DIVIDER_HEM.shade);
    const line = strokeAt(inputs, distance, DIVIDER_WIDTH);
    return vec4(mix(rgb.mul(hem.oneMinus()), vec3(...DIVIDER_COLOUR), line), 1);
  })();
}
