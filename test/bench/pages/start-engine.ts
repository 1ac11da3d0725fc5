/**
 * Starts the product's engines for a tool, as the product's worker does.
 */
import { openDevice } from '../../../src/gpu/device';
import type { ModelManifest } from '../../../src/model/manifest';
import { createEngine } from '../../../src/perception/create-engine';
import type { Engine, EngineKind } from '../../../src/perception/engine';

/** What engines of one kind stand on. Disposing destroys the device; dispose of the engines first. */
export interface EngineGround extends AsyncDisposable {
  /** The one device; null on the processor. */
  readonly device: GPUDevice | null;
  /** The adapter's name; empty on the processor. */
  readonly adapter: string;
  /** @throws CarriagewayError `model-load-failed` */
  create(manifest: ModelManifest, bytes: ArrayBuffer): Promise<Engine>;
}

/** @throws CarriagewayError `webgpu-absent` */
export async function openGround(kind: EngineKind): Promise<EngineGround> {
  if (kind !== 'webgpu')
    return {
      device: null,
      adapter: '',
      create: (manifest, bytes) => createEngine({ kind, manifest, bytes }),
      [Symbol.asyncDispose]: async () => {},
    };
  const opened = await openDevice();
  const { device, name: adapter } = opened;
  return {
    device,
    adapter,
    create: (manifest, bytes) => createEngine({ kind, device, adapter, manifest, bytes }),
    [Symbol.asyncDispose]: async () => opened[Symbol.dispose](),
  };
}

/** WebAssembly threads that the product's engine takes here. */
export async function shippedThreads(): Promise<number> {
  // As the product imports it: a static import would move the engine into every page's first chunk.
  const { defaultThreads } = await import('../../../src/perception/threads');
  return defaultThreads(navigator.hardwareConcurrency, crossOriginIsolated);
}
