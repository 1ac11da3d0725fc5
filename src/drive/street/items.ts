/**
 * The vocabulary of the street: what stands where, as plain data. Positions are (s, u): metres along the centre
 * line and metres to the right of it. Sizes are metres.
 */

/** Compass of the road: which way something faces. `ahead` is along +s, `right` along +u. */
export type Facing = 'ahead' | 'back' | 'left' | 'right';

/** Walls of a building, by texture. */
export type Facade = 'brick' | 'render' | 'stone' | 'glass' | 'panel' | 'metal';
/** What is on top. */
export type Roof = 'flat' | 'gable' | 'hip';

/** A building: an upright box with a roof. */
export interface Building {
  readonly s: number;
  readonly u: number;
  /** Size along s, and along u. */
  readonly alongS: number;
  readonly alongU: number;
  readonly facing: Facing;
  readonly floors: number;
  readonly facade: Facade;
  readonly roof: Roof;
  readonly shop: boolean;
  /** sRGB tint of the walls, 0 to 1. */
  readonly tint: readonly [number, number, number];
  /** Picks among look-alikes. */
  readonly variant: number;
}

/** Kinds of trees and bushes. */
export type TreeKind = 'round' | 'tall' | 'conifer' | 'young' | 'bare' | 'bush';

/** A tree or bush. */
export interface Tree {
  readonly kind: TreeKind;
  readonly s: number;
  readonly u: number;
  readonly height: number;
  readonly variant: number;
}

/** What fences off a garden, a park, a field. */
export type BarrierKind = 'iron' | 'mesh' | 'wood' | 'wall' | 'hedge' | 'rail';

/** A barrier along a line of (s, u) points. */
export interface Barrier {
  readonly kind: BarrierKind;
  readonly line: readonly (readonly [number, number])[];
  readonly height: number;
}

/** Faces of traffic signs. */
export type SignFace =
  | 'speed'
  | 'warning'
  | 'stop'
  | 'yield'
  | 'mandatory'
  | 'noparking'
  | 'info'
  | 'direction';

/** Posts and what they carry. */
export type FurnitureKind = 'lamp' | 'utility' | 'sign' | 'signal' | 'bollard' | 'shelter' | 'nameboard';

/** Something on a post. */
export interface Furniture {
  readonly kind: FurnitureKind;
  readonly s: number;
  readonly u: number;
  /** Side that faces the reader (signs, signals), or over which the arm reaches (lamps). */
  readonly facing: Facing;
  readonly face?: SignFace;
  readonly height: number;
}

/** Kinds of vehicles. */
export type VehicleKind = 'saloon' | 'hatch' | 'suv' | 'van' | 'bus' | 'truck';

/** Length, width and height of each kind: typical European and Indian models. */
export const VEHICLE_SIZE: Readonly<Record<VehicleKind, readonly [number, number, number]>> = {
  saloon: [4.5, 1.78, 1.44],
  hatch: [3.95, 1.72, 1.5],
  suv: [4.55, 1.86, 1.7],
  van: [5.1, 1.95, 2.1],
  bus: [10.6, 2.5, 3.0],
  truck: [7.4, 2.35, 3.1],
};

/** Length (of a stride's middle), width and height of a person. */
export const PERSON_SIZE = [0.5, 0.55, 1.7] as const;

/** A standing vehicle. `yaw` is clockwise from the road's direction, radians. */
export interface ParkedVehicle {
  readonly kind: VehicleKind;
  readonly s: number;
  readonly u: number;
  readonly yaw: number;
  readonly colour: number;
  readonly lights: boolean;
}

/** Somebody who stands still. */
export interface Standing {
  readonly s: number;
  readonly u: number;
  readonly yaw: number;
  readonly variant: number;
}

/** All that stands in one section. */
export interface Layout {
  readonly buildings: Building[];
  readonly trees: Tree[];
  readonly barriers: Barrier[];
  readonly furniture: Furniture[];
  readonly vehicles: ParkedVehicle[];
  readonly people: Standing[];
}

/** A layout with nothing in it. */
export function emptyLayout(): Layout {
  return { buildings: [], trees: [], barriers: [], furniture: [], vehicles: [], people: [] };
}
