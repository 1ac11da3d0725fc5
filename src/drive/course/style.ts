/**
 * What stays the same along one seed's street: widths, side of traffic, surroundings, camera. Lengths in metres.
 */
import type { DriveLens } from '../options';
import { clamp, Random } from '../random';

/** What stands beside the pavement. */
export type Frontage = 'shops' | 'houses' | 'flats' | 'park' | 'open' | 'yard';

/** Character of a street: decides how often each frontage comes. */
export type Surroundings = 'centre' | 'suburb' | 'arterial' | 'country';

/** Marking between the two directions. */
export type CentreLine = 'dashed' | 'solid' | 'double';
/** Marking along the kerb. */
export type EdgeLine = 'none' | 'white' | 'yellow' | 'double-yellow';

/** Everything constant along a street. u is the lateral coordinate: metres to the right of the centre line. */
export interface StreetStyle {
  readonly surroundings: Surroundings;
  /** +1: traffic keeps right, −1: left. */
  readonly side: 1 | -1;
  readonly lanesPerDirection: 1 | 2;
  readonly laneWidth: number;
  /** Width of the parking strip on the left and right; 0 for none. */
  readonly parkingLeft: number;
  readonly parkingRight: number;
  /** Gap between the outermost lane and the kerb or parking strip. */
  readonly gutter: number;
  /** Half widths of the carriageway: kerbs lie at −kerbLeft and +kerbRight. */
  readonly kerbLeft: number;
  readonly kerbRight: number;
  readonly kerbHeight: number;
  /** Grass between kerb and pavement; 0 for none. */
  readonly verge: number;
  readonly pavement: number;
  readonly centreLine: CentreLine;
  readonly edgeLine: EdgeLine;
  readonly streetTrees: boolean;
  readonly overheadWires: boolean;
  /** Share of the traffic slots that are taken. */
  readonly traffic: number;
  readonly crowd: number;
  /** Mean speed of the camera car, m/s. */
  readonly speed: number;
  readonly frontages: Readonly<Record<Frontage, number>>;
  /** 0 flat to 1 hilly. */
  readonly hilliness: number;
  /** Wear of the paint, 0 fresh to 1 nearly gone. */
  readonly wear: number;
  readonly camera: CameraMount;
}

/** The dashcam. */
export interface CameraMount {
  /** Above the road, 1.3 to 1.5 m. */
  readonly height: number;
  /** Horizontal field of view in degrees, before distortion. */
  readonly fovDeg: number;
  /** Downward tilt in degrees. */
  readonly pitchDeg: number;
  readonly rollDeg: number;
  /** Barrel distortion: source radius = r (1 + k r²), r = 1 at the picture's corner; negative k would be pincushion. */
  readonly barrel: number;
}

const FRONTAGES: Record<Surroundings, Record<Frontage, number>> = {
  centre: { shops: 8, houses: 1, flats: 2, park: 1, open: 0, yard: 0.3 },
  suburb: { shops: 1, houses: 6, flats: 2, park: 1.5, open: 0.5, yard: 0.5 },
  arterial: { shops: 1.5, houses: 1.5, flats: 3, park: 2, open: 2.5, yard: 1.5 },
  country: { shops: 0, houses: 0.8, flats: 0, park: 1.5, open: 7, yard: 0.4 },
};

/** Streets of which the first seeds should be: a stranger's first look is a town in daylight. */
function surroundingsOf(seed: number, random: Random): Surroundings {
  const drawn = random.weighted({ centre: 4, suburb: 4, arterial: 3, country: 1.6 });
  return seed === 1 ? 'centre' : drawn;
}

/** What a lens changes of a seed's own mount. */
const LENSES: Readonly<Record<DriveLens, (mount: CameraMount) => Partial<CameraMount>>> = {
  own: () => ({}),
  narrow: () => ({ fovDeg: 40, barrel: 0.01 }),
  wide: () => ({ fovDeg: 98, barrel: 0.17 }),
  tilted: (mount) => ({ rollDeg: mount.rollDeg < 0 ? -5 : 5, pitchDeg: mount.pitchDeg + 5 }),
};

/** The style of a seed's street, seen through a lens. */
export function streetStyle(seed: number, lens: DriveLens = 'own'): StreetStyle {
  const style = ownStyle(seed);
  return { ...style, camera: { ...style.camera, ...LENSES[lens](style.camera) } };
}

function ownStyle(seed: number): StreetStyle {
  const random = new Random(seed, 'style');
  const surroundings = surroundingsOf(seed, random);
  const town = surroundings === 'centre' || surroundings === 'suburb';
  const lanesPerDirection = surroundings === 'arterial' || (town && random.chance(0.12)) ? 2 : 1;
  const laneWidth = random.between(3.2, 3.6);
  const parks = town && lanesPerDirection === 1;
  const parkingLeft = parks && random.chance(0.6) ? 2.2 : 0;
  const parkingRight = parks && random.chance(0.6) ? 2.2 : 0;
  const gutter = random.between(0.3, 0.8);
  const half = lanesPerDirection * laneWidth + gutter;
  const pavement =
    surroundings === 'country' ? random.pick([0.6, 1.2, 1.6]) : random.between(1.9, town ? 3.6 : 2.8);
  const verge = surroundings !== 'centre' && random.chance(0.5) ? random.between(0.8, 2.2) : 0;
  return {
    surroundings,
    side: random.chance(seed === 1 ? 0 : 0.5) ? 1 : -1,
    lanesPerDirection,
    laneWidth,
    parkingLeft,
    parkingRight,
    gutter,
    kerbLeft: half + parkingLeft,
    kerbRight: half + parkingRight,
    kerbHeight: surroundings === 'country' ? 0.06 : 0.12,
    verge,
    pavement,
    centreLine: random.weighted({ dashed: 6, solid: 2, double: lanesPerDirection === 2 ? 5 : 1 }),
    edgeLine: random.weighted({
      none: 2.5,
      white: town ? 1.5 : 5,
      yellow: town ? 1 : 0,
      'double-yellow': town ? 2 : 0,
    }),
    streetTrees: random.chance(0.55),
    overheadWires: random.chance(surroundings === 'centre' ? 0.25 : 0.55),
    traffic: random.between(0.25, 0.75),
    crowd: clamp(random.between(0.15, 0.6) + (surroundings === 'centre' ? 0.25 : -0.05), 0.05, 0.8),
    speed:
      surroundings === 'country' || surroundings === 'arterial'
        ? random.between(10, 15)
        : random.between(7, 10.5),
    frontages: FRONTAGES[surroundings],
    hilliness: random.chance(0.4) ? random.between(0.4, 1) : random.between(0, 0.3),
    wear: random.between(0.1, 0.65),
    camera: {
      height: random.between(1.3, 1.5),
      fovDeg: random.between(58, 70),
      pitchDeg: random.between(0.5, 4.5),
      rollDeg: random.between(-0.6, 0.6),
      barrel: random.between(0.02, 0.07),
    },
  };
}

/** Lateral middle of a lane; `direction` +1 with the camera car, −1 against it; lane 0 is next to the centre line. */
export function laneCentre(style: StreetStyle, direction: 1 | -1, lane: number): number {
  return style.side * direction * style.laneWidth * (lane + 0.5);
}
