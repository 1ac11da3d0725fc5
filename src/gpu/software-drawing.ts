/** Whether drawing with WebGL2 is done by a program rather than a GPU. */
import { isSoftwareName } from './device';

/** Asks a throw-away context for its renderer's name. Unknown counts as hardware: most machines have some. */
export function drawsInSoftware(): boolean {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!gl) return true;
  try {
    const names = gl.getExtension('WEBGL_debug_renderer_info');
    return isSoftwareName(String(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER)));
  } finally {
    gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}
