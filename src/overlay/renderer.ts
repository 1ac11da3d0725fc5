/**
 * three's renderer for the stage: on the shared device, or on WebGL2 where there is none. Either way the colours that a
 * material writes are the colours on screen.
 */
import { Color, LinearSRGBColorSpace, WebGPURenderer } from 'three/webgpu';
import { CarriagewayError } from '../errors';
import type { Size } from '../media/size';
import { BACKGROUND } from './paint';

/** A renderer and what it draws with. */
export interface Drawing {
  readonly renderer: WebGPURenderer;
  /** The WebGL2 context, or null when it draws with WebGPU. */
  readonly gl: WebGL2RenderingContext | null;
  /** How many canvases it draws for. */
  readonly users: number;
  /** The canvas has another size from now on. */
  resize(size: Size): void;
  /** Before a drawing of this size. */
  begin(size: Size): void;
  /** After a drawing: it is on the canvas now. */
  end(): void;
  /** Calls back when nothing can be drawn any more; replaces an earlier listener. */
  onLost(listener: () => void): void;
  dispose(): Promise<void>;
}

/** A renderer of one canvas. */
export type OwnDrawing = Drawing & { readonly users: 1 };

/**
 * Makes and initialises a renderer.
 * @param canvas drawn on; may have been drawn on before with the same kind of context, see `createCompositor`
 * @param device the shared device, or null for WebGL2; not owned
 * @param size of the canvas in pixels
 * @throws CarriagewayError `overlay-failed` when the canvas gives no context
 */
export async function createRenderer(
  canvas: OffscreenCanvas,
  device: GPUDevice | null,
  size: Size,
): Promise<OwnDrawing> {
  // Asked for here, since three takes a missing context for granted. A canvas keeps its first kind of context for good.
  const context = device
    ? canvas.getContext('webgpu')
    : canvas.getContext('webgl2', { antialias: false, alpha: true, depth: true });
  if (!context)
    throw new CarriagewayError('overlay-failed', device ? 'no webgpu context' : 'no webgl2 context');
  const heard = device?.onuncapturederror ?? null;
  const renderer = new WebGPURenderer({
    canvas,
    context: context as never,
    antialias: false,
    alpha: false,
    ...(device ? { device } : { forceWebGL: true }),
  });
  try {
    // Materials write sRGB-encoded values; three must neither convert them nor put a pass in between.
    renderer.outputColorSpace = LinearSRGBColorSpace;
    // Losses are reported by the owner of the device; three would only write them to the console.
    renderer.onDeviceLost = () => {};
    await renderer.init();
    renderer.setPixelRatio(1);
    renderer.setSize(size.width, size.height, false);
    renderer.setClearColor(new Color(...BACKGROUND), 1);
    // What an earlier renderer left in the context is unknown to this one.
    renderer.resetState();
  } catch (cause) {
    await renderer.dispose();
    throw new CarriagewayError('overlay-failed', cause instanceof Error ? cause.message : String(cause), {
      cause,
    });
  } finally {
    // three takes the device's one handler; it belongs to the owner of the device.
    if (device) device.onuncapturederror = heard;
  }
  return {
    renderer,
    gl: device ? null : (context as WebGL2RenderingContext),
    users: 1,
    resize: ({ width, height }) => renderer.setSize(width, height, false),
    begin: () => {},
    end: () => {},
    onLost: (listener) => {
      renderer.onDeviceLost = listener;
    },
    dispose: async () => {
      await renderer.dispose();
    },
  };
}
