/** A compositor where it really lives: in a worker, on a canvas handed over by the page. */

import { createCompositor } from '../../../src/overlay/compositor';
import { frameOf, seededMask, seededPicture, untilDrawn } from './scenes';

self.onmessage = async (event: MessageEvent<{ canvas: OffscreenCanvas; webgpu: boolean }>) => {
  const { canvas, webgpu } = event.data;
  try {
    const adapter = webgpu ? await navigator.gpu.requestAdapter() : null;
    const device = (await adapter?.requestDevice()) ?? null;
    const compositor = await createCompositor({ canvas, device, width: canvas.width, height: canvas.height });
    const frame = frameOf(seededPicture(48, 32, 1));
    compositor.stage(frame, 0);
    frame.close();
    compositor.present({ kind: 'pixels', ...seededMask(24, 16, 2) });
    await untilDrawn(compositor);
    const bitmap = canvas.transferToImageBitmap();
    const alive = compositor.liveObjects();
    await compositor.dispose();
    device?.destroy();
    self.postMessage({ bitmap, alive, left: compositor.liveObjects() }, { transfer: [bitmap] });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
