/** Simple solids, added to a `MeshBuilder`. */
import { type MeshBuilder, normalise, type Vec3 } from './mesh-builder';

/**
 * An upright box. `at` is the middle of its base; sizes are along x, y, z; `turn` is clockwise from above.
 * Texture coordinates repeat once per `tile` metres.
 */
export function box(
  mesh: MeshBuilder,
  at: Vec3,
  size: Vec3,
  options: { turn?: number; tile?: number; bottom?: boolean; shadeBase?: number } = {},
): void {
  const { turn = 0, tile = 1, bottom = false, shadeBase = 1 } = options;
  const [hx, hy, hz] = [size[0] / 2, size[1], size[2] / 2];
  const cos = Math.cos(turn);
  const sin = Math.sin(turn);
  const p = (x: number, y: number, z: number): Vec3 => [
    at[0] + x * cos - z * sin,
    at[1] + y,
    at[2] + x * sin + z * cos,
  ];
  const [u, w, v] = [size[0] / tile, size[2] / tile, size[1] / tile];
  mesh.quad(p(-hx, 0, hz), p(hx, 0, hz), p(hx, hy, hz), p(-hx, hy, hz), u, v, shadeBase, 1);
  mesh.quad(p(hx, 0, -hz), p(-hx, 0, -hz), p(-hx, hy, -hz), p(hx, hy, -hz), u, v, shadeBase, 1);
  mesh.quad(p(hx, 0, hz), p(hx, 0, -hz), p(hx, hy, -hz), p(hx, hy, hz), w, v, shadeBase, 1);
  mesh.quad(p(-hx, 0, -hz), p(-hx, 0, hz), p(-hx, hy, hz), p(-hx, hy, -hz), w, v, shadeBase, 1);
  mesh.quad(p(-hx, hy, hz), p(hx, hy, hz), p(hx, hy, -hz), p(-hx, hy, -hz), u, w);
  if (bottom) mesh.quad(p(-hx, 0, -hz), p(hx, 0, -hz), p(hx, 0, hz), p(-hx, 0, hz), u, w);
}

/** A tapered tube between two points, open at the ends; smooth around. */
export function tube(mesh: MeshBuilder, from: Vec3, to: Vec3, r0: number, r1: number, sides = 6): void {
  const axis = normalise([to[0] - from[0], to[1] - from[1], to[2] - from[2]]);
  const helper: Vec3 = Math.abs(axis[1]) < 0.9 ? [0, 1, 0] : [1, 0, 0];
  const a = normalise([
    axis[1] * helper[2] - axis[2] * helper[1],
    axis[2] * helper[0] - axis[0] * helper[2],
    axis[0] * helper[1] - axis[1] * helper[0],
  ]);
  const b: Vec3 = [
    axis[1] * a[2] - axis[2] * a[1],
    axis[2] * a[0] - axis[0] * a[2],
    axis[0] * a[1] - axis[1] * a[0],
  ];
  const length = Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
  const first = mesh.vertexCount;
  for (let i = 0; i <= sides; i++) {
    const angle = (i / sides) * Math.PI * 2;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const n: Vec3 = [a[0] * c + b[0] * s, a[1] * c + b[1] * s, a[2] * c + b[2] * s];
    mesh.vertex([from[0] + n[0] * r0, from[1] + n[1] * r0, from[2] + n[2] * r0], n, i / sides, 0);
    mesh.vertex([to[0] + n[0] * r1, to[1] + n[1] * r1, to[2] + n[2] * r1], n, i / sides, length);
  }
  for (let i = 0; i < sides; i++) {
    const k = first + i * 2;
    mesh.triangle(k, k + 2, k + 3);
    mesh.triangle(k, k + 3, k + 1);
  }
}

/** An ellipsoid with semi-axes `size`. */
export function ellipsoid(mesh: MeshBuilder, at: Vec3, size: Vec3, sides = 7, rings = 5): void {
  const first = mesh.vertexCount;
  for (let ring = 0; ring <= rings; ring++) {
    const polar = (ring / rings) * Math.PI;
    for (let i = 0; i <= sides; i++) {
      const angle = (i / sides) * Math.PI * 2;
      const d: Vec3 = [Math.sin(polar) * Math.cos(angle), Math.cos(polar), Math.sin(polar) * Math.sin(angle)];
      mesh.vertex(
        [at[0] + d[0] * size[0], at[1] + d[1] * size[1], at[2] + d[2] * size[2]],
        normalise([d[0] / size[0], d[1] / size[1], d[2] / size[2]]),
        i / sides,
        1 - ring / rings,
      );
    }
  }
  for (let ring = 0; ring < rings; ring++)
    for (let i = 0; i < sides; i++) {
      const a = first + ring * (sides + 1) + i;
      const b = a + sides + 1;
      mesh.triangle(a, a + 1, b + 1);
      mesh.triangle(a, b + 1, b);
    }
}

/** A disc that faces along ±x (`side`): wheels. */
export function wheelDisc(mesh: MeshBuilder, at: Vec3, radius: number, side: 1 | -1, sides = 12): void {
  const normal: Vec3 = [side, 0, 0];
  const centre = mesh.vertex(at, normal, 0.5, 0.5);
  for (let i = 0; i <= sides; i++) {
    const angle = (i / sides) * Math.PI * 2 * -side;
    mesh.vertex([at[0], at[1] + Math.sin(angle) * radius, at[2] + Math.cos(angle) * radius], normal, 0.5, 1);
  }
  for (let i = 0; i < sides; i++) mesh.triangle(centre, centre + 1 + i, centre + 2 + i);
}

/**
 * A flat card around `at` with axes `right` and `up` (half sizes), lit as if it faced `normal`: foliage.
 * Visible from both sides, because cut-outs are drawn without culling.
 */
export function card(mesh: MeshBuilder, at: Vec3, right: Vec3, up: Vec3, normal: Vec3, shade: number): void {
  const corner = (x: number, y: number): Vec3 => [
    at[0] + right[0] * x + up[0] * y,
    at[1] + right[1] * x + up[1] * y,
    at[2] + right[2] * x + up[2] * y,
  ];
  const i = mesh.vertex(corner(-1, -1), normal, 0, 0, shade * 0.9);
  mesh.vertex(corner(1, -1), normal, 1, 0, shade * 0.9);
  mesh.vertex(corner(1, 1), normal, 1, 1, shade);
  mesh.vertex(corner(-1, 1), normal, 0, 1, shade);
  mesh.triangle(i, i + 1, i + 2);
  mesh.triangle(i, i + 2, i + 3);
}
