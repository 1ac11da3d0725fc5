/** The file worker's side of its interface: one recording, one player. */
import { transfer } from 'comlink';
import { CarriagewayError, reportOf } from '../../errors';
import type { LabelParts } from '../../labels/label-parts';
import type { RecordedFrames } from '../../labels/reading/frame-numbers';
import type { LabelSurvey } from '../../labels/reading/label-survey';
import { FramePortSender } from '../frame-port';
import type { FrameSink } from '../frame-sink';
import { PortFan } from '../port-fan';
import type { SourceEvent, TimeRange } from '../source';
import { FilePlayer } from './file-player';
import type { FileWorkerApi, OpenAnswer } from './file-worker-api';
import { hidesTurns } from './hidden-turns';
import { LabelledFile, type Labels } from './labelled-file';
import { type OpeningTold, openRecording } from './open-recording';
import { picturePaths, type Recording, type RecordingParts } from './recording';
import { thumbnailOf } from './thumbnail';

/** Reads labels. */
export interface LabelReader {
  /** See `MaskSet.open`. */
  open(labels: LabelParts, pictures: readonly string[] | null): Promise<Labels>;
  /** See `surveyLabels`. */
  survey(labels: LabelParts, frames: RecordedFrames, dictionary: string | null): Promise<LabelSurvey>;
}

/** Opens and plays the recording that the page hands over. */
export class FileService implements FileWorkerApi {
  #file: Recording | null = null;
  /** Paths of its pictures; null for videos. */
  #pictures: readonly string[] | null = null;
  #player: FilePlayer | null = null;
  #labelled: LabelledFile | null = null;

  constructor(private readonly reader: LabelReader) {}

  async open(
    parts: RecordingParts,
    ports: readonly MessagePort[],
    report: (event: SourceEvent) => void,
    told?: OpeningTold,
  ): Promise<OpenAnswer> {
    try {
      this.#file = await openRecording(parts, told);
    } catch (thrown) {
      for (const port of ports) port.close();
      return { ok: false, error: reportOf(thrown, 'source-failed') };
    }
    this.#pictures = picturePaths(parts, this.#file.info);
    this.#labelled = new LabelledFile(this.#file);
    const senders = ports.map((port) => new FramePortSender(port));
    const sink: FrameSink = senders.length === 1 ? senders[0]! : new PortFan(senders);
    this.#player = new FilePlayer(this.#labelled, sink, report);
    return { ok: true, info: this.#file.info };
  }

  play(): void {
    this.#player?.play();
  }

  async pause(): Promise<void> {
    await this.#player?.pause();
  }

  async seek(seconds: number): Promise<void> {
    await this.#player?.seek(seconds);
  }

  async step(frames: number): Promise<void> {
    await this.#player?.step(frames);
  }

  setRate(rate: number): void {
    this.#player?.setRate(rate);
  }

  async setLabels(labels: LabelParts | null, camera: number): Promise<number> {
    const opened = labels && (await this.reader.open(labels, this.#pictures));
    this.#labelled?.setLabels(opened, camera);
    return opened?.size ?? 0;
  }

  async surveyLabels(labels: LabelParts, dictionary: string | null): Promise<LabelSurvey> {
    if (!this.#file) throw new CarriagewayError('source-failed', 'the file is closed');
    const hidden = await hidesTurns(this.#file, this.#pictures !== null);
    const frames = { count: await this.#file.frameCount(), names: this.#pictures, hidden };
    return this.reader.survey(labels, frames, dictionary);
  }

  async numberAt(seconds: number): Promise<number> {
    if (!this.#file) throw new CarriagewayError('source-failed', 'the file is closed');
    return this.#file.numberAt(seconds);
  }

  async thumbnail(seconds: number, width: number, camera?: number): Promise<ImageBitmap> {
    if (!this.#file) throw new CarriagewayError('source-failed', 'the file is closed');
    const picture = await thumbnailOf(this.#file, seconds, width, camera);
    return transfer(picture, [picture]);
  }

  async place(): Promise<string | null> {
    return (await this.#file?.place()) ?? null;
  }

  setRange(range: TimeRange | null): void {
    this.#player?.setRange(range);
  }

  setLoop(loop: boolean): void {
    this.#player?.setLoop(loop);
  }

  async dispose(): Promise<void> {
    const player = this.#player;
    this.#player = null;
    // Disposing of the file first lets the player's decoding loop end even in the middle of a decode.
    this.#file?.[Symbol.dispose]();
    this.#file = null;
    await player?.[Symbol.asyncDispose]();
  }
}
