/** From what an embedder has to an open source: a drive, an address, a file, a camera, tracks, or a stream of frames. */
import { openDrive } from '../drive/drive-source';
import type { DriveOptions } from '../drive/options';
import { CarriagewayError } from '../errors';
import { openCamera } from '../sources/camera';
import { openAddress, openFile } from '../sources/recording/recording-source';
import type { FrameSource, SourceEvent, SourceInfo } from '../sources/source';
import { framesOfTrack, type TrackFrames } from '../sources/track-frames';
import { driveOptions } from './options';

/**
 * What can be played: `drive` or `drive:SEED` (with `?mood=…&car=…&lens=…`), `camera`, or the address of a video; a file; a stream
 * or track of WebRTC or a camera; frames of one's own; or a source that was opened before, which is then owned here.
 */
export type PlayInput =
  | string
  | Blob
  | MediaStream
  | MediaStreamTrack
  | ReadableStream<VideoFrame>
  | FrameSource
  | { readonly drive: Partial<DriveOptions> };

/** Whether the same can be opened a second time, after its worker was lost. */
export function opensAgain(input: PlayInput): boolean {
  return typeof input === 'string' || input instanceof Blob || (isPlain(input) && 'drive' in input);
}

/**
 * Opens what is given.
 * @param input streams, tracks and sources are owned from now on
 * @throws CarriagewayError `source-input-unknown`, `option-invalid`, or the code of the kind of source
 */
export async function openInput(input: PlayInput): Promise<FrameSource> {
  if (typeof input === 'string') return openNamed(input.trim());
  if (input instanceof Blob) return openFile(input, input instanceof File ? input.name : 'video');
  if (input instanceof MediaStream) {
    const [track] = input.getVideoTracks();
    if (!track) throw new CarriagewayError('source-no-video-track', 'the MediaStream has no video track');
    return new TrackSource(track);
  }
  if (input instanceof MediaStreamTrack) {
    if (input.kind !== 'video')
      throw new CarriagewayError('source-no-video-track', `a track of ${input.kind}`);
    return new TrackSource(input);
  }
  if (input instanceof ReadableStream) return new FramesSource(input);
  if (isPlain(input) && 'drive' in input) return openDrive(driveOptions(input.drive));
  if (isPlain(input) && typeof (input as Partial<FrameSource>).handle === 'function') return input;
  throw new CarriagewayError('source-input-unknown', typeof input);
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

async function openNamed(text: string): Promise<FrameSource> {
  if (text === 'camera') return openCamera();
  const drive = /^drive(?::(\d{1,6}))?(?:\?(.*))?$/.exec(text);
  if (drive) return openDrive(namedDrive(drive[1], drive[2]));
  if (!URL.canParse(text, document.baseURI))
    throw new CarriagewayError('source-input-unknown', text.slice(0, 80));
  return openAddress(new URL(text, document.baseURI));
}

function namedDrive(seed: string | undefined, query = ''): Partial<DriveOptions> {
  const asked = Object.fromEntries(new URLSearchParams(query));
  return driveOptions({ ...asked, ...(seed ? { seed: Number(seed) } : {}) });
}

/** A track that somebody else opened. */
class TrackSource implements FrameSource {
  readonly info: SourceInfo;
  readonly controls = {};
  readonly #frames: TrackFrames;
  #taken = false;
  #listener: ((event: SourceEvent) => void) | null = null;

  constructor(private readonly track: MediaStreamTrack) {
    const { width = 0, height = 0 } = track.getSettings();
    const title = track.label || 'Track';
    this.info = { kind: 'remote', key: `track:${track.id}`, title, width, height };
    this.#frames = framesOfTrack(track, 'camera');
    track.addEventListener('ended', this.#ended);
  }

  handle() {
    if (this.#taken) throw new Error('The frames of this track were already taken.');
    this.#taken = true;
    return this.#frames.handle;
  }

  onEvent(listener: (event: SourceEvent) => void): void {
    this.#listener = listener;
  }

  async dispose(): Promise<void> {
    this.#listener = null;
    this.track.removeEventListener('ended', this.#ended);
    this.#frames.dispose();
  }

  readonly #ended = (): void => this.#listener?.({ type: 'ended' });
}

/** Frames of the embedder's own. */
class FramesSource implements FrameSource {
  readonly info: SourceInfo = { kind: 'remote', key: 'frames', title: 'Frames', width: 0, height: 0 };
  readonly controls = {};
  #stream: ReadableStream<VideoFrame> | null;

  constructor(stream: ReadableStream<VideoFrame>) {
    this.#stream = stream;
  }

  handle() {
    const stream = this.#stream;
    if (!stream) throw new Error('These frames were already taken.');
    this.#stream = null;
    return { kind: 'stream', stream, rotation: 0 } as const;
  }

  onEvent(): void {}

  async dispose(): Promise<void> {
    await this.#stream?.cancel().catch(() => {});
    this.#stream = null;
  }
}
