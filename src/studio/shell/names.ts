/** Names for people of what the code names by keys. */
import type { EngineKind } from '../../perception/engine';
import type { ClassGroup } from '../../taxonomy/classes';

/** Names of the engines. */
export const ENGINE_NAMES: Readonly<Record<EngineKind, string>> = {
  webgpu: 'WebGPU',
  cpu: 'Processor',
  wasm: 'WebAssembly',
};

/** Headings of the legend, and the groups below each: what a driver would put together. */
export const LEGEND_GROUPS: readonly { readonly label: string; readonly groups: readonly ClassGroup[] }[] = [
  { label: 'Drivable', groups: ['drivable'] },
  { label: 'In the way', groups: ['living', 'vehicle'] },
  { label: 'Beside the road', groups: ['off-road', 'roadside'] },
  { label: 'Around', groups: ['far', 'sky'] },
  { label: 'This car', groups: ['own car'] },
];
