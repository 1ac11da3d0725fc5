/** The far edge of the world: a hazy line of trees and roofs all round, and the land before it. */

import { ownId } from '../../taxonomy/classes';
import { Random } from '../random';
import { MeshBuilder, type MeshData, type Vec3 } from '../shapes/mesh-builder';

const BUILDING = ownId('building');
const VEGETATION = ownId('vegetation');
/** Distance of the tree line from the camera, metres: just beyond the built street. */
const RADIUS = 290;

/** The backdrop around the origin, ground at y = 0; it travels with the camera. */
export function backdropMesh(seed: number, town: boolean): MeshData {
  const mesh = new MeshBuilder();
  const random = new Random(seed, 'backdrop');
  const at = (angle: number, radius: number, y: number): Vec3 => [
    Math.sin(angle) * radius,
    y,
    -Math.cos(angle) * radius,
  ];
  mesh.paint({ layer: 'grass', classId: VEGETATION });
  const parts = 48;
  for (let i = 0; i < parts; i++) {
    const [a, b] = [(i / parts) * Math.PI * 2, ((i + 1) / parts) * Math.PI * 2];
    mesh.quad(at(a, 20, 0), at(b, 20, 0), at(b, RADIUS + 20, 0), at(a, RADIUS + 20, 0), 8, 60);
  }
  const steps = 300;
  let height = 9;
  const heights = Array.from({ length: steps }, () => {
    height = Math.max(4, Math.min(16, height + random.between(-2.2, 2.2)));
    return height + random.between(-0.8, 0.8);
  });
  mesh.paint({ layer: 'hedge', classId: VEGETATION, tint: [0.8, 0.85, 0.8] });
  for (let i = 0; i < steps; i++) {
    const [a, b] = [(i / steps) * Math.PI * 2, ((i + 1) / steps) * Math.PI * 2];
    const [p, q] = [heights[i]!, heights[(i + 1) % steps]!];
    const first = mesh.vertexCount;
    const inward = (angle: number): Vec3 => [-Math.sin(angle), 0.3, Math.cos(angle)];
    mesh.vertex(at(a, RADIUS, -6), inward(a), 0, 0, 0.6);
    mesh.vertex(at(b, RADIUS, -6), inward(b), 2, 0, 0.6);
    mesh.vertex(at(b, RADIUS, q), inward(b), 2, q / 4);
    mesh.vertex(at(a, RADIUS, p), inward(a), 0, p / 4);
    mesh.triangle(first, first + 1, first + 2);
    mesh.triangle(first, first + 2, first + 3);
  }
  for (let i = town ? 46 : 8; i > 0; i--) {
    const angle = random.next() * Math.PI * 2;
    const half = random.between(0.015, 0.04);
    const top = random.between(9, town ? 24 : 12);
    const r = RADIUS - random.between(4, 20);
    const tone = random.between(0.6, 0.95);
    mesh.paint({
      layer: random.pick(['front-panel', 'front-brick', 'front-render'] as const),
      classId: BUILDING,
      tint: [tone, tone, tone],
    });
    mesh.quad(
      at(angle - half, r, -6),
      at(angle + half, r, -6),
      at(angle + half, r, top),
      at(angle - half, r, top),
      (half * r) / 3,
      top / 6,
    );
  }
  return mesh.data();
}
