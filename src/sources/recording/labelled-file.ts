/** A recording with labels beside it: each frame comes with the map that belongs to it. */
import { uprightMap } from '../../media/orientation';
import { uprightSize } from '../../media/size';
import type { LabelMap } from '../../media/timed-frame';
import type { Playable } from './file-player';
import { ALL_BLANK, type CameraCell, type FileFrame, type Recording } from './recording';

/** Label maps by frame. */
export interface Labels {
  /** Number of maps. */
  readonly size: number;
  /** Whether maps whose proportions do not tell it were drawn on pixels as they are stored. */
  readonly drawnStored?: boolean;
  /**
   * The map of a frame by its number and its time in seconds; null when there is none.
   * @param cells its cameras, where their files tell the time
   */
  at(n: number, seconds: number, cells?: readonly CameraCell[]): Promise<LabelMap | null>;
}

/**
 * The map that belongs to a frame, upright like its picture. Player and analyses find it by this one rule.
 * @param n number of the frame in its recording
 * @throws CarriagewayError `labels-unreadable` when its file is damaged
 */
export async function labelsOf(
  labels: Pick<Labels, 'at' | 'drawnStored'>,
  n: number,
  {
    frame,
    rotation,
    seconds,
    stored,
    cells,
  }: Pick<FileFrame, 'frame' | 'rotation' | 'seconds' | 'stored' | 'cells'>,
): Promise<LabelMap | null> {
  const map = await labels.at(n, seconds, cells);
  const picture = uprightSize({ width: frame.displayWidth, height: frame.displayHeight }, rotation);
  return map && uprightMap(map, picture, stored ?? { rotation, mirrored: false }, labels.drawnStored);
}

/** A recording and what can be laid beside it: frames of all its cameras, each with its own labels. */
export class LabelledFile implements Playable {
  /** By camera. */
  readonly #labels: (Labels | null)[] = [];

  /** @param file stays the caller's */
  constructor(private readonly file: Playable & Pick<Recording, 'numberAt' | 'views'>) {}

  /** Lays labels beside a camera's pictures; null takes them away. */
  setLabels(labels: Labels | null, camera = 0): void {
    this.#labels[camera] = labels;
  }

  get info(): Playable['info'] {
    return this.file.info;
  }

  neighbour(seconds: number, frames: number): Promise<number> {
    return this.file.neighbour(seconds, frames);
  }

  async *frames(seconds: number): AsyncGenerator<FileFrame, void, undefined> {
    for await (const frame of this.file.views?.(seconds) ?? this.file.frames(seconds)) {
      const { beside } = frame;
      const first = await this.#labelled(frame, 0);
      if (!beside || this.#labels.length < 2) yield first;
      else {
        const labelled: FileFrame[] = [];
        for (const [n, other] of beside.entries()) labelled.push(await this.#labelled(other, n + 1));
        yield { ...first, beside: labelled };
      }
    }
  }

  /** A map that cannot be read costs its own frame its truth, and nothing else. */
  async #labelled(frame: FileFrame, camera: number): Promise<FileFrame> {
    const truth = await this.#truthOf(frame, camera).catch(() => null);
    return truth ? { ...frame, truth } : frame;
  }

  async #truthOf(frame: FileFrame, camera: number): Promise<LabelMap | null> {
    const labels = this.#labels[camera];
    if (!labels || frame.blanks === ALL_BLANK) return null;
    return labelsOf(labels, await this.file.numberAt(frame.seconds), frame);
  }
}
