/**
 * Finds the Chromium that the tests drive, and the flags with which it has WebGPU on a machine without a GPU.
 */
import { accessSync, constants } from 'node:fs';

/** Where systems keep their Chromium, most specific first. */
const SYSTEM_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Path of an installed Chromium, or undefined to let Playwright use its own download. */
export function chromiumPath(): string | undefined {
  const asked = process.env.CHROMIUM_PATH;
  if (asked && runnable(asked)) return asked;
  return SYSTEM_PATHS.find(runnable);
}

/** Quiet flags: no background traffic, no first-run pages, works as root in a container. */
const BASE_FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

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
