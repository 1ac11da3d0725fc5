/**
 * A recording as a source: a video file, or what else is played like one. The page keeps this handle; demuxing, decoding and the clock live in a worker of their
 * own, which sends frames straight to the perception worker.
 */
import { proxy, type Remote, releaseProxy, transfer, wrap } from 'comlink';
import { CarriagewayError, reportOf } from '../../errors';
import type { FrameHandle } from '../../media/timed-frame';
import type { FrameSource, SourceControls, SourceEvent, SourceInfo } from '../source';
import type { FileWorkerApi, OpenAnswer } from './file-worker-api';
import type { OpeningTold } from './open-recording';
import { reachAddress } from './reach-address';
import { filesOf, type RecordingParts } from './recording';

/** How long a file may take to show its first picture, in milliseconds; 8K on a slow machine needs some seconds. */
const OPEN_TIMEOUT = 30_000;

/** The same where it comes over a wire: an hour's index is some megabytes. */
const OPEN_TIMEOUT_REMOTE = 120_000;

/** How long the worker may take to close its frames before it is terminated all the same, in milliseconds. */
const DISPOSE_TIMEOUT = 1000;

/**
 * Opens a video file. It starts playing by itself when its first frame is read, and stands at its last frame when it
 * is over: the reader gets no null then (only `dispose` ends the stream), so `play` and `seek` bring it back.
 * @param file MP4, MOV, MKV, WebM or MPEG-TS with H.264, VP8, VP9, AV1, or HEVC where the browser has it
 * @param name shown to people, and with the size the key of settings saved for this file
 * @throws CarriagewayError a `source-` code; nothing is left behind
 */
export function openFile(file: Blob, name: string): Promise<FrameSource> {
  return openRecordingSource({ kind: 'videos', videos: [file] }, name);
}

/**
 * Opens the video at an address; otherwise as `openFile`. One with an index (MP4, MOV) is read by HTTP ranges where the
 * server gives them, everything else is fetched whole, up to 2 GB.
 * @param url of this server, or of one that lets this page read it (CORS)
 * @throws CarriagewayError `source-unreachable`, or as `openFile`; nothing is left behind
 */
export async function openAddress(url: URL): Promise<FrameSource> {
  const { parts, name } = await reachRecording(url);
  return openRecordingSource(parts, name);
}

/**
 * Looks at what is at an address, and opens nothing.
 * @throws CarriagewayError as `openAddress`
 */
export async function reachRecording(
  url: URL,
): Promise<{ readonly parts: RecordingParts; readonly name: string }> {
  const found = await reachAddress(url);
  return {
    parts: found instanceof Blob ? { kind: 'videos', videos: [found] } : found,
    name: nameAt(url),
  };
}

/** The last part of an address, as it was before it was made fit for one. */
function nameAt(url: URL): string {
  const last = url.pathname.split('/').pop() ?? '';
  let name = last;
  try {
    name = decodeURIComponent(last);
  } catch {
    // As it stands.
  }
  return name.slice(0, 200) || url.hostname || 'video';
}

/**
 * Opens a recording, whatever it is made of; otherwise as `openFile`.
 * @param name shown to people, and with the size the key of settings saved for it
 * @param told of how many files of many are opened
 * @throws CarriagewayError a `source-` code; nothing is left behind
 */
export async function openRecordingSource(
  parts: RecordingParts,
  name: string,
  told: OpeningTold = () => {},
): Promise<FrameSource> {
  const worker = new Worker(new URL('../../../workers/file.worker.ts', import.meta.url), {
    type: 'module',
    name: 'file',
  });
  const remote = wrap<FileWorkerApi>(worker);
  // Several cameras are played each through a port of its own; the first one's pictures stand for all on the timeline.
  const played: typeof parts = parts.kind === 'cameras' ? { ...parts, camera: 0 } : parts;
  const cameras = parts.kind === 'cameras' ? parts.cameras.length : 1;
  const channels = Array.from({ length: cameras }, () => new MessageChannel());
  const ends = channels.map(({ port2 }) => port2);
  const source = new FileSource(worker, remote, ends);
  try {
    const sending = channels.map(({ port1 }) => port1);
    const answer = await source.open(played, sending, told);
    if (!answer.ok) throw new CarriagewayError(answer.error.code, answer.error.detail);
    source.info = { kind: 'file', key: `file:${name}:${sizeOf(parts)}`, title: name, ...answer.info };
    return source;
  } catch (thrown) {
    await source.dispose();
    throw thrown;
  }
}

/** Bytes of all files together. */
function sizeOf(parts: RecordingParts): number {
  if (parts.kind === 'address') return parts.size;
  const files = filesOf(parts);
  return files.reduce((sum, { size }) => sum + size, 0);
}

class FileSource implements FrameSource {
  /** Set as soon as the file is open. */
  info!: SourceInfo;
  readonly controls: SourceControls;
  #listener: ((event: SourceEvent) => void) | null = null;
  /** The last event before anybody listened: a file may be damaged before the page has asked. */
  readonly #unheard: SourceEvent[] = [];
  /** Reading ends that were not taken, by camera. */
  readonly #ports: (MessagePort | null)[];
  #disposal: Promise<void> | null = null;
  readonly #broken: Promise<never>;

  constructor(
    private readonly worker: Worker,
    private readonly remote: Remote<FileWorkerApi>,
    ports: readonly MessagePort[],
  ) {
    this.#ports = [...ports];
    this.controls = {
      play: () => this.#ask(() => remote.play()),
      pause: () => this.#ask(() => remote.pause()),
      seek: (seconds) => this.#ask(() => remote.seek(seconds)),
      setLoop: (loop) => this.#ask(() => remote.setLoop(loop)),
      step: (frames) => this.#ask(() => remote.step(frames)),
      setRate: (rate) => this.#ask(() => remote.setRate(rate)),
      setLabels: (labels, camera = 0) => this.#answer(() => remote.setLabels(labels, camera)),
      surveyLabels: (labels, dictionary) => this.#answer(() => remote.surveyLabels(labels, dictionary)),
      numberAt: (seconds) => this.#answer(() => remote.numberAt(seconds)),
      thumbnail: (seconds, width, camera) => this.#answer(() => remote.thumbnail(seconds, width, camera)),
      setRange: (range) => this.#ask(() => remote.setRange(range)),
      place: () => this.#answer(() => remote.place()),
    };
    this.#broken = new Promise((_, reject) => {
      worker.addEventListener('error', (event) => {
        const error = new CarriagewayError('source-failed', event.message || 'the file worker did not start');
        reject(error);
        this.#emit({ type: 'error', error: reportOf(error, 'source-failed') });
      });
    });
    // Awaited only while something is asked; a worker that breaks at rest is told by event alone.
    this.#broken.catch(() => {});
  }

  open(parts: RecordingParts, ports: MessagePort[], told: OpeningTold): Promise<OpenAnswer> {
    const report = proxy((event: SourceEvent) => this.#emit(event));
    const patience = parts.kind === 'address' ? OPEN_TIMEOUT_REMOTE : OPEN_TIMEOUT;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let giveUp = (): void => {};
    const late = new Promise<never>((_, reject) => {
      giveUp = () => reject(new CarriagewayError('source-failed', `no picture within ${patience / 1000} s`));
    });
    const wait = (): void => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, patience);
    };
    wait();
    // As long as files are opened one after the other, nothing is late.
    const goesOn = proxy((done: number, of: number) => {
      wait();
      told(done, of);
    });
    const opened = this.remote.open(parts, transfer(ports, ports), report, goesOn);
    return Promise.race([opened, this.#broken, late]).finally(() => clearTimeout(timer));
  }

  handle(camera = 0): FrameHandle {
    const port = this.#ports[camera];
    if (!port) throw new Error('The frames of this file were already taken.');
    this.#ports[camera] = null;
    return { kind: 'port', port };
  }

  onEvent(listener: (event: SourceEvent) => void): void {
    this.#listener = listener;
    for (const event of this.#unheard.splice(0)) listener(event);
  }

  dispose(): Promise<void> {
    this.#disposal ??= this.#dispose();
    return this.#disposal;
  }

  async #dispose(): Promise<void> {
    this.#listener = null;
    const late = new Promise<void>((resolve) => setTimeout(resolve, DISPOSE_TIMEOUT));
    await Promise.race([this.remote.dispose(), this.#broken, late]).catch(() => {});
    this.remote[releaseProxy]();
    this.worker.terminate();
    for (const port of this.#ports) port?.close();
  }

  /** Passes a command on; after `dispose` there is nobody to hear it. */
  async #ask(command: () => Promise<void>): Promise<void> {
    if (!this.#disposal) await this.#answer(command);
  }

  /**
   * What the worker answers.
   * @throws CarriagewayError `source-failed`, also after `dispose`
   */
  async #answer<T>(question: () => Promise<T>): Promise<T> {
    if (this.#disposal) throw new CarriagewayError('source-failed', 'the recording is closed');
    return Promise.race([question(), this.#broken]);
  }

  #emit(event: SourceEvent): void {
    if (this.#disposal) return;
    if (this.#listener) this.#listener(event);
    else if (event.type !== 'time') this.#unheard.push(event);
  }
}
