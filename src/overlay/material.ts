/**
 * The one material of the picture: video, paint, outline and divider in a single draw, on WebGPU and on WebGL2 (three
 * compiles the same nodes for both). `composite.ts` is its CPU twin; a change here is a change there.
 */
import {
  abs,
  clamp,
  Fn,
  float,
  floor,
  fract,
  If,
  int,
  ivec2,
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
import { type Node, NodeMaterial, type Texture, Vector2, Vector3, Vector4 } from 'three/webgpu';
import type { Rotation } from '../sources/source';
import { VOID_CLASS } from '../taxonomy/classes';
import { tapOffset } from './composite';
import {
  CLASS_EDGE_WIDTH,
  COLOUR_SLOTS,
  DIVIDER_COLOUR,
  DIVIDER_WIDTH,
  EDGE_SOFTNESS,
  MODE_CODES,
  OUTLINE_SLOPES,
  OUTLINE_WIDTH,
  type Paint,
  strokeScale,
  VOTE_FLOOR,
} from './paint';
import { type Rect, type Size, TURN_MAPS, uprightSize } from './placement';
import { RAMP_STEPS, RAMP_TABLE } from './ramp';

type Float = Node<'float'>;

const sum = (terms: readonly Float[]): Float =>
  terms.reduce<Float>((total, term) => total.add(term), float(0));

/** Draws the picture's quad, whose uv attribute is the upright picture: 0 to 1, v down. */
export class PictureMaterial {
  readonly material = new NodeMaterial();
  readonly #picture;
  readonly #mask;
  readonly #turnX = uniform(new Vector3(1, 0, 0));
  readonly #turnY = uniform(new Vector3(0, 1, 0));
  readonly #taps = uniform(new Vector2());
  readonly #maskSize = uniform(new Vector2(1, 1));
  readonly #rectSize = uniform(new Vector2(1, 1));
  readonly #strokeScale = uniform(1);
  readonly #mode = uniform(0, 'int');
  readonly #opacity = uniform(0);
  readonly #from = uniform(0);
  readonly #divider = uniform(-1);
  readonly #road = uniform(new Vector3());
  readonly #outline = uniform(new Vector4());
  readonly #colours = Array.from({ length: COLOUR_SLOTS }, () => new Vector4());
  readonly #colourTable = uniformArray<'vec4'>(this.#colours, 'vec4');
  readonly #ramp = uniformArray<'vec4'>(
    RAMP_TABLE.map(([r, g, b]) => new Vector4(r, g, b, 1)),
    'vec4',
  );

  /** @param picture and @param mask textures bound at first; see `setPicture` and `setMask` */
  constructor(picture: Texture, mask: Texture) {
    this.#picture = texture(picture);
    this.#mask = texture(mask);
    this.material.depthTest = false;
    this.material.depthWrite = false;
    this.material.lights = false;
    this.material.fog = false;
    this.material.fragmentNode = this.#fragment();
  }

  /** Binds the texture of the shown picture. */
  setPicture(picture: Texture): void {
    this.#picture.value = picture;
  }

  /** Binds the texture of the mask, of `size` pixels. */
  setMask(mask: Texture, size: Size): void {
    this.#mask.value = mask;
    this.#maskSize.value.set(size.width, size.height);
  }

  /** Places a stored picture of size `stored`, turned by `rotation`, into `rect` of the canvas. */
  setPlacement(stored: Size, rotation: Rotation, rect: Rect): void {
    const upright = uprightSize(stored, rotation);
    const offset = tapOffset(Math.max(upright.width / rect.width, upright.height / rect.height));
    const [xu, xv, x0, yu, yv, y0] = TURN_MAPS[rotation];
    this.#turnX.value.set(xu, xv, x0);
    this.#turnY.value.set(yu, yv, y0);
    this.#taps.value.set(offset / upright.width, offset / upright.height);
    this.#rectSize.value.set(rect.width, rect.height);
    this.#strokeScale.value = strokeScale(rect.width);
  }

  /** Sets the parameters of the pass. */
  setPaint(paint: Paint): void {
    this.#mode.value = MODE_CODES[paint.mode];
    this.#opacity.value = paint.opacity;
    this.#from.value = paint.from;
    this.#divider.value = paint.divider;
    this.#road.value.set(paint.road[0], paint.road[1], paint.road[2]);
    this.#outline.value.set(...paint.outline);
    this.#colours.forEach((slot, id) => {
      slot.set(...(paint.colours[id] ?? ([0, 0, 0, 0] as const)));
    });
  }

  dispose(): void {
    this.material.dispose();
  }

  /** Coverage of a line at a distance from its middle, in canvas pixels. */
  #stroke(distance: Float, width: number): Float {
    const half = this.#strokeScale.mul(width / 2);
    return smoothstep(half.sub(0.5), half.add(0.5), distance).oneMinus();
  }

  /** One bilinear tap of the stored picture at an upright point. Explicit level: callable from any control flow. */
  #tap(point: Node<'vec2'>): Node<'vec3'> {
    const p = vec3(point, 1);
    return this.#picture.sample(vec2(p.dot(this.#turnX), p.dot(this.#turnY))).level(int(0)).rgb;
  }

  #fragment(): Node<'vec4'> {
    return Fn(() => {
      const at = uv();
      const rgb = vec3(this.#tap(at)).toVar();
      // Only a shrunk picture pays for the other taps; the branch is the same for all pixels of a draw.
      If(this.#taps.x.greaterThan(0), () => {
        const corner = (x: number, y: number) => this.#tap(at.add(this.#taps.mul(vec2(x, y))));
        rgb.assign(corner(-1, -1).add(corner(1, -1)).add(corner(-1, 1)).add(corner(1, 1)).mul(0.25));
      });
      If(at.x.greaterThanEqual(this.#from), () => {
        rgb.assign(this.#painted(at, rgb));
      });
      const distance = abs(at.x.sub(this.#divider)).mul(this.#rectSize.x);
      const line = this.#stroke(distance, DIVIDER_WIDTH);
      const divided = mix(rgb, vec3(...DIVIDER_COLOUR), line);
      return vec4(this.#divider.greaterThanEqual(0).select(divided, rgb), 1);
    })();
  }

  /** The picture's colour under paint and outline. */
  #painted(at: Node<'vec2'>, rgb: Node<'vec3'>): Node<'vec3'> {
    const size = this.#maskSize;
    const p = at.mul(size).sub(0.5).toVar();
    const base = floor(p).toVar();
    const f = fract(p).toVar();
    const last = size.sub(1);
    const texel = (dx: number, dy: number) =>
      this.#mask.load(ivec2(clamp(base.add(vec2(dx, dy)), vec2(0), last))).toVar();
    const cells = [texel(0, 0), texel(1, 0), texel(0, 1), texel(1, 1)];
    const weights = [
      f.x.oneMinus().mul(f.y.oneMinus()),
      f.x.mul(f.y.oneMinus()),
      f.x.oneMinus().mul(f.y),
      f.x.mul(f.y),
    ].map((w) => w.toVar());
    const ids = cells.map((cell) => round(cell.r.mul(255)).toVar());
    const solid = ids.map((id) =>
      id
        .lessThan(VOID_CLASS - 0.5)
        .select(float(1), float(0))
        .toVar(),
    );

    const perPixel = size.div(this.#rectSize).toVar();
    const shares = this.#shares(cells, weights, ids, solid, perPixel);

    const solidWeight = max(sum(weights.map((w, j) => w.mul(solid[j]!))), 1e-6).toVar();
    const blend = (values: readonly Float[]): Float =>
      sum(weights.map((w, j) => w.mul(solid[j]!).mul(values[j]!))).div(solidWeight);
    const b = cells.map((cell) => cell.b);
    const drivable = blend(b).toVar();
    const gradient = vec2(
      mix(b[1]!.sub(b[0]!), b[3]!.sub(b[2]!), f.y),
      mix(b[2]!.sub(b[0]!), b[3]!.sub(b[1]!), f.x),
    ).toVar();
    const slopePx = length(gradient.mul(perPixel)).toVar();

    // Premultiplied colour and coverage of the class paint; the coverage also gates the confidence paint.
    const paint = shares
      .map((share, j) => {
        const entry = this.#colourTable.element(int(min(ids[j]!, COLOUR_SLOTS - 1))).toVar();
        return vec4(entry.rgb.mul(entry.a), entry.a).mul(share);
      })
      .reduce((total, term) => total.add(term))
      .toVar();
    If(this.#mode.equal(MODE_CODES.drivable), () => {
      const soft = max(slopePx.mul(0.5), EDGE_SOFTNESS);
      const covered = smoothstep(float(0.5).sub(soft), float(0.5).add(soft), drivable);
      const alpha = covered.mul(sum(shares.map((share, j) => share.mul(solid[j]!))));
      paint.assign(vec4(this.#road.mul(alpha), alpha));
    });
    If(this.#mode.equal(MODE_CODES.confidence), () => {
      const position = clamp(blend(cells.map((cell) => cell.g)), 0, 1)
        .mul(RAMP_STEPS - 1)
        .toVar();
      const step = min(floor(position), RAMP_STEPS - 2).toVar();
      const low = this.#ramp.element(int(step));
      const high = this.#ramp.element(int(step.add(1)));
      paint.assign(vec4(mix(low.rgb, high.rgb, position.sub(step)).mul(paint.a), paint.a));
    });

    const distance = abs(drivable.sub(0.5)).div(max(slopePx, 1e-4));
    const line = this.#stroke(distance, OUTLINE_WIDTH)
      .mul(smoothstep(OUTLINE_SLOPES[0], OUTLINE_SLOPES[1], length(gradient)))
      .mul(solid.reduce<Float>((all, s) => all.mul(s), float(1)))
      .mul(this.#outline.a)
      .mul(min(this.#opacity.mul(3), 1));
    const over = rgb.mul(paint.a.mul(this.#opacity).oneMinus()).add(paint.rgb.mul(this.#opacity));
    return mix(over, this.#outline.rgb, line);
  }

  /** Share of each of the four neighbours in the paint: votes for classes, sharpened to a thin edge. */
  #shares(
    cells: readonly Node<'vec4'>[],
    weights: readonly Float[],
    ids: readonly Float[],
    solid: readonly Float[],
    perPixel: Node<'vec2'>,
  ): Float[] {
    const zero = float(0);
    const votes = weights.map((w, j) => {
      const margin = max(cells[j]!.g.mul(2).sub(1), VOTE_FLOOR);
      return w.mul(mix(float(1), margin, solid[j]!)).toVar();
    });
    const same = (j: number, k: number) => abs(ids[j]!.sub(ids[k]!)).lessThan(0.5);
    const forClass = ids.map((_, j) =>
      sum(votes.map((vote, k) => (k === j ? vote : same(j, k).select(vote, zero)))).toVar(),
    );
    const total = sum(votes).toVar();
    const half = clamp(max(perPixel.x, perPixel.y).mul(CLASS_EDGE_WIDTH), 0.05, 1).toVar();
    const raw = votes.map((vote, j) => {
      const against = forClass
        .map((other, k) => (k === j ? zero : same(j, k).select(zero, other)))
        .reduce((most, other) => max(most, other));
      const lead = forClass[j]!.sub(against).div(total);
      return smoothstep(half.negate(), half, lead).mul(vote).div(max(forClass[j]!, 1e-6)).toVar();
    });
    const rawSum = sum(raw).toVar();
    return raw.map((share) => share.div(rawSum).toVar());
  }
}
