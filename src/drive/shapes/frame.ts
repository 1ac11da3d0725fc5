/** From street coordinates to the local space of a section's meshes, whose origin is where the section starts. */
import type { Course, Section } from '../course/course';
import type { Vec3 } from './mesh-builder';

/** Local space of one section: world axes, moved so that numbers stay small and 32-bit floats exact. */
export class SectionFrame {
  /** World position of the local origin. */
  readonly origin: Vec3;

  constructor(
    readonly course: Course,
    readonly section: Section,
  ) {
    const pose = course.pose(section.start);
    this.origin = [pose.x, pose.y, pose.z];
  }

  /** The local point `lift` above the road at (s, u). */
  at(s: number, u: number, lift = 0): Vec3 {
    const [x, y, z] = this.course.point(s, u, lift);
    return [x - this.origin[0], y - this.origin[1], z - this.origin[2]];
  }

  /** Heading of the road at `s`. */
  heading(s: number): number {
    return this.course.pose(s).heading;
  }

  /** The local point a given way from a base: `ahead` along the road's heading there, `right` across it. */
  offset(s: number, u: number, lift: number, ahead: number, right: number): Vec3 {
    const base = this.at(s, u, lift);
    const h = this.heading(s);
    return [
      base[0] + Math.sin(h) * ahead + Math.cos(h) * right,
      base[1],
      base[2] - Math.cos(h) * ahead + Math.sin(h) * right,
    ];
  }
}
