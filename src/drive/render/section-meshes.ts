/** Builds what is drawn of one section: solids, cut-outs and decals, each one draw call. */

import type { Course, Section } from '../course/course';
import { Random } from '../random';
import { buildBarrier } from '../shapes/barriers';
import { buildBuilding } from '../shapes/buildings';
import { buildDecals } from '../shapes/decals';
import { SectionFrame } from '../shapes/frame';
import { buildFurniture, buildWires } from '../shapes/furniture';
import { buildGround } from '../shapes/ground';
import { MeshBuilder, type MeshData, partByGloss, type Vec3 } from '../shapes/mesh-builder';
import { personMesh } from '../shapes/people';
import type { TreeNursery } from '../shapes/trees';
import { vehicleMesh } from '../shapes/vehicles';
import { layoutSection } from '../street/layout';

/** How things are drawn: ground with its stains, matt, shining, with holes, or blended over the road. */
export const MESH_KINDS = ['ground', 'solid', 'shiny', 'cutout', 'decal'] as const;

/** One of them. */
export type MeshKind = (typeof MESH_KINDS)[number];

/** The meshes of a section and where they belong. */
export interface SectionMeshes {
  /** World position of their origin. */
  readonly origin: Vec3;
  readonly meshes: Readonly<Record<MeshKind, MeshData>>;
  /** What stands in for the cut-outs when the section is far away. */
  readonly farCutout: MeshData;
  /** World positions of its street lamps' heads. */
  readonly lamps: readonly Vec3[];
}

/** How far a lamp's head hangs out over the road, metres: see `shapes/furniture`. */
const LAMP_REACH = 1.75;

/** Builds a section: about 10 000 triangles. */
export function buildSection(course: Course, section: Section, nursery: TreeNursery): SectionMeshes {
  const frame = new SectionFrame(course, section);
  const layout = layoutSection(course, section);
  const ground = new MeshBuilder();
  const solid = new MeshBuilder();
  const cutout = new MeshBuilder();
  const decal = new MeshBuilder();
  const farLeaves = new MeshBuilder();
  const base = new Random(course.seed, 'asphalt').between(0.52, 0.86);
  buildGround(ground, frame, base);
  for (const building of layout.buildings) buildBuilding(solid, frame, building);
  const screens = new MeshBuilder();
  for (const item of layout.furniture) buildFurniture(solid, screens, frame, item);
  for (const barrier of layout.barriers) buildBarrier(solid, screens, frame, barrier);
  const whole = { at: [0, 0, 0] as const, heading: 0 };
  cutout.append(screens.data(), whole);
  farLeaves.append(screens.data(), whole);
  for (const tree of layout.trees) {
    const { wood, leaves, sparse } = nursery.tree(tree.kind, tree.variant);
    const at = frame.at(tree.s, tree.u, course.lift(tree.s, tree.u) - 0.03);
    const wide = tree.height * (0.9 + (tree.variant % 5) * 0.06);
    const tone = 0.86 + (tree.variant % 7) * 0.045;
    const place = {
      at,
      heading: tree.variant,
      scale: [wide, tree.height, wide] as const,
      tint: [tone * (1 + (tree.variant % 3) * 0.05), tone, tone * 0.97] as const,
    };
    solid.append(wood, place);
    cutout.append(leaves, place);
    farLeaves.append(sparse, place);
  }
  for (const vehicle of layout.vehicles)
    solid.append(vehicleMesh(vehicle.kind, vehicle.colour, vehicle.lights, false), {
      at: frame.at(vehicle.s, vehicle.u, 0),
      heading: frame.heading(vehicle.s) + vehicle.yaw,
      rise: course.pose(vehicle.s).slope * Math.cos(vehicle.yaw),
    });
  for (const person of layout.people)
    solid.append(personMesh(person.variant, -1), {
      at: frame.at(person.s, person.u, course.lift(person.s, person.u)),
      heading: frame.heading(person.s) + person.yaw,
    });
  wires(solid, frame, course, section);
  buildDecals(decal, frame, layout);
  const { matt, shiny } = partByGloss(solid.data());
  return {
    origin: frame.origin,
    meshes: { ground: ground.data(), solid: matt, shiny, cutout: cutout.data(), decal: decal.data() },
    farCutout: farLeaves.data(),
    lamps: layout.furniture
      .filter(({ kind }) => kind === 'lamp')
      .map(({ s, u, height }) => course.point(s, u - Math.sign(u) * LAMP_REACH, course.lift(s, u) + height)),
  };
}

/** Cables from this section's pole to the next one's. */
function wires(mesh: MeshBuilder, frame: SectionFrame, course: Course, section: Section): void {
  const { style } = course;
  if (!style.overheadWires) return;
  const kerb = style.side < 0 ? style.kerbLeft : style.kerbRight;
  const u = style.side * (kerb + style.verge + style.pavement - 0.3);
  const next = course.section(section.index + 1);
  const h = frame.heading(section.start);
  buildWires(mesh, frame.at(section.start + 2, u, 8.1), frame.at(next.start + 2, u, 8.1), [
    Math.cos(h),
    0,
    Math.sin(h),
  ]);
}
