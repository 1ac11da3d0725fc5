import { describe, expect, test } from 'vitest';
import { Course } from '../../../src/drive/course/course';
import { buildSection, MESH_KINDS } from '../../../src/drive/render/section-meshes';
import { MeshBuilder, type MeshData, partByGloss } from '../../../src/drive/shapes/mesh-builder';
import { box } from '../../../src/drive/shapes/solids';
import { TreeNursery } from '../../../src/drive/shapes/trees';
import { CLASS_COUNT } from '../../../src/taxonomy/classes';

const UNLABELLED = 255;

function triangles(mesh: MeshData): number {
  return mesh.indices.length / 3;
}

function classesOf(mesh: MeshData): Set<number> {
  const found = new Set<number>();
  for (let i = 1; i < mesh.meta.length; i += 4) found.add(mesh.meta[i]!);
  return found;
}

describe('a mesh', () => {
  test('takes a copy turned, scaled and moved', () => {
    const thing = new MeshBuilder();
    thing.vertex([0, 1, -2], [0, 0, -1], 0, 0);
    const scene = new MeshBuilder();
    scene.append(thing.data(), { at: [10, 5, 0], heading: Math.PI / 2, scale: [1, 3, 1] });
    const { positions, normals } = scene.data();
    // What lay ahead (−z) lies to the right (+x) after a quarter turn clockwise.
    for (const [i, expected] of [12, 8, 0].entries()) expect(positions[i]).toBeCloseTo(expected);
    expect(normals[0]).toBeCloseTo(1);
  });

  test('rises along its own direction on a hill', () => {
    const thing = new MeshBuilder();
    thing.vertex([0, 0, -4], [0, 1, 0], 0, 0);
    const scene = new MeshBuilder();
    scene.append(thing.data(), { at: [0, 0, 0], heading: 1, rise: 0.1 });
    expect(scene.data().positions[1]).toBeCloseTo(0.4);
  });

  test('parts into matt and shiny without losing a triangle', () => {
    const mesh = new MeshBuilder();
    mesh.paint({ layer: 'brick', classId: 3 });
    box(mesh, [0, 0, 0], [1, 1, 1]);
    mesh.paint({ layer: 'plain', classId: 11, gloss: 0.8 });
    box(mesh, [2, 0, 0], [1, 1, 1]);
    const { matt, shiny } = partByGloss(mesh.data());
    expect(triangles(matt)).toBe(10);
    expect(triangles(shiny)).toBe(10);
    expect([...classesOf(matt)]).toEqual([3]);
    expect([...classesOf(shiny)]).toEqual([11]);
  });

  test('a box faces outwards on every side', () => {
    const mesh = new MeshBuilder();
    box(mesh, [0, -0.5, 0], [1, 1, 1], { bottom: true, turn: 0.7 });
    const { positions, normals } = mesh.data();
    for (let i = 0; i < positions.length; i += 3) {
      const out =
        positions[i]! * normals[i]! +
        positions[i + 1]! * normals[i + 1]! +
        positions[i + 2]! * normals[i + 2]!;
      expect(out).toBeGreaterThan(0.4);
    }
  });
});

describe('sections', () => {
  const nursery = new TreeNursery();
  for (const seed of [1, 2, 5, 9])
    test(`of seed ${seed} are sound and within the budget`, () => {
      const course = new Course(seed);
      let total = 0;
      for (let index = 2; index < 8; index++) {
        const { meshes, farCutout } = buildSection(course, course.section(index), nursery);
        for (const mesh of [...MESH_KINDS.map((kind) => meshes[kind]), farCutout]) {
          const vertices = mesh.positions.length / 3;
          expect(mesh.positions.every(Number.isFinite)).toBe(true);
          expect(mesh.indices.every((i) => i < vertices)).toBe(true);
          for (const id of classesOf(mesh)) expect(id < CLASS_COUNT || id === UNLABELLED).toBe(true);
        }
        // All ground looks up, except the kerbs' faces.
        const { normals } = meshes.ground;
        let down = 0;
        for (let i = 1; i < normals.length; i += 3) if (normals[i]! < -0.01) down++;
        expect(down).toBe(0);
        expect(triangles(farCutout)).toBeLessThanOrEqual(triangles(meshes.cutout));
        for (const kind of MESH_KINDS) total += triangles(meshes[kind]);
      }
      // Six sections, some 300 m, are about what is seen at once.
      expect(total).toBeLessThan(100_000);
    });

  test('are the same whenever they are built', () => {
    const build = (seed: number) =>
      buildSection(new Course(seed), new Course(seed).section(4), new TreeNursery()).meshes;
    expect(build(3).solid.positions).toEqual(build(3).solid.positions);
    expect(build(3).cutout.tints).toEqual(build(3).cutout.tints);
  });
});
