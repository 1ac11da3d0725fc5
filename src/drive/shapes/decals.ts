/** Paint, cracks, patches and the dark under parked cars: thin layers on the asphalt, blended over it. */

import { ownId } from '../../taxonomy/classes';
import { Random } from '../random';
import type { Layout } from '../street/items';
import { VEHICLE_SIZE } from '../street/items';
import { type Markings, paintSection } from '../street/markings';
import type { SectionFrame } from './frame';
import type { MeshBuilder, Vec3 } from './mesh-builder';

const LANE_MARKING = ownId('lane marking');
/** Class of decals that the id map leaves to what lies under them. */
const UNLABELLED = 255;
/** Above the asphalt, metres: enough for the depth buffer at 200 m together with the polygon offset. */
const LIFT = 0.012;

/** A flat quad in (s, u) around a middle, turned by `angle`. */
function patch(
  mesh: MeshBuilder,
  frame: SectionFrame,
  s: number,
  u: number,
  along: number,
  across: number,
  angle: number,
  lift: number,
): void {
  const corner = (a: number, b: number): Vec3 => {
    const [ds, du] = [a * along, b * across];
    return frame.at(
      s + ds * Math.cos(angle) - du * Math.sin(angle),
      u + ds * Math.sin(angle) + du * Math.cos(angle),
      lift,
    );
  };
  mesh.quad(corner(-0.5, -0.5), corner(-0.5, 0.5), corner(0.5, 0.5), corner(0.5, -0.5));
}

function paint(mesh: MeshBuilder, frame: SectionFrame, marks: Markings): void {
  // Opacity goes where other meshes have their glow: 1 is fresh, 0 is gone.
  const left = 1 - frame.course.style.wear;
  const layer = 'paint';
  for (const strip of marks.strips) {
    const tint: Vec3 = strip.colour === 'white' ? [1, 1, 1] : [0.86, 0.68, 0.24];
    mesh.paint({ layer, classId: LANE_MARKING, tint, glow: left });
    const count = Math.max(1, Math.ceil((strip.s1 - strip.s0) / 4));
    for (let i = 0; i < count; i++) {
      const a = strip.s0 + ((strip.s1 - strip.s0) * i) / count;
      const b = strip.s0 + ((strip.s1 - strip.s0) * (i + 1)) / count;
      mesh.quad(
        frame.at(a, strip.u0, LIFT),
        frame.at(a, strip.u1, LIFT),
        frame.at(b, strip.u1, LIFT),
        frame.at(b, strip.u0, LIFT),
        (strip.u1 - strip.u0) / 3,
        (b - a) / 3,
        1,
        1,
        strip.u0 / 3,
        a / 3,
      );
    }
  }
  mesh.paint({ layer, classId: LANE_MARKING, glow: left });
  for (const [p, q, r] of marks.triangles) {
    const turned = (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]) < 0;
    const points = turned ? [p, q, r] : [p, r, q];
    const first = points.map(([s, u]) => mesh.vertex(frame.at(s, u, LIFT), [0, 1, 0], u / 3, s / 3));
    mesh.triangle(first[0]!, first[1]!, first[2]!);
  }
}

function damage(mesh: MeshBuilder, frame: SectionFrame): void {
  const { course, section } = frame;
  const { style } = course;
  const random = new Random(course.seed, 'damage', section.index);
  const across = (margin: number): number =>
    random.between(-style.kerbLeft + margin, style.kerbRight - margin);
  const along = (): number => section.start + random.between(2, section.length - 2);
  for (let i = random.whole(0, 3); i > 0; i--) {
    mesh.paint({
      layer: 'patch',
      classId: UNLABELLED,
      tint: random.chance(0.6) ? [1, 1, 1] : [1.4, 1.4, 1.38],
      glow: random.between(0.28, 0.4),
    });
    patch(mesh, frame, along(), across(1.6), random.between(1, 7), random.between(0.7, 2.2), 0, LIFT * 0.4);
  }
  for (let i = random.whole(2, 7); i > 0; i--) {
    mesh.paint({ layer: 'cracks', classId: UNLABELLED, glow: 0.5 });
    patch(
      mesh,
      frame,
      along(),
      across(1.2),
      random.between(2, 5),
      random.between(1, 2.2),
      random.between(-0.5, 0.5),
      LIFT * 0.6,
    );
  }
  for (let i = random.whole(0, 2); i > 0; i--) {
    mesh.paint({ layer: 'blob', classId: UNLABELLED, tint: [3.2, 3.1, 3], glow: 0.5 });
    patch(mesh, frame, along(), across(1.2), 0.66, 0.66, 0.2, LIFT * 0.7); // a manhole cover
  }
}

/** Adds all decals of a section, lowest first: they are blended in this order. */
export function buildDecals(mesh: MeshBuilder, frame: SectionFrame, layout: Layout): void {
  damage(mesh, frame);
  paint(mesh, frame, paintSection(frame.course, frame.section));
  mesh.paint({ layer: 'blob', classId: UNLABELLED, glow: 0.55 });
  for (const vehicle of layout.vehicles) {
    const [length, width] = VEHICLE_SIZE[vehicle.kind];
    patch(mesh, frame, vehicle.s, vehicle.u, length * 1.02, width * 1.06, vehicle.yaw, LIFT * 1.3);
  }
}
