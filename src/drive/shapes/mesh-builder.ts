/**
 * Collects triangles in the street's own vertex format: position, normal, texture coordinates, tint and what the
 * shaders need to know (texture layer, class id, gloss, glow). Thousands of things become one draw call.
 */
import { BufferAttribute, BufferGeometry } from 'three';
import { LAYER_INDEX, type LayerName } from '../textures/layers';

/** A point or direction. */
export type Vec3 = readonly [number, number, number];

/** How the next vertices look. Colours are sRGB, 0 to 1 (slightly more brightens the texture). */
export interface Paint {
  /** Texture of `textures/layers`. */
  readonly layer: LayerName;
  /** Class id, or 255 for what the id map leaves out (wires, dirt, shadows under cars). */
  readonly classId: number;
  readonly tint?: Vec3;
  /** 0 matt to 1 polished. */
  readonly gloss?: number;
  /** 0 none to 1: lamps of vehicles, lit signals. */
  readonly glow?: number;
}

/** Finished triangles, ready for the GPU or to be copied into another builder. */
export interface MeshData {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly uvs: Float32Array;
  /** rgb tint and glow. */
  readonly tints: Uint8Array;
  /** layer, class id, gloss, whether the layer's alpha is polish. */
  readonly meta: Uint8Array;
  readonly indices: Uint32Array;
}

/** Where and how a copy of a mesh stands. */
export interface Placement {
  readonly at: Vec3;
  /** Clockwise seen from above, radians: a thing built facing −z then faces along this heading. */
  readonly heading: number;
  readonly scale?: Vec3;
  /** Rise per metre along the thing's own −z: a car on a hill. */
  readonly rise?: number;
  /** Multiplies the colours. */
  readonly tint?: Vec3;
}

/** Tints are stored in bytes with this headroom, so that a texture can be brightened up to 1.5 times. */
const TINT_RANGE = 1.5;

/** Layers whose alpha is polish: façades, where only the glass shines. */
const POLISHED = /^(front|shop)-/;

/** A typed array with room to grow: a section has tens of thousands of vertices, too many for arrays of boxed numbers. */
class Growing<T extends Float32Array | Uint8Array | Uint32Array> {
  length = 0;
  #items: T;

  constructor(private readonly type: new (size: number) => T) {
    this.#items = new type(1024);
  }

  push(a: number, b: number, c?: number, d?: number): void {
    if (this.length + 4 > this.#items.length) {
      const larger = new this.type(this.#items.length * 2);
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.length++] = a;
    this.#items[this.length++] = b;
    if (c !== undefined) this.#items[this.length++] = c;
    if (d !== undefined) this.#items[this.length++] = d;
  }

  taken(): T {
    return this.#items.slice(0, this.length) as T;
  }
}

/** Accumulates triangles. */
export class MeshBuilder {
  readonly #positions = new Growing(Float32Array);
  readonly #normals = new Growing(Float32Array);
  readonly #uvs = new Growing(Float32Array);
  readonly #tints = new Growing(Uint8Array);
  readonly #meta = new Growing(Uint8Array);
  readonly #indices = new Growing(Uint32Array);
  #paint: Paint = { layer: 'plain', classId: 0 };

  /** Number of vertices so far. */
  get vertexCount(): number {
    return this.#positions.length / 3;
  }

  /** Sets the look of what follows. */
  paint(paint: Paint): this {
    this.#paint = paint;
    return this;
  }

  /** Adds a vertex; `shade` darkens it (occlusion in corners). Returns its index. */
  vertex(at: Vec3, normal: Vec3, u: number, v: number, shade = 1): number {
    const { layer, classId, tint = [1, 1, 1], gloss = 0, glow = 0 } = this.#paint;
    const index = this.vertexCount;
    this.#positions.push(at[0], at[1], at[2]);
    this.#normals.push(normal[0], normal[1], normal[2]);
    this.#uvs.push(u, v);
    const k = shade / TINT_RANGE;
    this.#tints.push(toByte(tint[0] * k), toByte(tint[1] * k), toByte(tint[2] * k), toByte(glow));
    this.#meta.push(LAYER_INDEX[layer], classId, toByte(gloss), POLISHED.test(layer) ? 1 : 0);
    return index;
  }

  /** Adds a triangle of earlier vertices, anticlockwise seen from its front. */
  triangle(a: number, b: number, c: number): void {
    this.#indices.push(a, b, c);
  }

  /**
   * Adds a flat quadrilateral, corners anticlockwise seen from its front, with texture coordinates from
   * (0, 0) at `a` to (`u`, `v`) at `c`.
   */
  quad(a: Vec3, b: Vec3, c: Vec3, d: Vec3, u = 1, v = 1, shadeAB = 1, shadeCD = 1, u0 = 0, v0 = 0): void {
    const normal = faceNormal(a, b, c);
    const i = this.vertex(a, normal, u0, v0, shadeAB);
    this.vertex(b, normal, u0 + u, v0, shadeAB);
    this.vertex(c, normal, u0 + u, v0 + v, shadeCD);
    this.vertex(d, normal, u0, v0 + v, shadeCD);
    this.triangle(i, i + 1, i + 2);
    this.triangle(i, i + 2, i + 3);
  }

  /** Copies a mesh in. */
  append(mesh: MeshData, place: Placement): void {
    const base = this.vertexCount;
    const cos = Math.cos(place.heading);
    const sin = Math.sin(place.heading);
    const [sx, sy, sz] = place.scale ?? [1, 1, 1];
    const [red, green, blue] = place.tint ?? [1, 1, 1];
    const rise = place.rise ?? 0;
    const count = mesh.positions.length / 3;
    for (let i = 0; i < count; i++) {
      const x = mesh.positions[i * 3]! * sx;
      const y = mesh.positions[i * 3 + 1]! * sy;
      const z = mesh.positions[i * 3 + 2]! * sz;
      this.#positions.push(
        place.at[0] + x * cos - z * sin,
        place.at[1] + y - z * rise,
        place.at[2] + x * sin + z * cos,
      );
      const nx = mesh.normals[i * 3]!;
      const nz = mesh.normals[i * 3 + 2]!;
      this.#normals.push(nx * cos - nz * sin, mesh.normals[i * 3 + 1]!, nx * sin + nz * cos);
      this.#uvs.push(mesh.uvs[i * 2]!, mesh.uvs[i * 2 + 1]!);
      const [j, t] = [i * 4, mesh.tints];
      this.#tints.push(
        Math.min(255, t[j]! * red),
        Math.min(255, t[j + 1]! * green),
        Math.min(255, t[j + 2]! * blue),
        t[j + 3]!,
      );
      this.#meta.push(mesh.meta[j]!, mesh.meta[j + 1]!, mesh.meta[j + 2]!, mesh.meta[j + 3]!);
    }
    const { indices } = mesh;
    for (let i = 0; i < indices.length; i += 3)
      this.#indices.push(base + indices[i]!, base + indices[i + 1]!, base + indices[i + 2]!);
  }

  /** The triangles so far. */
  data(): MeshData {
    return {
      positions: this.#positions.taken(),
      normals: this.#normals.taken(),
      uvs: this.#uvs.taken(),
      tints: this.#tints.taken(),
      meta: this.#meta.taken(),
      indices: this.#indices.taken(),
    };
  }
}

/** Parts a mesh into what is matt and what shines, by the gloss of each triangle's first vertex. */
export function partByGloss(mesh: MeshData): { readonly matt: MeshData; readonly shiny: MeshData } {
  const part = (shines: boolean): MeshData => {
    const places = new Int32Array(mesh.positions.length / 3).fill(-1);
    const kept: number[] = [];
    const indices: number[] = [];
    for (let i = 0; i < mesh.indices.length; i += 3) {
      if (mesh.meta[mesh.indices[i]! * 4 + 2]! > 4 !== shines) continue;
      for (let k = 0; k < 3; k++) {
        const vertex = mesh.indices[i + k]!;
        if (places[vertex] === -1) places[vertex] = kept.push(vertex) - 1;
        indices.push(places[vertex]!);
      }
    }
    const gather = <T extends Float32Array | Uint8Array>(source: T, out: T, width: number): T => {
      for (const [i, vertex] of kept.entries())
        for (let c = 0; c < width; c++) out[i * width + c] = source[vertex * width + c]!;
      return out;
    };
    const n = kept.length;
    return {
      positions: gather(mesh.positions, new Float32Array(n * 3), 3),
      normals: gather(mesh.normals, new Float32Array(n * 3), 3),
      uvs: gather(mesh.uvs, new Float32Array(n * 2), 2),
      tints: gather(mesh.tints, new Uint8Array(n * 4), 4),
      meta: gather(mesh.meta, new Uint8Array(n * 4), 4),
      indices: new Uint32Array(indices),
    };
  };
  return { matt: part(false), shiny: part(true) };
}

/** Hands a mesh to three. The caller owns the geometry and disposes it. */
export function toGeometry(mesh: MeshData): BufferGeometry {
  const geometry = new BufferGeometry();
  const normals = new Int8Array((mesh.normals.length / 3) * 4);
  for (let i = 0; i < mesh.normals.length / 3; i++)
    for (let c = 0; c < 3; c++) normals[i * 4 + c] = Math.round(mesh.normals[i * 3 + c]! * 127);
  geometry.setAttribute('position', new BufferAttribute(mesh.positions, 3));
  geometry.setAttribute('normal', new BufferAttribute(normals, 4, true));
  geometry.setAttribute('uv', new BufferAttribute(mesh.uvs, 2));
  geometry.setAttribute('tint', new BufferAttribute(mesh.tints, 4, true));
  geometry.setAttribute('meta', new BufferAttribute(mesh.meta, 4));
  geometry.setIndex(new BufferAttribute(mesh.indices, 1));
  geometry.computeBoundingSphere();
  return geometry;
}

/** Unit normal of the plane through three points, towards whoever sees them anticlockwise. */
export function faceNormal(a: Vec3, b: Vec3, c: Vec3): Vec3 {
  const [ux, uy, uz] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
  const [vx, vy, vz] = [c[0] - a[0], c[1] - a[1], c[2] - a[2]];
  return normalise([uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx]);
}

/** The direction of a vector; up for the zero vector. */
export function normalise(v: Vec3): Vec3 {
  const length = Math.hypot(v[0], v[1], v[2]);
  return length > 1e-12 ? [v[0] / length, v[1] / length, v[2] / length] : [0, 1, 0];
}

function toByte(x: number): number {
  return Math.max(0, Math.min(255, Math.round(x * 255)));
}
