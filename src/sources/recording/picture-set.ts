/** A folder of pictures as a recording: each a frame that lasts a second, so that the same player steps through them. */
import { CarriagewayError } from '../../errors';
import { type FileFrame, nameOf, type Recording, type RecordingInfo } from './recording';
import { uprightPicture } from './upright-picture';

/** How long a picture stands while the set plays, in seconds. */
const EACH = 1;

/** Largest side in pixels: that of the videos. */
const SIDE_MAX = 8192;

/** Pictures in order. Nothing is decoded before it is shown. */
export class PictureSet implements Recording {
  #disposed = false;

  private constructor(
    private readonly pictures: readonly Blob[],
    readonly info: RecordingInfo,
  ) {}

  /**
   * Opens a set; decodes its first picture.
   * @throws CarriagewayError `source-empty`, `source-not-a-video`, `source-too-large`
   */
  static async open(pictures: readonly Blob[], paths?: readonly string[]): Promise<PictureSet> {
    if (pictures.length === 0) throw new CarriagewayError('source-empty', 'no pictures');
    const first = await decoded(pictures[0]!);
    const { width, height } = first;
    first.close();
    const parts = pictures.map((picture, n) => ({
      name: paths?.[n] ?? nameOf(picture),
      start: n * EACH,
    }));
    return new PictureSet(pictures, {
      width,
      height,
      frameRate: 1 / EACH,
      duration: parts.length * EACH,
      parts,
    });
  }

  async *frames(seconds: number): AsyncGenerator<FileFrame, void, undefined> {
    for (let n = this.#at(seconds); n < this.pictures.length && !this.#disposed; n++) {
      const bitmap = await decoded(this.pictures[n]!);
      const { frame, stored } = uprightPicture(bitmap, n * EACH * 1e6);
      yield { frame, rotation: 0, stored, seconds: n * EACH, duration: EACH, close: () => frame.close() };
    }
  }

  async neighbour(seconds: number, frames: number): Promise<number> {
    return Math.min(this.pictures.length - 1, Math.max(0, this.#at(seconds) + frames)) * EACH;
  }

  async numberAt(seconds: number): Promise<number> {
    return this.#at(seconds);
  }

  async frameCount(): Promise<number> {
    return this.pictures.length;
  }

  async sound(): Promise<null> {
    return null;
  }

  async place(): Promise<null> {
    return null;
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
  }

  /** Number of the picture shown at a time. */
  #at(seconds: number): number {
    return Math.min(this.pictures.length - 1, Math.max(0, Math.floor(seconds / EACH + 1e-6)));
  }
}

/** @throws CarriagewayError `source-not-a-video` naming the file, `source-too-large` */
async function decoded(picture: Blob): Promise<ImageBitmap> {
  let bitmap: ImageBitmap;
  try {
    // As it stands: a turn that a camera noted down is applied by the browser.
    bitmap = await createImageBitmap(picture, { imageOrientation: 'from-image' });
  } catch (cause) {
    throw new CarriagewayError('source-not-a-video', `${nameOf(picture)} is no picture`, { cause });
  }
  const { width, height } = bitmap;
  if (Math.max(width, height) <= SIDE_MAX) return bitmap;
  bitmap.close();
  throw new CarriagewayError('source-too-large', `${nameOf(picture)}: ${width} × ${height}`);
}
