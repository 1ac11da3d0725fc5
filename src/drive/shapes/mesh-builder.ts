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

/** The tint of what has none. */
const WHITE: Vec3 = [1, 1, 1];

/** Layers whose alpha is polish: façades, where only the glass shines. */
const POLISHED = /^(front|shop)-/;

/** Vertices that a builder begins with room for. */
const FIRST_ROOM = 256;

/** Typed arrays throughout: a section has tens of thousands of vertices, too many for arrays of boxed numbers. */
function withRoom<T extends Float32Array | Uint8Array | Uint32Array>(items: T, size: number): T {
  const larger = new (items.constructor as new (size: number) => T)(size);
  larger.set(items);
  return larger;
}

/** Accumulates triangles. */
export class MeshBuilder {
  #positions = new Float32Array(FIRST_ROOM * 3);
  #normals = new Float32Array(FIRST_ROOM * 3);
  #uvs = new Float32Array(FIRST_ROOM * 2);
  #tints = new Uint8Array(FIRST_ROOM * 4);
  #meta = new Uint8Array(FIRST_ROOM * 4);
  #indices = new Uint32Array(FIRST_ROOM * 2);
  #room = FIRST_ROOM;
  #vertices = 0;
  #corners = 0;
  // How the next vertices look, in bytes where it can be.
  #tint: Vec3 = WHITE;
  #glow = 0;
  #layer = LAYER_INDEX.plain;
  #classId = 0;
  #gloss = 0;
  #polished = 0;

  /** Number of vertices so far. */
  get vertexCount(): number {
    return this.#vertices;
  }

  /** Sets the look of what follows. */
  paint({ layer, classId, tint = WHITE, gloss = 0, glow = 0 }: Paint): this {
    this.#tint = tint;
    this.#glow = toByte(glow);
    this.#layer = LAYER_INDEX[layer];
    this.#classId = classId;
    this.#gloss = toByte(gloss);
    this.#polished = POLISHED.test(layer) ? 1 : 0;
    return this;
  }

  /** Adds a vertex; `shade` darkens it (occlusion in corners). Returns its index. */
  vertex(at: Vec3, normal: Vec3, u: number, v: number, shade = 1): number {
    const index = this.#reserve(1);
    const [three, two, four] = [index * 3, index * 2, index * 4];
    const positions = this.#positions;
    positions[three] = at[0];
    positions[three + 1] = at[1];
    positions[three + 2] = at[2];
    const normals = this.#normals;
    normals[three] = normal[0];
    normals[three + 1] = normal[1];
    normals[three + 2] = normal[2];
    this.#uvs[two] = u;
    this.#uvs[two + 1] = v;
    const k = shade / TINT_RANGE;
    const tint = this.#tint;
    const tints = this.#tints;
    tints[four] = toByte(tint[0] * k);
    tints[four + 1] = toByte(tint[1] * k);
    tints[four + 2] = toByte(tint[2] * k);
    tints[four + 3] = this.#glow;
    const meta = this.#meta;
    meta[four] = this.#layer;
    meta[four + 1] = this.#classId;
    meta[four + 2] = this.#gloss;
    meta[four + 3] = this.#polished;
    return index;
  }

  /** Adds a triangle of earlier vertices, anticlockwise seen from its front. */
  triangle(a: number, b: number, c: number): void {
    const at = this.#reserveCorners(3);
    this.#indices[at] = a;
    this.#indices[at + 1] = b;
    this.#indices[at + 2] = c;
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
    const count = mesh.positions.length / 3;
    const base = this.#reserve(count);
    const cos = Math.cos(place.heading);
    const sin = Math.sin(place.heading);
    const [atX, atY, atZ] = place.at;
    const [sx, sy, sz] = place.scale ?? [1, 1, 1];
    const [red, green, blue] = place.tint ?? [1, 1, 1];
    const rise = place.rise ?? 0;
    const positions = this.#positions;
    const normals = this.#normals;
    for (let from = 0, to = base * 3; from < count * 3; from += 3, to += 3) {
      const x = mesh.positions[from]! * sx;
      const y = mesh.positions[from + 1]! * sy;
      const z = mesh.positions[from + 2]! * sz;
      positions[to] = atX + x * cos - z * sin;
      positions[to + 1] = atY + y - z * rise;
      positions[to + 2] = atZ + x * sin + z * cos;
      const nx = mesh.normals[from]!;
      const nz = mesh.normals[from + 2]!;
      normals[to] = nx * cos - nz * sin;
      normals[to + 1] = mesh.normals[from + 1]!;
      normals[to + 2] = nx * sin + nz * cos;
    }
    this.#uvs.set(mesh.uvs, base * 2);
    this.#meta.set(mesh.meta, base * 4);
    const tints = this.#tints;
    for (let from = 0, to = base * 4; from < count * 4; from += 4, to += 4) {
      tints[to] = Math.min(255, mesh.tints[from]! * red);
      tints[to + 1] = Math.min(255, mesh.tints[from + 1]! * green);
      tints[to + 2] = Math.min(255, mesh.tints[from + 2]! * blue);
      tints[to + 3] = mesh.tints[from + 3]!;
    }
    const corners = this.#reserveCorners(mesh.indices.length);
    const indices = this.#indices;
    for (let i = 0; i < mesh.indices.length; i++) indices[corners + i] = base + mesh.indices[i]!;
  }

  /** The triangles so far. */
  data(): MeshData {
    const n = this.#vertices;
    return {
      positions: this.#positions.slice(0, n * 3),
      normals: this.#normals.slice(0, n * 3),
      uvs: this.#uvs.slice(0, n * 2),
      tints: this.#tints.slice(0, n * 4),
      meta: this.#meta.slice(0, n * 4),
      indices: this.#indices.slice(0, this.#corners),
    };
  }

  /** Makes room for vertices. @returns index of the first of them */
  #reserve(count: number): number {
    const first = this.#vertices;
    this.#vertices += count;
    if (this.#vertices > this.#room) {
      this.#room = Math.max(this.#vertices, this.#room * 2);
      this.#positions = withRoom(this.#positions, this.#room * 3);
      this.#normals = withRoom(this.#normals, this.#room * 3);
      this.#uvs = withRoom(this.#uvs, this.#room * 2);
      this.#tints = withRoom(this.#tints, this.#room * 4);
      this.#meta = withRoom(this.#meta, this.#room * 4);
    }
    return first;
  }

  /** Makes room for triangles' corners. @returns place of the first of them */
  #reserveCorners(count: number): number {
    const first = this.#corners;
    this.#corners += count;
    if (this.#corners > this.#indices.length)
      this.#indices = withRoom(this.#indices, Math.max(this.#corners, this.#indices.length * 2));
    return first;
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
