/**
 * Device tiers as a table: which network, how fine a mask, and how slow an inference may be before the next lower tier
 * is better for the viewer.
 */
import type { EngineKind } from '../perception/engine';

/** Names of the tiers, from the richest to the plainest. */
export const TIER_NAMES = ['gpu-base', 'gpu-lite', 'cpu-lite', 'cpu-small'] as const;

/** One of them. */
export type TierName = (typeof TIER_NAMES)[number];

/** Milliseconds of one inference that leave fifteen masks a second: half the pictures of a video. */
const KEEPS_UP = 66;

/** One tier. */
export interface Tier {
  readonly name: TierName;
  /** `cpu` stands for both engines on the processor. */
  readonly engine: Exclude<EngineKind, 'wasm'>;
  /** Name of the network in the catalogue. */
  readonly model: string;
  /** Longer side of the mask in pixels. */
  readonly maskWidth: number;
  /** Median milliseconds of one inference above which the tier is left for `lower`. */
  readonly budget: number;
  readonly lower: TierName | null;
}

/** The table. */
export const TIERS: Readonly<Record<TierName, Tier>> = {
  // 30 pictures a second leave 33 ms; the mask must not take all of it, drawing needs the same GPU.
  'gpu-base': {
    name: 'gpu-base',
    engine: 'webgpu',
    model: 'pspnet-base',
    maskWidth: 960,
    budget: 28,
    lower: 'gpu-lite',
  },
  // No lower GPU tier: a GPU that is slower than this still draws, and the stride spares it.
  'gpu-lite': {
    name: 'gpu-lite',
    engine: 'webgpu',
    model: 'pspnet-lite',
    maskWidth: 720,
    budget: Number.POSITIVE_INFINITY,
    lower: null,
  },
  // Where it does not keep up, the smaller network's rate is worth more.
  'cpu-lite': {
    name: 'cpu-lite',
    engine: 'cpu',
    model: 'pspnet-lite',
    maskWidth: 480,
    budget: KEEPS_UP,
    lower: 'cpu-small',
  },
  'cpu-small': {
    name: 'cpu-small',
    engine: 'cpu',
    model: 'pspnet-wasm',
    maskWidth: 480,
    budget: Number.POSITIVE_INFINITY,
    lower: null,
  },
};

/** The tier to try first on an engine, given the networks there are. */
export function firstTier(engine: EngineKind, available: readonly string[]): Tier {
  const order: readonly TierName[] =
    engine === 'webgpu' ? ['gpu-base', 'gpu-lite'] : ['cpu-lite', 'cpu-small'];
  for (const name of order) if (available.includes(TIERS[name].model)) return TIERS[name];
  return TIERS[engine === 'webgpu' ? 'gpu-lite' : 'cpu-small'];
}

/** The tier below when `median` (milliseconds) is over the budget and that tier's network exists; else null. */
export function lowerTier(tier: Tier, median: number, available: readonly string[]): Tier | null {
  if (median <= tier.budget || tier.lower === null) return null;
  const lower = TIERS[tier.lower];
  return available.includes(lower.model) ? lower : null;
}

/**
 * The tier for a machine that was measured.
 * @param medians milliseconds of one inference, of those tiers that ran
 * @returns the richest that keeps within its budget and makes fifteen masks a second; else the fastest; null when none ran
 */
export function bestTier(medians: Partial<Readonly<Record<TierName, number>>>): TierName | null {
  const ran = TIER_NAMES.flatMap((name) => {
    const median = medians[name];
    return median === undefined ? [] : [{ name, median }];
  });
  const fit = ran.find(({ name, median }) => median <= Math.min(TIERS[name].budget, KEEPS_UP));
  return (fit ?? ran.toSorted((a, b) => a.median - b.median)[0])?.name ?? null;
}
