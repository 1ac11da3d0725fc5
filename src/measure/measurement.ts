/** What is measured of a machine: which networks on which engines, and what became of each. */

import type { ErrorCode } from '../errors';
import { CATALOGUE } from '../model/catalogue';
import type { EngineKind } from '../perception/engine';
import { bestTier, TIER_NAMES, TIERS, type TierName } from '../stage/tiers';

/** One network on one engine. */
export interface MeasuringCase {
  readonly engine: EngineKind;
  /** The network's name in the catalogue. */
  readonly model: string;
  readonly title: string;
  /** Address of its manifest. */
  readonly url: string;
}

/** Medians of a case; milliseconds, null where the browser does not tell. */
export interface CaseFigures {
  /** The network alone. */
  readonly inference: number | null;
  /** From a frame's arrival in the worker to its mask on screen. */
  readonly endToEnd: number | null;
  /** A frame brought to where the network reads it, resized and normalised. */
  readonly upload: number | null;
  /** Picture and mask on the canvas, as far as the drawing thread is busy with it. */
  readonly drawing: number | null;
  /** Masks a second. */
  readonly masks: number;
  /** What the page and its workers held, in bytes. */
  readonly memory: number | null;
  readonly clock: 'gpu-timestamps' | 'clock';
}

/** What became of a case. */
export interface MeasuredCase extends MeasuringCase {
  /** Threads, precision, adapter: what ran, for people. */
  readonly runsAs: string;
  /** Null where it did not run. */
  readonly figures: CaseFigures | null;
  /** Why it did not run, in English; empty where it did. */
  readonly reason: string;
  /** The same as a code, for who says it in another language; null where it did. */
  readonly code: ErrorCode | null;
}

/** All of it. */
export interface Measurement {
  /** When, as ISO 8601. */
  readonly taken: string;
  /** What the browser says it is. */
  readonly browser: string;
  /** Logical processors. */
  readonly cores: number;
  /** Gigabytes, as coarse as the browser says; null where it does not. */
  readonly memory: number | null;
  /** Whether threads may share memory. */
  readonly isolated: boolean;
  /** The GPU by name, or why there is none. */
  readonly graphics: string;
  readonly cases: readonly MeasuredCase[];
  /** What the page opens with from now on; null where nothing ran. */
  readonly tier: TierName | null;
}

/** The engines, in the order in which they are measured. */
const ENGINES: readonly EngineKind[] = ['webgpu', 'cpu', 'wasm'];

/**
 * What there is to measure: on each engine the networks of its tiers.
 * @param available networks by name, with their manifests' addresses
 */
export function plannedCases(available: ReadonlyMap<string, string>): MeasuringCase[] {
  return ENGINES.flatMap((engine) =>
    TIER_NAMES.map((name) => TIERS[name])
      .filter((tier) => tier.engine === (engine === 'wasm' ? 'cpu' : engine))
      .flatMap(({ model }) => {
        const url = available.get(model);
        const title = CATALOGUE.find(({ name }) => name === model)?.title ?? model;
        return url === undefined ? [] : [{ engine, model, title, url }];
      }),
  );
}

/** The tier that the measured cases speak for. */
export function tierOf(cases: readonly MeasuredCase[]): TierName | null {
  const medians: Partial<Record<TierName, number>> = {};
  for (const name of TIER_NAMES) {
    const { engine, model } = TIERS[name];
    const inference = cases.find((each) => each.engine === engine && each.model === model)?.figures
      ?.inference;
    if (typeof inference === 'number') medians[name] = inference;
  }
  return bestTier(medians);
}
