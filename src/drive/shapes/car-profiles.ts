/** How the drive's cars look from the side, in numbers. Heights in metres, all else in shares of length or width. */

/** Side view of a car's body: stations from nose (0) to tail (1) with height of bonnet/shoulder/boot line. */
export interface CarProfile {
  /** [place along the length, height, half width as a share]. */
  readonly deck: readonly (readonly [number, number, number])[];
  /** Glasshouse: foot of the windscreen, front and rear of the roof, foot of the rear window (shares of length). */
  readonly house: readonly [number, number, number, number];
  /** How wide the deck's flat part and the glasshouse's foot are, as a share of the width. */
  readonly tuck: number;
  readonly wheel: number;
  /** Places of the axles, shares of length. */
  readonly axles: readonly [number, number];
}

/** The cars' side views. */
export const CAR_PROFILES: Readonly<Record<'saloon' | 'hatch' | 'suv' | 'van', CarProfile>> = {
  saloon: {
    deck: [
      [0, 0.52, 0.78],
      [0.03, 0.66, 0.92],
      [0.27, 0.86, 1],
      [0.5, 0.92, 1],
      [0.82, 0.95, 1],
      [0.97, 0.92, 0.93],
      [1, 0.62, 0.84],
    ],
    house: [0.25, 0.42, 0.68, 0.86],
    tuck: 0.88,
    wheel: 0.31,
    axles: [0.19, 0.8],
  },
  hatch: {
    deck: [
      [0, 0.54, 0.78],
      [0.03, 0.68, 0.92],
      [0.24, 0.9, 1],
      [0.5, 0.95, 1],
      [0.9, 0.99, 0.99],
      [0.985, 0.95, 0.93],
      [1, 0.6, 0.86],
    ],
    house: [0.21, 0.39, 0.84, 0.97],
    tuck: 0.88,
    wheel: 0.3,
    axles: [0.19, 0.82],
  },
  suv: {
    deck: [
      [0, 0.66, 0.82],
      [0.03, 0.86, 0.93],
      [0.25, 1.03, 1],
      [0.5, 1.08, 1],
      [0.9, 1.12, 0.99],
      [0.985, 1.08, 0.95],
      [1, 0.7, 0.9],
    ],
    house: [0.23, 0.38, 0.9, 0.985],
    tuck: 0.9,
    wheel: 0.36,
    axles: [0.19, 0.8],
  },
  van: {
    deck: [
      [0, 0.7, 0.84],
      [0.025, 0.95, 0.95],
      [0.15, 1.16, 1],
      [0.5, 1.2, 1],
      [0.97, 1.2, 1],
      [0.995, 1.18, 0.98],
      [1, 0.6, 0.96],
    ],
    house: [0.1, 0.24, 0.985, 0.995],
    tuck: 0.965,
    wheel: 0.34,
    axles: [0.18, 0.78],
  },
};
