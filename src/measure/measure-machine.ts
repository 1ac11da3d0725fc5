/** Measures this machine: every planned case in turn, and what they say together. */
import { CarriagewayError, type ErrorReport, reportOf } from '../errors';
import { openDevice } from '../gpu/device';
import { type MeasuringPorts, measureCase } from './measure-case';
import { type MeasuredCase, type Measurement, type MeasuringCase, tierOf } from './measurement';

/** The machine's GPU, as far as it matters here. */
export interface Graphics {
  readonly name: string;
  /** Why nothing is measured on WebGPU; null where it is. */
  readonly unfit: ErrorReport | null;
}

/** Looks at the GPU: a program in its place would take minutes for each mask, and says nothing of the machine. */
export async function lookAtGraphics(): Promise<Graphics> {
  try {
    using device = await openDevice();
    const software = reportOf(new CarriagewayError('webgpu-software'), 'webgpu-software');
    const unfit = device.software ? software : null;
    return { name: `${device.name}${device.f16 ? ', half precision' : ''}`, unfit };
  } catch (thrown) {
    return { name: 'none', unfit: reportOf(thrown, 'webgpu-absent') };
  }
}

/** Where the measuring is. */
export interface MeasuringProgress {
  readonly planned: MeasuringCase;
  /** Its place, from 0. */
  readonly index: number;
  readonly count: number;
  /** Of all cases together, 0 to 1. */
  readonly share: number;
}

/**
 * Runs all cases.
 * @param onCase told as each is done
 * @throws the signal's reason when aborted
 */
export async function measureMachine(
  plan: readonly MeasuringCase[],
  ports: MeasuringPorts & { readonly graphics: () => Promise<Graphics> },
  onProgress: (progress: MeasuringProgress) => void,
  onCase: (cases: readonly MeasuredCase[]) => void,
  signal: AbortSignal,
): Promise<Measurement> {
  const graphics = await ports.graphics();
  const cases: MeasuredCase[] = [];
  for (const [index, planned] of plan.entries()) {
    signal.throwIfAborted();
    const tell = (share: number) =>
      onProgress({ planned, index, count: plan.length, share: (index + share) / plan.length });
    tell(0);
    const unfit = planned.engine === 'webgpu' ? graphics.unfit : null;
    cases.push(
      unfit
        ? { ...planned, runsAs: '', figures: null, reason: unfit.message, code: unfit.code }
        : await measureCase(planned, ports, tell, signal),
    );
    onCase([...cases]);
  }
  const { userAgent, hardwareConcurrency } = navigator;
  // Chromium's alone, and coarse: a power of two, 8 at most on some.
  const { deviceMemory } = navigator as { readonly deviceMemory?: number };
  return {
    taken: new Date().toISOString(),
    browser: userAgent,
    cores: hardwareConcurrency,
    memory: deviceMemory ?? null,
    isolated: crossOriginIsolated,
    graphics: graphics.name,
    cases,
    tier: tierOf(cases),
  };
}
