/** Whether the drive's graphics context is a processor's work. */

/** As its name says: antialiasing and slanted texture filters then triple a frame's time. */
export function drawsInSoftware(context: WebGL2RenderingContext): boolean {
  const names = context.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = names ? context.getParameter(names.UNMASKED_RENDERER_WEBGL) : '';
  return typeof name === 'string' && /swiftshader|llvmpipe|software|basic render/i.test(name);
}
