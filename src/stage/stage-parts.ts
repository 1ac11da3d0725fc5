/**
 * The real parts of a stage, for the worker. Everything here is a thin plug: the work is in the rooms.
 */
import { openDevice } from '../gpu/device';
import { drawsInSoftware } from '../gpu/software-drawing';
import { availableModels } from '../model/catalogue';
import { loadModel } from '../model/load-model';
import { runtimeOf } from '../model/manifest';
import { createCompositor } from '../overlay/compositor';
import { SharedDrawing } from '../overlay/shared-drawing';
import { createEngine, engineOf, warmEngine } from '../perception/create-engine';
import { readerOf } from '../sources/stream-reader';
import { SOFTWARE_SIDE_MAX } from './drawn-size';
import type { StageParts } from './ports';

/** What a worker gives a stage. */
export function stageParts(): StageParts {
  const sharedDrawing = new SharedDrawing();
  let base: string | undefined;
  return {
    acquireDevice: openDevice,
    createCompositor: (canvas, device, width, height, shared) =>
      createCompositor({
        canvas,
        device,
        width,
        height,
        software: !device && drawsInSoftware(),
        ...(shared ? { shared: sharedDrawing } : {}),
      }),
    createEngine: ({ manifest, bytes, precision, runtime }, kind, device) => {
      const fit = engineOf(runtime ? { engine: runtime } : {}, kind);
      return fit === 'webgpu' && device
        ? createEngine({ kind: fit, device: device.device, manifest, bytes, precision, adapter: device.name })
        : createEngine({
            kind: fit === 'cpu' ? 'cpu' : 'wasm',
            manifest,
            bytes,
            precision,
            drawsInSoftware: drawsInSoftware(),
          });
    },
    // What goes wrong here goes wrong again, and is said, when the engine is started.
    warmEngine: (kind) => void warmEngine(kind, drawsInSoftware).catch(() => {}),
    async loadModel(url, wanted, onProgress) {
      const { manifest, file, bytes } = await loadModel(url, { wanted, onProgress });
      return { manifest, bytes, precision: file.precision, runtime: runtimeOf(file) };
    },
    catalogue: () => availableModels(undefined, base),
    useBase: (address) => {
      base = address;
    },
    drawnSideMax: (device) =>
      (device ? device.software : drawsInSoftware()) ? SOFTWARE_SIDE_MAX : Number.POSITIVE_INFINITY,
    readerOf,
    now: () => performance.now(),
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    onDrawing: (callback) => void requestAnimationFrame(callback),
  };
}
