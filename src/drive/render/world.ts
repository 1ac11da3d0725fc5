/** The part of the street that exists right now: sections come ahead of the camera and go behind it. */
import { type BufferGeometry, Group, Mesh, Scene } from 'three';
import type { Course } from '../course/course';
import { MeshBuilder, type MeshData, toGeometry, type Vec3 } from '../shapes/mesh-builder';
import { cyclistMesh, POSES, personMesh } from '../shapes/people';
import { TreeNursery } from '../shapes/trees';
import { vehicleMesh } from '../shapes/vehicles';
import { VEHICLE_SIZE } from '../street/items';
import { type Actor, actorsAt } from '../traffic/actors';
import type { EgoPose } from '../traffic/ego';
import { backdropMesh } from './backdrop';
import type { Lamp } from './lights';
import type { Pass, StreetMaterials } from './materials';
import { buildSection, MESH_KINDS, type MeshKind } from './section-meshes';

/** How far the street exists ahead of and behind the camera, metres. */
const AHEAD = 230;
const BEHIND = 40;
/** Beyond this a pedestrian is under four pixels high at 640 × 360. */
const PEOPLE_RANGE = 130;
/** Number of distinct builds: keeps the geometries of actors few and bounded. */
const PEOPLE = 8;
const CYCLISTS = 5;
const VEHICLE_COLOURS = 12;

/** Sections that begin further ahead than this show their sparse trees. */
const FAR = 95;
/** Sections that end within this of the camera, ahead, cast shadows: what the shadow map covers, and a house's shadow. */
const CASTING = 100;

/** Street lamps a metre away; those of cars, seen from the side, and how far before a car their light lies. */
const LAMP_STRENGTH = 17;
const BEAM_STRENGTH = 2.2;
const BEAM_REACH = 3.5;

/** What the world notes on a mesh. */
interface Note {
  kind: MeshKind;
  /** Whether it is there at this moment. */
  shown: boolean;
  casts: boolean;
  /** Left out of the id map: the dark under moving things. */
  unlabelled: boolean;
}

type StreetMesh = Mesh & { userData: Note };

/** A section's meshes in the scene. */
interface Standing {
  readonly group: Group;
  readonly near: StreetMesh | null;
  readonly far: StreetMesh | null;
  readonly lamps: readonly Vec3[];
}

/** The scene's contents. Owns every geometry it makes. */
export class StreetWorld {
  readonly scene = new Scene();
  readonly #sections = new Map<number, Standing>();
  readonly #geometries = new Map<string, BufferGeometry>();
  readonly #pool: { body: StreetMesh; shade: StreetMesh }[] = [];
  readonly #nursery = new TreeNursery();
  readonly #backdrop: StreetMesh;
  readonly #blob: BufferGeometry;
  /** What the headlights of others throw before them. */
  #beams: Lamp[] = [];

  constructor(
    readonly course: Course,
    readonly materials: StreetMaterials,
    readonly headlights: boolean,
  ) {
    const town = course.style.surroundings === 'centre' || course.style.surroundings === 'suburb';
    this.#backdrop = this.#mesh(toGeometry(backdropMesh(course.seed, town)), 'solid');
    this.#backdrop.frustumCulled = false;
    this.#backdrop.userData.casts = false;
    this.#blob = toGeometry(blobMesh());
    this.scene.add(this.#backdrop);
  }

  /** Makes the street around the camera, takes down what is behind, and moves the actors. */
  update(seconds: number, ego: EgoPose): void {
    this.#stream(ego.s);
    this.#place(seconds, ego);
    const { x, z } = this.course.pose(ego.s);
    let low = Number.POSITIVE_INFINITY;
    for (let s = ego.s; s < ego.s + AHEAD; s += 30) low = Math.min(low, this.course.pose(s).y);
    this.#backdrop.position.set(x, low - 0.4, z);
  }

  /** Every lamp of the street as it stands, and the pools of light before other cars. */
  get lamps(): readonly Lamp[] {
    const street = [...this.#sections.values()].flatMap(({ lamps }) => lamps);
    return [...street.map((at) => ({ at, strength: LAMP_STRENGTH })), ...this.#beams];
  }

  /** Puts the materials of a pass on every mesh, and hides what the pass leaves out. */
  dress(pass: Pass | 'mirror'): void {
    this.scene.traverse((object) => {
      if (!(object instanceof Mesh) || !('kind' in object.userData)) return;
      const { kind, shown, casts, unlabelled } = (object as StreetMesh).userData;
      object.material = this.materials.of(pass === 'mirror' ? 'colour' : pass, kind);
      object.visible =
        shown &&
        (pass !== 'depth' || casts) &&
        (pass !== 'ids' || !unlabelled) &&
        (pass !== 'mirror' || (kind !== 'ground' && kind !== 'decal'));
    });
  }

  dispose(): void {
    for (const index of [...this.#sections.keys()]) this.#drop(index);
    for (const geometry of this.#geometries.values()) geometry.dispose();
    this.#backdrop.geometry.dispose();
    this.#blob.dispose();
    this.scene.clear();
  }

  #mesh(geometry: BufferGeometry, kind: MeshKind): StreetMesh {
    const note: Note = { kind, shown: true, casts: kind !== 'ground' && kind !== 'decal', unlabelled: false };
    return Object.assign(new Mesh(geometry, this.materials.of('colour', kind)), { userData: note });
  }

  #stream(s: number): void {
    const first = this.course.sectionAt(Math.max(0, s - BEHIND)).index;
    const last = this.course.sectionAt(s + AHEAD).index;
    for (const index of [...this.#sections.keys()]) if (index < first || index > last) this.#drop(index);
    for (let index = first; index <= last; index++) {
      if (this.#sections.has(index)) continue;
      const built = buildSection(this.course, this.course.section(index), this.#nursery);
      const group = new Group();
      group.position.set(...built.origin);
      const add = (data: MeshData, kind: MeshKind): StreetMesh | null => {
        if (data.indices.length === 0) return null;
        const mesh = this.#mesh(toGeometry(data), kind);
        group.add(mesh);
        return mesh;
      };
      for (const kind of MESH_KINDS) if (kind !== 'cutout') add(built.meshes[kind], kind);
      const near = add(built.meshes.cutout, 'cutout');
      const far = add(built.farCutout, 'cutout');
      this.#sections.set(index, { group, near, far, lamps: built.lamps });
      this.scene.add(group);
    }
    for (const [index, { group, near, far }] of this.#sections) {
      const { start, length } = this.course.section(index);
      const away = start - s;
      if (near) near.userData.shown = away <= FAR;
      if (far) far.userData.shown = away > FAR;
      const casts = away + length > -12 && away < CASTING;
      for (const child of group.children as StreetMesh[])
        child.userData.casts = casts && child.userData.kind !== 'ground' && child.userData.kind !== 'decal';
    }
  }

  #drop(index: number): void {
    const group = this.#sections.get(index)?.group;
    if (!group) return;
    this.scene.remove(group);
    for (const child of group.children) if (child instanceof Mesh) child.geometry.dispose();
    this.#sections.delete(index);
  }

  #place(seconds: number, ego: EgoPose): void {
    const actors = actorsAt(
      this.course,
      seconds,
      Math.max(0, ego.s - BEHIND * 0.6),
      ego.s + AHEAD - 10,
    ).filter((actor) => actor.kind !== 'person' || actor.s - ego.s < PEOPLE_RANGE);
    while (this.#pool.length < actors.length) {
      const body = this.#mesh(this.#blob, 'solid');
      const shade = this.#mesh(this.#blob, 'decal');
      body.rotation.order = 'YXZ';
      shade.userData.unlabelled = true;
      this.#pool.push({ body, shade });
      this.scene.add(body, shade);
    }
    this.#beams = actors
      .filter((actor) => actor.kind === 'vehicle' && this.headlights)
      .map(({ s, u, yaw, vehicle }) => {
        const reach = VEHICLE_SIZE[vehicle ?? 'saloon'][0] / 2 + BEAM_REACH;
        return {
          at: this.course.point(s + Math.cos(yaw) * reach, u + Math.sin(yaw) * reach, 0.8),
          strength: BEAM_STRENGTH,
        };
      });
    for (const [i, { body, shade }] of this.#pool.entries()) {
      const actor = actors[i];
      body.userData.shown = !!actor;
      shade.userData.shown = !!actor;
      if (!actor) continue;
      body.geometry = this.#geometryOf(actor);
      body.userData.kind = actor.kind === 'vehicle' ? 'shiny' : 'solid';
      const pose = this.course.pose(actor.s);
      const lift = this.course.lift(actor.s, actor.u);
      const [x, y, z] = this.course.point(actor.s, actor.u, lift);
      body.position.set(x, y, z);
      body.rotation.y = -(pose.heading + actor.yaw);
      body.rotation.x = Math.atan(pose.slope * Math.cos(actor.yaw));
      const [length, width] = footprint(actor);
      shade.position.set(x, y + 0.018, z);
      shade.rotation.y = body.rotation.y;
      shade.scale.set(width * 1.06, 1, length * 1.02);
    }
  }

  #geometryOf(actor: Actor): BufferGeometry {
    const key = keyOf(actor);
    let geometry = this.#geometries.get(key);
    if (!geometry) {
      geometry = toGeometry(meshOf(actor, this.headlights));
      this.#geometries.set(key, geometry);
    }
    return geometry;
  }
}

function poseOf(actor: Actor): number {
  return actor.speed > 0 ? Math.floor(actor.phase * POSES) % POSES : -1;
}

function keyOf(actor: Actor): string {
  if (actor.kind === 'vehicle')
    return `${actor.vehicle}${actor.variant % VEHICLE_COLOURS}${actor.braking ? 'b' : ''}`;
  if (actor.kind === 'cyclist') return `cyclist${actor.variant % CYCLISTS}:${poseOf(actor)}`;
  return `person${actor.variant % PEOPLE}:${poseOf(actor)}`;
}

function meshOf(actor: Actor, headlights: boolean): MeshData {
  if (actor.kind === 'vehicle')
    return vehicleMesh(actor.vehicle ?? 'saloon', actor.variant % VEHICLE_COLOURS, headlights, actor.braking);
  if (actor.kind === 'cyclist') return cyclistMesh(actor.variant % CYCLISTS, Math.max(0, poseOf(actor)));
  return personMesh(actor.variant % PEOPLE, poseOf(actor));
}

/** Length and width of what an actor covers on the ground. */
function footprint(actor: Actor): readonly [number, number] {
  if (actor.kind === 'vehicle')
    return [VEHICLE_SIZE[actor.vehicle ?? 'saloon'][0], VEHICLE_SIZE[actor.vehicle ?? 'saloon'][1]];
  return actor.kind === 'cyclist' ? [1.5, 0.5] : [0.55, 0.6];
}

/** A soft dark square of one metre: what little light gets under a car. Not labelled. */
function blobMesh(): MeshData {
  const mesh = new MeshBuilder().paint({ layer: 'blob', classId: 255, glow: 0.52 });
  const c = (x: number, z: number): Vec3 => [x, 0, z];
  mesh.quad(c(-0.5, 0.5), c(0.5, 0.5), c(0.5, -0.5), c(-0.5, -0.5));
  return mesh.data();
}
