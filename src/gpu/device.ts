/**
 * The one GPU device of a worker: asked for with all that onnxruntime and three.js can use, described for people,
 * watched for its loss.
 */
import { CarriagewayError } from '../errors';
import { takesFrames } from './frame-copy';

/** Features taken where the adapter has them. None is required. */
const WANTED_FEATURES = [
  'core-features-and-limits', // not a compatibility-mode device
  'shader-f16', // networks in half precision
  'subgroups', // faster reductions in onnxruntime
  'timestamp-query', // honest stage times
  'float32-filterable', // three.js's float textures
] as const;

/**
 * Limits raised to what the adapter offers; their defaults are the smallest any device has. onnxruntime checks the
 * buffer and workgroup limits when it tiles its kernels; textures may come as large as the videos people own.
 */
const RAISED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxTextureDimension2D',
  'maxSampledTexturesPerShaderStage',
  'maxColorAttachmentBytesPerSample',
] as const;

/** Names under which software rasterisers report themselves when `isFallbackAdapter` does not tell. */
const SOFTWARE_NAMES = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software/i;

/** How and why a device went away. */
export interface DeviceLoss {
  /** `destroyed` when the page asked for it, `unknown` when the driver, the GPU process or the system did. */
  readonly reason: GPUDeviceLostReason;
  readonly message: string;
}

/** A device and what is known of it. Disposing destroys it. */
export interface OpenDevice extends Disposable {
  readonly device: GPUDevice;
  /** The adapter's name for people, as far as the browser tells it. */
  readonly name: string;
  /** Whether the "GPU" is a program: correct, but slower than WebAssembly. */
  readonly software: boolean;
  /** Whether shaders may compute in half precision. */
  readonly f16: boolean;
  /** Whether video frames reach it without a detour through the processor. */
  readonly takesFrames: boolean;
  /** Resolves, and never rejects, when the device is gone. */
  readonly lost: Promise<DeviceLoss>;
}

/** The part of `GPUAdapterInfo` read here. */
type AdapterInfo = Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description'> & {
  readonly isFallbackAdapter?: boolean;
};

/** A name for people from whatever the browser reveals. */
export function adapterName(info: AdapterInfo): string {
  const parts = info.description ? [info.description] : [info.vendor, info.architecture, info.device];
  return parts.filter(Boolean).join(' ') || 'unnamed GPU';
}

/** Whether a renderer of this name is a program. */
export function isSoftwareName(name: string): boolean {
  return SOFTWARE_NAMES.test(name);
}

/** Whether the adapter is a software rasteriser. */
export function isSoftware(info: AdapterInfo): boolean {
  if (info.isFallbackAdapter) return true;
  return isSoftwareName([info.vendor, info.architecture, info.device, info.description].join(' '));
}

/**
 * Asks for the fast adapter and a device on it.
 * @throws CarriagewayError `webgpu-absent` when the browser has no WebGPU, no adapter or gives no device
 */
export async function openDevice(): Promise<OpenDevice> {
  const gpu = (globalThis.navigator as Partial<Navigator> | undefined)?.gpu;
  if (!gpu) throw new CarriagewayError('webgpu-absent', 'navigator.gpu is missing');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new CarriagewayError('webgpu-absent', 'no adapter');
  const requiredLimits: Record<string, number> = {};
  for (const limit of RAISED_LIMITS) {
    const offered = adapter.limits[limit];
    if (typeof offered === 'number') requiredLimits[limit] = offered;
  }
  let device: GPUDevice;
  try {
    device = await adapter.requestDevice({
      label: 'carriageway',
      requiredFeatures: WANTED_FEATURES.filter((feature) => adapter.features.has(feature)),
      requiredLimits,
    });
  } catch (error) {
    throw new CarriagewayError('webgpu-absent', error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
  return {
    device,
    name: adapterName(adapter.info),
    software: isSoftware(adapter.info),
    f16: device.features.has('shader-f16'),
    takesFrames: takesFrames(device),
    lost: device.lost.then(({ reason, message }) => ({ reason, message })),
    [Symbol.dispose]: () => device.destroy(),
  };
}
