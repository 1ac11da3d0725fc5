/** Trees and bushes, one metre high: a trunk with boughs, and a crown of leaf cards. */

import { ownId } from '../../taxonomy/classes';
import { Random } from '../random';
import type { TreeKind } from '../street/items';
import type { LayerName } from '../textures/layers';
import { MeshBuilder, type MeshData, normalise, type Vec3 } from './mesh-builder';
import { card, tube } from './solids';

const VEGETATION = ownId('vegetation');

/** A tree of height 1: solid wood, cut-out leaves. */
export interface TreeMesh {
  readonly wood: MeshData;
  readonly leaves: MeshData;
  /** The crown for the distance: a third of the cards, larger. */
  readonly sparse: MeshData;
}

interface Habit {
  readonly layer: LayerName;
  readonly cards: number;
  /** Half size of a card, in tree heights. */
  readonly card: number;
  /** Crown: height of its middle, and its semi-axes across and up. */
  readonly middle: number;
  readonly across: number;
  readonly up: number;
  readonly trunk: number;
  readonly tint: Vec3;
}

/** Proportions of each kind. */
const HABITS: Readonly<Record<Exclude<TreeKind, 'conifer'>, Habit>> = {
  round: {
    layer: 'leaves',
    cards: 78,
    card: 0.115,
    middle: 0.64,
    across: 0.34,
    up: 0.34,
    trunk: 0.026,
    tint: [0.95, 0.95, 0.9],
  },
  tall: {
    layer: 'foliage',
    cards: 84,
    card: 0.1,
    middle: 0.58,
    across: 0.23,
    up: 0.41,
    trunk: 0.02,
    tint: [0.85, 0.92, 0.85],
  },
  young: {
    layer: 'foliage',
    cards: 44,
    card: 0.12,
    middle: 0.7,
    across: 0.2,
    up: 0.27,
    trunk: 0.012,
    tint: [1.05, 1.05, 0.85],
  },
  bare: {
    layer: 'twigs',
    cards: 46,
    card: 0.17,
    middle: 0.62,
    across: 0.3,
    up: 0.3,
    trunk: 0.022,
    tint: [1, 0.95, 0.9],
  },
  bush: {
    layer: 'leaves',
    cards: 34,
    card: 0.3,
    middle: 0.45,
    across: 0.5,
    up: 0.42,
    trunk: 0,
    tint: [0.85, 0.92, 0.8],
  },
};

function crown(random: Random, habit: Habit, sparse = false): MeshData {
  const mesh = new MeshBuilder();
  // Clumps give the outline its bays; cards gather around them.
  const clumps = Array.from({ length: 9 }, () => direction(random));
  for (let i = 0; i < habit.cards / (sparse ? 3 : 1); i++) {
    const towards = direction(random);
    const clump = random.pick(clumps);
    const d = normalise([
      towards[0] + clump[0] * 0.9,
      towards[1] + clump[1] * 0.9,
      towards[2] + clump[2] * 0.9,
    ]);
    const depth = random.between(0.45, 1);
    const at: Vec3 = [
      d[0] * habit.across * depth,
      habit.middle + d[1] * habit.up * depth,
      d[2] * habit.across * depth,
    ];
    const size = habit.card * (sparse ? 1.65 : 1) * random.between(0.75, 1.25);
    const facing = normalise([
      d[0] + random.between(-0.8, 0.8),
      random.between(-0.5, 0.6),
      d[2] + random.between(-0.8, 0.8),
    ]);
    const side = normalise([facing[2], random.between(-0.4, 0.4), -facing[0]]);
    const up = normalise([
      facing[1] * side[2] - facing[2] * side[1],
      facing[2] * side[0] - facing[0] * side[2],
      facing[0] * side[1] - facing[1] * side[0],
    ]);
    const upright: Vec3 =
      habit.layer === 'twigs' || up[1] < 0 ? [up[0] * 0.5, Math.abs(up[1]) + 0.3, up[2] * 0.5] : up;
    const grown = normalise(upright);
    const v = random.between(0.85, 1.12);
    mesh.paint({
      layer: habit.layer,
      classId: VEGETATION,
      tint: [habit.tint[0] * v, habit.tint[1] * v, habit.tint[2]],
    });
    const shade = 0.62 + 0.36 * depth * depth + 0.24 * d[1];
    card(mesh, at, scaled(side, size), scaled(grown, size), normalise([d[0], d[1] + 0.35, d[2]]), shade);
  }
  return mesh.data();
}

function direction(random: Random): Vec3 {
  const y = random.between(-1, 1);
  const angle = random.next() * Math.PI * 2;
  const r = Math.sqrt(1 - y * y);
  return [r * Math.cos(angle), y, r * Math.sin(angle)];
}

function scaled(v: Vec3, k: number): Vec3 {
  return [v[0] * k, v[1] * k, v[2] * k];
}

function trunk(random: Random, habit: Habit, kind: TreeKind): MeshData {
  const mesh = new MeshBuilder();
  if (habit.trunk === 0) return mesh.data();
  mesh.paint({ layer: 'bark', classId: VEGETATION, tint: [0.8, 0.78, 0.76] });
  const fork: Vec3 = [
    random.between(-0.02, 0.02),
    habit.middle - habit.up * 0.75,
    random.between(-0.02, 0.02),
  ];
  tube(mesh, [0, 0, 0], fork, habit.trunk, habit.trunk * 0.75, 5);
  const boughs = kind === 'bare' ? 5 : 3;
  for (let i = 0; i < boughs; i++) {
    const angle = (i / boughs) * Math.PI * 2 + random.between(-0.4, 0.4);
    const out = habit.across * random.between(0.35, 0.75);
    const end: Vec3 = [
      fork[0] + Math.cos(angle) * out,
      habit.middle + habit.up * random.between(-0.2, 0.5),
      fork[2] + Math.sin(angle) * out,
    ];
    tube(mesh, fork, end, habit.trunk * 0.55, habit.trunk * 0.15, 3);
  }
  return mesh.data();
}

function spire(): MeshData {
  const wood = new MeshBuilder().paint({ layer: 'bark', classId: VEGETATION, tint: [0.7, 0.66, 0.62] });
  tube(wood, [0, 0, 0], [0, 0.95, 0], 0.022, 0.004, 5);
  return wood.data();
}

function conifer(random: Random, sparse = false): MeshData {
  const leaves = new MeshBuilder();
  const tiers = sparse ? 6 : 11;
  for (let tier = 0; tier < tiers; tier++) {
    const t = tier / (tiers - 1);
    const reach = 0.2 * (1 - t) + 0.025;
    const count = Math.round((9 - 5 * t) * (sparse ? 0.6 : 1));
    for (let i = 0; i < count; i++) {
      const angle = (i / count + random.next() * 0.3 + tier * 0.37) * Math.PI * 2;
      const out: Vec3 = [Math.cos(angle), 0, Math.sin(angle)];
      const y = 0.12 + t * 0.82 + random.between(-0.02, 0.02);
      const half = reach * (sparse ? 1.25 : 1) * random.between(0.45, 0.62);
      const shade = 0.55 + 0.4 * t + random.between(-0.08, 0.08);
      leaves.paint({ layer: 'needles', classId: VEGETATION, tint: [0.9, 0.95, 0.9] });
      card(
        leaves,
        [out[0] * half, y - half * 0.25, out[2] * half],
        [-out[2] * half * 0.95, random.between(-0.01, 0.01), out[0] * half * 0.95],
        [out[0] * -half, half * 0.85, out[2] * -half],
        normalise([out[0], 0.6, out[2]]),
        shade,
      );
    }
  }
  return leaves.data();
}

/** Look-alikes of each kind: enough that neighbours differ, few enough to make in a moment. */
const VARIANTS = 3;

/** Makes trees on first demand and keeps them. */
export class TreeNursery {
  readonly #grown = new Map<string, TreeMesh>();

  /** The tree of this kind and variant, of height 1. */
  tree(kind: TreeKind, variant: number): TreeMesh {
    const key = `${kind}${variant % VARIANTS}`;
    const known = this.#grown.get(key);
    if (known) return known;
    const random = new Random('tree', key);
    const grown =
      kind === 'conifer'
        ? { wood: spire(), leaves: conifer(random), sparse: conifer(random, true) }
        : {
            wood: trunk(random, HABITS[kind], kind),
            leaves: crown(random, HABITS[kind]),
            sparse: crown(random, HABITS[kind], true),
          };
    this.#grown.set(key, grown);
    return grown;
  }
}
