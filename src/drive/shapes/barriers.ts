/** Railings, walls, hedges, guard rails along their lines. */

import { ownId } from '../../taxonomy/classes';
import { Random } from '../random';
import type { Barrier, BarrierKind } from '../street/items';
import { LAYER_SIZE, type LayerName } from '../textures/layers';
import type { SectionFrame } from './frame';
import { type MeshBuilder, normalise, type Vec3 } from './mesh-builder';
import { box, card } from './solids';

const FENCE = ownId('fence');
const VEGETATION = ownId('vegetation');

/** Class of each kind: garden walls count with the fences, as barriers that one cannot cross. */
const BARRIER_CLASS: Readonly<Record<BarrierKind, number>> = {
  iron: FENCE,
  mesh: FENCE,
  wood: FENCE,
  wall: FENCE,
  hedge: VEGETATION,
  rail: FENCE,
};
const SCREENS = new Set<BarrierKind>(['iron', 'mesh', 'wood']);
const STEEL: Vec3 = [0.66, 0.67, 0.66];

/** Adds a barrier: screens to the cut-outs, the rest to the solids. */
export function buildBarrier(
  solid: MeshBuilder,
  cutout: MeshBuilder,
  frame: SectionFrame,
  barrier: Barrier,
): void {
  const { kind, height } = barrier;
  const classId = BARRIER_CLASS[kind];
  const lift = frame.course.style.kerbHeight - 0.03;
  const points = barrier.line.map(([s, u]) => frame.at(s, u, lift));
  for (let i = 0; i + 1 < points.length; i++) {
    const [a, b] = [points[i]!, points[i + 1]!];
    const length = Math.hypot(b[0] - a[0], b[2] - a[2]);
    const middle: Vec3 = [(a[0] + b[0]) / 2, Math.min(a[1], b[1]), (a[2] + b[2]) / 2];
    // A box's x axis runs along the barrier.
    const turn = Math.atan2(b[2] - a[2], b[0] - a[0]);
    if (SCREENS.has(kind))
      screen(solid, cutout, kind as 'iron' | 'mesh' | 'wood', classId, a, b, length, height);
    else if (kind === 'rail') {
      solid.paint({ layer: 'plain', classId, tint: STEEL, gloss: 0.25 });
      box(solid, [middle[0], middle[1] + height * 0.55, middle[2]], [length + 0.02, height * 0.42, 0.09], {
        turn,
        bottom: true,
      });
      solid.paint({ layer: 'plain', classId, tint: [0.5, 0.5, 0.5] });
      box(solid, a, [0.1, height * 0.9, 0.12], { turn });
    } else if (kind === 'wall') {
      const layer: LayerName = barrier.line.length % 2 ? 'brick' : 'blocks';
      solid.paint({ layer, classId, tint: [0.95, 0.94, 0.92] });
      box(solid, middle, [length, height, 0.24], { turn, tile: LAYER_SIZE[layer][0], shadeBase: 0.75 });
      solid.paint({ layer: 'kerb', classId, tint: [0.9, 0.9, 0.88] });
      box(solid, [middle[0], middle[1] + height, middle[2]], [length, 0.07, 0.32], { turn });
    } else hedge(solid, cutout, middle, length, height, turn);
  }
}

function screen(
  solid: MeshBuilder,
  cutout: MeshBuilder,
  kind: 'iron' | 'mesh' | 'wood',
  classId: number,
  a: Vec3,
  b: Vec3,
  length: number,
  height: number,
): void {
  const [tw, th] = LAYER_SIZE[kind];
  cutout.paint({ layer: kind, classId });
  const high = kind === 'mesh' ? height / th : 1;
  cutout.quad(a, b, [b[0], b[1] + height, b[2]], [a[0], a[1] + height, a[2]], length / tw, high, 0.85, 1);
  solid.paint({
    layer: 'plain',
    classId,
    tint: kind === 'wood' ? [0.4, 0.32, 0.24] : kind === 'iron' ? [0.15, 0.15, 0.16] : [0.45, 0.46, 0.46],
  });
  box(solid, a, [0.08, height + 0.06, 0.08]);
}

function hedge(
  solid: MeshBuilder,
  cutout: MeshBuilder,
  middle: Vec3,
  length: number,
  height: number,
  turn: number,
): void {
  const random = new Random('hedge', Math.round(middle[0] * 100), Math.round(middle[2] * 100));
  solid.paint({ layer: 'hedge', classId: VEGETATION });
  box(solid, middle, [length + 0.05, height, 0.7], { turn, tile: 2, shadeBase: 0.55 });
  // Loose twigs over the cut edge.
  for (let i = 0; i < length * 2.2; i++) {
    const along = random.between(-0.5, 0.5) * length;
    const at: Vec3 = [
      middle[0] + Math.cos(turn) * along + random.between(-0.3, 0.3),
      middle[1] + height * random.between(0.55, 1.02),
      middle[2] + Math.sin(turn) * along + random.between(-0.3, 0.3),
    ];
    const size = random.between(0.22, 0.4);
    const angle = random.next() * Math.PI * 2;
    cutout.paint({ layer: 'leaves', classId: VEGETATION, tint: [0.8, 0.88, 0.75] });
    card(
      cutout,
      at,
      [Math.cos(angle) * size, 0, Math.sin(angle) * size],
      [0, size, 0],
      normalise([random.between(-0.5, 0.5), 1, random.between(-0.5, 0.5)]),
      random.between(0.7, 0.95),
    );
  }
}
