/**
 * The real parts of a stage, for the worker. Everything here is a thin plug: the work is in the rooms.
 */
import { openDevice } from '../gpu/device';
import { availableModels } from '../model/catalogue';
import { loadModel } from '../model/load-model';
import { createCompositor } from '../overlay/compositor';
import { createEngine } from '../perception/create-engine';
import { readerOf } from '../sources/stream-reader';
import type { StageParts } from './ports';

/** What a worker gives a stage. */
export function stageParts(): StageParts {
  return {
    acquireDevice: openDevice,
    createCompositor: (canvas, device, width, height) => createCompositor({ canvas, device, width, height }),
    createEngine: ({ manifest, bytes, precision }, kind, device) =>
      kind === 'webgpu' && device
        ? createEngine({
            kind,
            device: device.device,
            manifest,
            bytes,
            precision,
            adapter: device.name,
          })
        : createEngine({ kind: 'wasm', manifest, bytes, precision }),
    async loadModel(url, f16, onProgress) {
      const { manifest, file, bytes } = await loadModel(url, {
        precision: f16 ? 'fp16' : 'fp32',
        onProgress,
      });
      return { manifest, bytes, precision: file.precision };
    },
    catalogue: () => availableModels(),
    readerOf,
    now: () => performance.now(),
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    onDrawing: (callback) => void requestAnimationFrame(callback),
  };
}
