/** In which order engines are tried, and what is told of one that could not be started. */
import type { ErrorCode } from '../errors';
import type { EngineKind } from '../perception/engine';

/** The engine to try where another cannot start; null at the end. */
export const NEXT_ENGINE: Readonly<Record<EngineKind, EngineKind | null>> = {
  webgpu: 'cpu',
  cpu: 'wasm',
  wasm: null,
};

/** What the page is told when an engine could not be started. */
export const GIVEN_UP: Readonly<Record<EngineKind, ErrorCode>> = {
  webgpu: 'webgpu-unfit',
  cpu: 'cpu-engine-failed',
  wasm: 'model-load-failed',
};
