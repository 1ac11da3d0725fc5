/** A folder of pictures as a recording: each a frame that lasts a second, so that the same player steps through them. */
import { CarriagewayError, type ErrorReport, reportOf } from '../../errors';
import type { Size } from '../../media/size';
import { emptyPicture, WHOLE } from './empty-picture';
import { pictureHead } from './picture-head';
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
    private readonly unread: string,
  ) {}

  /**
   * Opens a set; decodes the first picture that can be. A picture that cannot has an empty frame in its place, so that
   * the others keep their numbers.
   * @param unread said below its name
   * @throws CarriagewayError `source-empty`; `source-not-a-video` or `source-too-large` where no picture can be read
   */
  static async open(pictures: readonly Blob[], paths?: readonly string[], unread = ''): Promise<PictureSet> {
    if (pictures.length === 0) throw new CarriagewayError('source-empty', 'no pictures');
    const { width, height, skipped } = await firstSize(pictures);
    const parts = pictures.map((picture, n) => ({
      name: paths?.[n] ?? nameOf(picture),
      start: n * EACH,
    }));
    const notices = [...skipped, ...(await moving(pictures))];
    const info = {
      ...{ width, height, frameRate: 1 / EACH, duration: parts.length * EACH, parts },
      ...(notices.length > 0 ? { notices } : {}),
    };
    return new PictureSet(pictures, info, unread);
  }

  async *frames(seconds: number): AsyncGenerator<FileFrame, void, undefined> {
    for (let n = this.#at(seconds); n < this.pictures.length && !this.#disposed; n++) {
      const bitmap = await decoded(this.pictures[n]!).catch(() => null);
      yield bitmap ? this.#shown(bitmap, n) : this.#empty(n);
    }
  }

  #shown(bitmap: ImageBitmap, n: number): FileFrame {
    const { frame, stored } = uprightPicture(bitmap, n * EACH * 1e6);
    return { frame, rotation: 0, stored, seconds: n * EACH, duration: EACH, close: () => frame.close() };
  }

  #empty(n: number): FileFrame {
    const name = this.info.parts?.[n]?.name || String(n + 1);
    const frame = emptyPicture(this.info, [name, this.unread].filter(Boolean).join('\n'), n * EACH * 1e6);
    const place = { seconds: n * EACH, duration: EACH, blanks: [WHOLE], unread: name };
    return { frame, rotation: 0, ...place, close: () => frame.close() };
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

/** Pictures at the beginning that are looked at for whether they move. */
const LOOKED_AT = 200;

/** What is said of pictures that move: of each the first one is shown. */
async function moving(pictures: readonly Blob[]): Promise<readonly ErrorReport[]> {
  const some = pictures.slice(0, LOOKED_AT);
  const heads = await Promise.all(some.map(pictureHead));
  const first = some[heads.findIndex(({ moves }) => moves)];
  return first ? [reportOf(new CarriagewayError('picture-moves', nameOf(first)), 'picture-moves')] : [];
}

/** Pictures at the beginning that are tried before a set counts as none. */
const TRIED_MAX = 100;

/** Size of the first picture that can be read, and what is said of those before it. @throws what the first one did */
async function firstSize(
  pictures: readonly Blob[],
): Promise<Size & { readonly skipped: readonly ErrorReport[] }> {
  const skipped: ErrorReport[] = [];
  let first: unknown = null;
  for (const picture of pictures.slice(0, TRIED_MAX))
    try {
      const bitmap = await decoded(picture);
      const { width, height } = bitmap;
      bitmap.close();
      return { width, height, skipped: skipped.slice(0, 1) };
    } catch (thrown) {
      first ??= thrown;
      const { detail } = reportOf(thrown, 'source-not-a-video');
      skipped.push(reportOf(new CarriagewayError('picture-unreadable', detail), 'picture-unreadable'));
    }
  throw first;
}

/** @throws CarriagewayError `source-not-a-video` naming the file, `source-too-large` */
async function decoded(picture: Blob): Promise<ImageBitmap> {
  const { size } = await pictureHead(picture);
  if (size) refuseLarge(picture, size);
  let bitmap: ImageBitmap;
  try {
    // As it stands: a turn that a camera noted down is applied by the browser.
    bitmap = await createImageBitmap(picture, { imageOrientation: 'from-image' });
  } catch (cause) {
    throw new CarriagewayError('source-not-a-video', `${nameOf(picture)} is no picture, or is cut off`, {
      cause,
    });
  }
  try {
    refuseLarge(picture, bitmap);
    return bitmap;
  } catch (thrown) {
    bitmap.close();
    throw thrown;
  }
}

function refuseLarge(picture: Blob, { width, height }: Size): void {
  if (Math.max(width, height) > SIDE_MAX)
    throw new CarriagewayError('source-too-large', `${nameOf(picture)}: ${width} × ${height}`);
}
