/**
 * Cameras as sources. The track can only be read in the window (`track-frames`), which keeps no more than the newest
 * frame; what reads it is what travels to the perception worker.
 */
import { CarriagewayError, ERROR_COPY, type ErrorCode } from '../errors';
import type { FrameHandle } from '../media/timed-frame';
import type { FrameSource, SourceEvent, SourceInfo } from './source';
import { framesOfTrack, readsTracks, type TrackFrames } from './track-frames';

/** A camera that can be opened. */
export interface Camera {
  /** Empty until the user has allowed cameras once. */
  readonly deviceId: string;
  /** Empty until the user has allowed cameras once. */
  readonly label: string;
}

/** Which camera, and how large its picture should be; the browser takes the nearest that the camera has. */
export interface CameraOptions {
  readonly deviceId?: string;
  /** Where it looks, as seen by who holds it, if there is a choice; otherwise away from them. */
  readonly facing?: 'environment' | 'user';
  readonly width?: number;
  readonly height?: number;
}

/** Asked for unless told otherwise: more than any of the networks sees, and what every webcam has. */
const DEFAULT_WIDTH = 1280;
const DEFAULT_HEIGHT = 720;

/** What `getUserMedia` throws, by name (Media Capture and Streams, 10.2). */
const FAILURES: Readonly<Record<string, ErrorCode>> = {
  NotAllowedError: 'camera-denied',
  SecurityError: 'camera-denied',
  NotFoundError: 'camera-absent',
  // Only the device is demanded; everything else is a wish. So it is the device that is missing.
  OverconstrainedError: 'camera-absent',
  NotReadableError: 'camera-busy',
  AbortError: 'camera-busy',
};

function mediaDevices(): MediaDevices {
  // Absent on pages that are neither https nor localhost.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new CarriagewayError('camera-unsupported', 'the page is not served securely');
  return devices;
}

/**
 * The cameras there are. Does not ask the user for anything.
 * @throws CarriagewayError `camera-unsupported`
 */
export async function listCameras(): Promise<readonly Camera[]> {
  const devices = await mediaDevices().enumerateDevices();
  return devices.flatMap(({ kind, deviceId, label }) => (kind === 'videoinput' ? [{ deviceId, label }] : []));
}

/**
 * Calls back whenever a camera is plugged in or out.
 * @returns ends the calls
 * @throws CarriagewayError `camera-unsupported`
 */
export function onCamerasChange(listener: () => void): () => void {
  const devices = mediaDevices();
  devices.addEventListener('devicechange', listener);
  return () => devices.removeEventListener('devicechange', listener);
}

/** Whether the page may use cameras; `prompt` also where the browser does not say. Never throws. */
export async function cameraPermission(): Promise<PermissionState> {
  try {
    return (await navigator.permissions.query({ name: 'camera' })).state;
  } catch {
    return 'prompt';
  }
}

/**
 * Opens a camera, asking the user where the browser must. It runs from the start and has no transport controls.
 * @throws CarriagewayError `camera-unsupported`, `camera-denied`, `camera-absent`, `camera-busy`
 */
export async function openCamera(options: CameraOptions = {}): Promise<FrameSource> {
  // Before the user is asked for something that would be of no use.
  if (!readsTracks()) throw new CarriagewayError('camera-unsupported', 'frames of a track cannot be read');
  const devices = mediaDevices();
  let stream: MediaStream;
  try {
    stream = await devices.getUserMedia({ audio: false, video: constraintsOf(options) });
  } catch (thrown) {
    throw failureOf(thrown);
  }
  const [track] = stream.getVideoTracks();
  if (!track) throw new CarriagewayError('camera-absent', 'the stream has no picture');
  try {
    return new CameraSource(track, framesOfTrack(track, 'camera'));
  } catch (thrown) {
    track.stop();
    throw failureOf(thrown);
  }
}

function constraintsOf({ deviceId, facing, width, height }: CameraOptions): MediaTrackConstraints {
  return {
    width: { ideal: width ?? DEFAULT_WIDTH },
    height: { ideal: height ?? DEFAULT_HEIGHT },
    frameRate: { ideal: 30 },
    // On a phone the road is in front of the camera at its back.
    ...(deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: facing ?? 'environment' } }),
  };
}

function failureOf(thrown: unknown): CarriagewayError {
  if (thrown instanceof CarriagewayError) return thrown;
  const name = thrown instanceof Error ? thrown.name : '';
  const detail = thrown instanceof Error ? `${name}: ${thrown.message}` : String(thrown);
  return new CarriagewayError(FAILURES[name] ?? 'camera-unsupported', detail, { cause: thrown });
}

class CameraSource implements FrameSource {
  readonly info: SourceInfo;
  readonly controls = {};
  #listener: ((event: SourceEvent) => void) | null = null;
  #taken = false;
  /** Set when the camera went away before anybody listened. */
  #unheard: SourceEvent | null = null;
  #disposed = false;

  /** @param frames of the track; both are owned from now on */
  constructor(
    private readonly track: MediaStreamTrack,
    private readonly frames: TrackFrames,
  ) {
    const settings = track.getSettings();
    const title = track.label || 'Camera';
    this.info = {
      kind: 'camera',
      key: `camera:${title}`,
      title,
      width: settings.width ?? DEFAULT_WIDTH,
      height: settings.height ?? DEFAULT_HEIGHT,
      ...(settings.frameRate ? { frameRate: settings.frameRate } : {}),
    };
    track.addEventListener('ended', this.#ended);
  }

  handle(): FrameHandle {
    if (this.#taken) throw new Error('The frames of this camera were already taken.');
    this.#taken = true;
    return this.frames.handle;
  }

  onEvent(listener: (event: SourceEvent) => void): void {
    this.#listener = listener;
    if (this.#unheard) listener(this.#unheard);
    this.#unheard = null;
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#listener = null;
    this.track.removeEventListener('ended', this.#ended);
    // Ends the stream wherever it has gone to; a camera whose track runs keeps its light on.
    this.frames.dispose();
    const { handle } = this.frames;
    if (!this.#taken && handle.kind === 'stream') await handle.stream.cancel().catch(() => {});
  }

  /** The track ended by itself: the camera was unplugged, or its permission taken back. */
  readonly #ended = async (): Promise<void> => {
    const code = (await cameraPermission()) === 'denied' ? 'camera-denied' : 'camera-unplugged';
    if (this.#disposed) return;
    const error = { code, message: ERROR_COPY[code], detail: this.info.title } as const;
    const event: SourceEvent = { type: 'error', error };
    if (this.#listener) this.#listener(event);
    else this.#unheard = event;
  };
}
