/** Whether drawing with WebGL2 is done by a program rather than a GPU. */
import { isSoftwareName } from './device';

let known: boolean | null = null;

/**
 * The answer of a throw-away context, asked once for each thread: a browser loses the oldest of a thread's contexts when
 * there are too many, and a dashboard has one for each tile. Unknown counts as hardware: most machines have some.
 */
export function drawsInSoftware(): boolean {
  known ??= ask();
  return known;
}

function ask(): boolean {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!gl) return true;
  try {
    const names = gl.getExtension('WEBGL_debug_renderer_info');
    return isSoftwareName(String(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER)));
  } finally {
    gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}
