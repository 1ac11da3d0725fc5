/** The flags with which the Chromium that the tests drive has WebGPU on a machine without a GPU, and a camera. */
import { BASE_FLAGS } from '../../src/server/analyse/chromium.ts';

/** WebGPU and WebGL on SwiftShader; all four are needed, or presenting a canvas loses the device. */
const SOFTWARE_GPU_FLAGS = [
  '--enable-unsafe-webgpu',
  '--use-angle=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
];

/** Flags of a browser with software WebGPU. */
export const WEBGPU_FLAGS = [...BASE_FLAGS, ...SOFTWARE_GPU_FLAGS];

/** Flags of a browser without WebGPU: WebGL2 is there (SwiftShader), `requestAdapter()` gives null. */
export const NO_WEBGPU_FLAGS = [...BASE_FLAGS, '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

/** Chromium's fake camera, fed from a `.y4m` or `.mjpeg` file when one is given. */
export function fakeCameraFlags(file?: string): string[] {
  const flags = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
  if (file) flags.push(`--use-file-for-fake-video-capture=${file}`);
  return flags;
}
