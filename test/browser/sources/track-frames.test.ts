/** A track that comes by a connection: its stream is the worker's, which sees every size, and its end. */
import { afterEach, expect, test, vi } from 'vitest';
import { framesOfTrack } from '../../../src/sources/track-frames';
import { SOON } from '../../harness/soon';

const undo: (() => void)[] = [];

afterEach(() => {
  for (const step of undo.splice(0).reverse()) step();
});

/** A picture of 160×90 pixels, drawn 20 times a second, as it arrives at the other end of a connection. */
async function receivedTrack(): Promise<MediaStreamTrack> {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [160, 90];
  const context = canvas.getContext('2d')!;
  let hue = 0;
  const drawing = setInterval(() => {
    context.fillStyle = `hsl(${hue++} 80% 50%)`;
    context.fillRect(0, 0, 160, 90);
  }, 50);
  undo.push(() => clearInterval(drawing));
  const stream = canvas.captureStream();
  const [sender, receiver] = [new RTCPeerConnection(), new RTCPeerConnection()];
  undo.push(() => {
    sender.close();
    receiver.close();
  });
  sender.onicecandidate = ({ candidate }) => void receiver.addIceCandidate(candidate ?? undefined);
  receiver.onicecandidate = ({ candidate }) => void sender.addIceCandidate(candidate ?? undefined);
  const arrived = new Promise<MediaStreamTrack>((resolve) => {
    receiver.ontrack = ({ track }) => resolve(track);
  });
  sender.addTrack(stream.getVideoTracks()[0]!, stream);
  await sender.setLocalDescription();
  await receiver.setRemoteDescription(sender.localDescription!);
  await receiver.setLocalDescription();
  await sender.setRemoteDescription(receiver.localDescription!);
  return arrived;
}

test('a track of a connection goes to the worker as a stream, and goes on there until it is put away', async () => {
  const track = await receivedTrack();
  const frames = framesOfTrack(track, 'connection');
  const { handle } = frames;
  if (handle.kind !== 'stream') throw new Error('the window has a part in its frames');
  const worker = new Worker(new URL('./stream-echo.worker.ts', import.meta.url), { type: 'module' });
  undo.push(() => worker.terminate());
  const heard: unknown[] = [];
  worker.onmessage = ({ data }) => heard.push(data);
  worker.postMessage(handle, [handle.stream as unknown as Transferable]);
  // Many more than any pool of a camera would have.
  await vi.waitFor(() => expect(heard.length).toBeGreaterThan(40), SOON);
  expect(heard.at(-1)).toEqual({ width: 160, height: 90, rotation: 0 });
  frames.dispose();
  await vi.waitFor(() => expect(heard.at(-1)).toBe('end'), SOON);
  expect(track.readyState).toBe('ended');
});

test('a track of a connection that nobody took is put away with the frame that waits in it', async () => {
  const frames = framesOfTrack(await receivedTrack(), 'connection');
  const { handle } = frames;
  if (handle.kind !== 'stream') throw new Error('the window has a part in its frames');
  frames.dispose();
  expect(await handle.stream.getReader().read()).toMatchObject({ done: true });
});

test("a camera's frames come through a port, since its stream would stall", async () => {
  const [track] = (await navigator.mediaDevices.getUserMedia({ video: true })).getVideoTracks();
  const frames = framesOfTrack(track!, 'camera');
  expect(frames.handle.kind).toBe('port');
  frames.dispose();
  expect(track!.readyState).toBe('ended');
});
