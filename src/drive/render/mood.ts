/** Light and weather, as tables: what photographers would note of the hour. Colours are linear RGB radiance. */
import type { DriveMood } from '../options';
import { Random } from '../random';
import type { Vec3 } from '../shapes/mesh-builder';

/** Light of a drive. */
export interface Light {
  readonly mood: DriveMood;
  /** Direction to the sun, world axes, unit length. */
  readonly sun: Vec3;
  readonly sunColour: Vec3;
  /** Sky overhead and at the horizon. */
  readonly zenith: Vec3;
  readonly horizon: Vec3;
  /** Light from below: what the ground throws back. */
  readonly bounce: Vec3;
  /** Share of the sky light that reaches surfaces. */
  readonly ambient: number;
  /** 0 clear to 1 closed cover. */
  readonly clouds: number;
  /** Extinction per metre. */
  readonly haze: number;
  /** 0 dry to 1 shining. */
  readonly wet: number;
  readonly exposure: number;
  readonly saturation: number;
  /** Sensor noise, standard deviation in display units. */
  readonly noise: number;
  /** Strength of lamps against daylight. */
  readonly lamps: number;
  /** Whether vehicles drive with lights. */
  readonly headlights: boolean;
  /** How far lamps and headlights light the street: 0 by day, 1 in the dark. */
  readonly dark: number;
  /** Share of the ground under snow: 0 none, 1 closed cover beside the wheel tracks. */
  readonly snow: number;
  /** What falls, 0 to 1. */
  readonly rainfall: number;
  readonly snowfall: number;
  /** Drops on the windscreen, 0 to 1; wipers run where there are any. */
  readonly drops: number;
  /** Share of bright light that scatters in lens and glass. */
  readonly bloom: number;
}

type LightBase = Omit<Light, 'sun' | 'mood'> & { readonly elevation: readonly [number, number] };

/** Nothing falls, nothing lies, no lamp is needed. */
const CALM = { dark: 0, snow: 0, rainfall: 0, snowfall: 0, drops: 0, bloom: 0.09 } as const;

/** A town's sky in the dark: its own lamps' glow on low clouds; a moon behind them gives the only direction. */
const NIGHT = {
  elevation: [40, 60],
  sunColour: [0.012, 0.014, 0.02],
  zenith: [0.006, 0.008, 0.014],
  horizon: [0.032, 0.028, 0.027],
  bounce: [0.006, 0.006, 0.007],
  ambient: 1.5,
  clouds: 0.6,
  haze: 0.003,
  wet: 0,
  exposure: 1.9,
  saturation: 0.82,
  noise: 0.026,
  lamps: 14,
  headlights: true,
  ...CALM,
  dark: 1,
  bloom: 0.3,
} as const satisfies LightBase;

const MOODS: Readonly<Record<DriveMood, LightBase>> = {
  sun: {
    elevation: [34, 60],
    sunColour: [2.7, 2.5, 2.2],
    zenith: [0.3, 0.48, 0.82],
    horizon: [0.92, 1.06, 1.24],
    bounce: [0.2, 0.19, 0.17],
    ambient: 1.25,
    clouds: 0.35,
    haze: 0.0016,
    wet: 0,
    exposure: 0.74,
    saturation: 0.92,
    noise: 0.012,
    lamps: 0.5,
    headlights: false,
    ...CALM,
  },
  overcast: {
    elevation: [35, 60],
    sunColour: [0.34, 0.34, 0.34],
    zenith: [1.0, 1.05, 1.12],
    horizon: [1.35, 1.38, 1.4],
    bounce: [0.26, 0.26, 0.25],
    ambient: 1.05,
    clouds: 0.9,
    haze: 0.0024,
    wet: 0,
    exposure: 0.74,
    saturation: 0.8,
    noise: 0.015,
    lamps: 0.6,
    headlights: false,
    ...CALM,
  },
  dusk: {
    elevation: [8, 16],
    sunColour: [1.1, 0.72, 0.44],
    zenith: [0.28, 0.35, 0.48],
    horizon: [0.82, 0.7, 0.62],
    bounce: [0.12, 0.11, 0.11],
    ambient: 1.0,
    clouds: 0.45,
    haze: 0.0024,
    wet: 0.05,
    exposure: 1.0,
    saturation: 0.82,
    noise: 0.018,
    lamps: 1.5,
    headlights: true,
    ...CALM,
  },
  rain: {
    elevation: [35, 55],
    sunColour: [0.1, 0.1, 0.1],
    zenith: [0.68, 0.72, 0.78],
    horizon: [1.0, 1.04, 1.07],
    bounce: [0.17, 0.17, 0.17],
    ambient: 1.0,
    clouds: 1,
    haze: 0.0045,
    wet: 0.85,
    exposure: 0.85,
    saturation: 0.68,
    noise: 0.02,
    lamps: 1,
    headlights: true,
    ...CALM,
    rainfall: 0.35,
    drops: 0.6,
    bloom: 0.14,
  },
  night: NIGHT,
  'rain-night': {
    ...NIGHT,
    horizon: [0.04, 0.036, 0.036],
    haze: 0.006,
    wet: 0.95,
    rainfall: 0.4,
    drops: 0.8,
    bloom: 0.42,
    noise: 0.024,
  },
  snow: {
    elevation: [30, 50],
    sunColour: [0.2, 0.2, 0.2],
    zenith: [0.86, 0.9, 0.97],
    horizon: [1.12, 1.15, 1.2],
    bounce: [0.5, 0.51, 0.54],
    ambient: 0.95,
    clouds: 1,
    haze: 0.007,
    wet: 0.45,
    exposure: 0.84,
    saturation: 0.7,
    noise: 0.016,
    lamps: 1,
    headlights: true,
    ...CALM,
    snow: 0.85,
    snowfall: 0.35,
    drops: 0.2,
  },
  'snow-night': {
    ...NIGHT,
    horizon: [0.075, 0.065, 0.06],
    zenith: [0.02, 0.02, 0.024],
    haze: 0.008,
    wet: 0.4,
    exposure: 1.5,
    snow: 0.8,
    snowfall: 0.45,
    drops: 0.2,
  },
  fog: {
    elevation: [30, 50],
    sunColour: [0.08, 0.08, 0.08],
    zenith: [0.86, 0.88, 0.9],
    horizon: [0.98, 1.0, 1.02],
    bounce: [0.2, 0.2, 0.2],
    ambient: 0.9,
    clouds: 1,
    haze: 0.034,
    wet: 0.25,
    exposure: 0.78,
    saturation: 0.55,
    noise: 0.018,
    lamps: 2.5,
    headlights: true,
    ...CALM,
    bloom: 0.16,
  },
};

/** The mood that a seed has when none is asked for: day or dusk; the dark, snow and fog are asked for by name. */
export function moodOf(seed: number): DriveMood {
  if (seed === 1) return 'sun';
  return new Random(seed, 'mood').weighted({ sun: 5, overcast: 3, dusk: 1.2, rain: 1.3 });
}

/** The light of a seed's drive in a mood. The sun's place varies with the seed; for seed 1 it is behind the left shoulder. */
export function lightOf(seed: number, mood: DriveMood): Light {
  const random = new Random(seed, 'light');
  const { elevation, ...base } = MOODS[mood];
  const height = ((elevation[0] + (elevation[1] - elevation[0]) * random.next()) * Math.PI) / 180;
  const azimuth = seed === 1 ? (-128 * Math.PI) / 180 : random.between(-Math.PI, Math.PI);
  const vary = random.between(0.88, 1.14);
  return {
    ...base,
    mood,
    sun: [Math.sin(azimuth) * Math.cos(height), Math.sin(height), -Math.cos(azimuth) * Math.cos(height)],
    exposure: base.exposure * vary,
    clouds: Math.min(1, base.clouds * random.between(0.5, 1.5)),
    haze: base.haze * random.between(0.6, 1.4),
  };
}
