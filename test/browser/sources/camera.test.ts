import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  type CameraOptions,
  cameraPermission,
  listCameras,
  onCamerasChange,
  openCamera,
} from '../../../src/sources/camera';
import type { FrameSource, SourceEvent } from '../../../src/sources/source';
import { readerOf } from '../../../src/sources/stream-reader';
import { SOON } from '../../harness/soon';

const opened: FrameSource[] = [];
const tracks: MediaStreamTrack[] = [];

/** Opens a camera and keeps hold of its track, which the source hides. */
async function open(options?: CameraOptions): Promise<{ source: FrameSource; track: MediaStreamTrack }> {
  watchTracks();
  const source = await openCamera(options);
  opened.push(source);
  return { source, track: tracks.at(-1)! };
}

function watchTracks(): void {
  if (vi.isMockFunction(navigator.mediaDevices.getUserMedia)) return;
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockImplementation(async (constraints) => {
    const stream = await real(constraints);
    tracks.push(...stream.getVideoTracks());
    return stream;
  });
}

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  for (const source of opened.splice(0)) await source.dispose();
  expect(tracks.splice(0).map((track) => track.readyState)).not.toContain('live');
});

describe('camera', () => {
  test('gives frames as they come, in time order, each owned by the reader', async () => {
    const { source } = await open({ width: 320, height: 240 });
    expect(source.info).toMatchObject({ kind: 'camera', width: 320, height: 240 });
    expect(source.info.key).toBe(`camera:${source.info.title}`);
    const reader = readerOf(source.handle());
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const { frame, timestamp, rotation, epoch } = (await reader.read())!;
      expect([frame.displayWidth, frame.displayHeight, rotation, epoch]).toEqual([320, 240, 0, 0]);
      times.push(timestamp);
      frame.close();
    }
    expect(times).toEqual([...times].sort((a, b) => a - b));
    await reader[Symbol.asyncDispose]();
    expect(await reader.read()).toBeNull();
  });

  test('its stream works from a worker, and ends there when the camera is put away', async () => {
    const { source } = await open();
    const handle = source.handle();
    const worker = new Worker(new URL('./stream-echo.worker.ts', import.meta.url), { type: 'module' });
    try {
      const heard: unknown[] = [];
      const next = () =>
        vi.waitFor(() => {
          expect(heard.length).toBeGreaterThan(0);
          return heard.shift();
        }, SOON);
      worker.onmessage = (event) => heard.push(event.data);
      worker.postMessage(handle, [
        handle.kind === 'stream' ? (handle.stream as unknown as Transferable) : handle.port,
      ]);
      expect(await next()).toMatchObject({
        width: source.info.width,
        height: source.info.height,
        rotation: 0,
      });
      await source.dispose();
      await vi.waitFor(async () => expect(heard).toContain('end'), { timeout: 10_000 });
    } finally {
      worker.terminate();
    }
  });

  test('the list names the cameras, and switching goes from one to the other', async () => {
    const { source: first, track } = await open();
    const cameras = await listCameras();
    expect(cameras.length).toBeGreaterThanOrEqual(2);
    const other = cameras.find((camera) => camera.label !== first.info.title)!;
    const second = await openCamera({ deviceId: other.deviceId });
    opened.push(second);
    await first.dispose();
    expect(second.info.title).toBe(other.label);
    expect(track.readyState).toBe('ended');
    expect(await cameraPermission()).toBe('granted');
  });

  test('a phone without a back camera shows the one that it has', async () => {
    const { source } = await open({ facing: 'environment' });
    // Wished for, not demanded: the fake camera looks nowhere at all.
    const [asked] = vi.mocked(navigator.mediaDevices.getUserMedia).mock.calls.at(-1)!;
    expect(asked?.video).toMatchObject({ facingMode: { ideal: 'environment' } });
    const reader = readerOf(source.handle());
    (await reader.read())!.frame.close();
    await reader[Symbol.asyncDispose]();
  });

  test('a camera that cannot be had, or not twice, says which it is and leaves the present one', async () => {
    const { source, track } = await open();
    const real = vi.mocked(navigator.mediaDevices.getUserMedia).getMockImplementation()!;
    await expect(openCamera({ deviceId: 'no such camera' })).rejects.toMatchObject({ code: 'camera-absent' });
    expect(track.readyState).toBe('live');
    vi.mocked(navigator.mediaDevices.getUserMedia).mockImplementation(async (constraints) => {
      if (track.readyState === 'live') throw new DOMException('in use', 'NotReadableError');
      return real(constraints);
    });
    await expect(openCamera()).rejects.toMatchObject({ code: 'camera-busy' });
    await source.dispose();
    opened.push(await openCamera());
    expect(track.readyState).toBe('ended');
  });

  test('unplugged: the listener is told, even a late one', async () => {
    const { source, track } = await open();
    const events: SourceEvent[] = [];
    track.stop();
    track.dispatchEvent(new Event('ended'));
    // Before anybody listens.
    await new Promise((resolve) => setTimeout(resolve, 50));
    source.onEvent((event) => events.push(event));
    expect(events).toMatchObject([{ type: 'error', error: { code: 'camera-unplugged' } }]);
    const reader = readerOf(source.handle());
    await vi.waitFor(async () => {
      const frame = await reader.read();
      frame?.frame.close();
      expect(frame).toBeNull();
    }, SOON);
  });

  test('a permission taken back is told as such', async () => {
    const { source, track } = await open();
    const events: SourceEvent[] = [];
    source.onEvent((event) => events.push(event));
    vi.spyOn(navigator.permissions, 'query').mockResolvedValue({ state: 'denied' } as PermissionStatus);
    track.dispatchEvent(new Event('ended'));
    await vi.waitFor(
      () => expect(events).toMatchObject([{ type: 'error', error: { code: 'camera-denied' } }]),
      SOON,
    );
  });

  test('dispose stops the camera, twice is once, and a handle is given once', async () => {
    const { source, track } = await open();
    const events: SourceEvent[] = [];
    source.onEvent((event) => events.push(event));
    source.handle();
    expect(() => source.handle()).toThrow();
    await source.dispose();
    await source.dispose();
    expect(track.readyState).toBe('ended');
    expect(events).toEqual([]);
  });

  test('plugging in or out is told, until one has heard enough', () => {
    const heard = vi.fn();
    const stop = onCamerasChange(heard);
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    stop();
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    expect(heard).toHaveBeenCalledTimes(1);
  });
});

describe('a browser without a track processor', () => {
  test('reads the camera through a video element: frames that follow each other, closed by who takes them', async () => {
    vi.stubGlobal('MediaStreamTrackProcessor', undefined);
    const source = await openCamera();
    const reader = readerOf(source.handle());
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const timed = await reader.read();
      expect(timed).not.toBeNull();
      expect(timed!.frame.displayWidth).toBeGreaterThan(0);
      times.push(timed!.timestamp);
      timed!.frame.close();
    }
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(times).size).toBe(5);
    await reader[Symbol.asyncDispose]();
    await source.dispose();
  });
});

describe('cameras that cannot be had', () => {
  test.for([
    ['NotAllowedError', 'camera-denied'],
    ['SecurityError', 'camera-denied'],
    ['NotFoundError', 'camera-absent'],
    ['OverconstrainedError', 'camera-absent'],
    ['NotReadableError', 'camera-busy'],
    ['AbortError', 'camera-busy'],
    ['TypeError', 'camera-unsupported'],
  ] as const)('%s is %s', async ([name, code]) => {
    vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockRejectedValue(new DOMException('no', name));
    await expect(openCamera()).rejects.toMatchObject({ code, detail: `${name}: no` });
  });

  test('a browser that can read no track says so before it asks the user', async () => {
    vi.stubGlobal('MediaStreamTrackProcessor', undefined);
    vi.stubGlobal('VideoFrame', undefined);
    const asked = vi.spyOn(navigator.mediaDevices, 'getUserMedia');
    await expect(openCamera()).rejects.toMatchObject({ code: 'camera-unsupported' });
    expect(asked).not.toHaveBeenCalled();
  });

  test('a page that is not served securely', async () => {
    vi.spyOn(navigator, 'mediaDevices', 'get').mockReturnValue(undefined as unknown as MediaDevices);
    await expect(openCamera()).rejects.toMatchObject({ code: 'camera-unsupported' });
    await expect(listCameras()).rejects.toMatchObject({ code: 'camera-unsupported' });
  });
});
