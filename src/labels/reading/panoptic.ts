/**
 * COCO's panoptic form (`panopticapi`): for each picture a PNG whose colours are numbers of segments (red + 256 × green + 65536
 * × blue), and one JSON that says of which category each segment is. WildDash, Mapillary Vistas and converted Cityscapes
 * come so, too.
 */
import { CarriagewayError } from '../../errors';
import { plainPath } from '../../media/file-names';
import { z } from '../../schema';
import { type LabelPicture, OPEN_PIXEL, readPng } from '../png';
import { dictionaryFrom } from './dictionary';
import { stemOf } from './label-names';
import type { LabelEntry, LabelSet, OwnDictionary } from './label-set';

/** A picture of segments. */
interface SegmentPicture {
  readonly name: string;
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

const imageId = z.union([z.int(), z.string().max(1024)]);
const schema = z.looseObject({
  images: z.array(z.looseObject({ id: imageId, file_name: z.string().default('').transform(plainPath) })),
  categories: z.array(z.looseObject({ id: z.int(), name: z.string() })).max(4096),
  annotations: z.array(
    z.looseObject({
      image_id: imageId,
      file_name: z.string().transform(plainPath),
      segments_info: z.array(z.looseObject({ id: z.int(), category_id: z.int() })),
    }),
  ),
});

/** What a file's categories mean, in either of COCO's forms. */
export function dictionaryOf(
  categories: readonly { readonly id: number; readonly name: string }[],
): OwnDictionary {
  return dictionaryFrom(
    'COCO categories',
    'numbers',
    categories.map(({ id, name }) => ({ value: id, name })),
  );
}

/** Whether a value is such a file: it says what the segments of pictures beside it are, and has no areas itself. */
export function isPanoptic(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { annotations } = value as { readonly annotations?: unknown };
  const first: unknown = Array.isArray(annotations) ? annotations[0] : null;
  return typeof first === 'object' && first !== null && 'segments_info' in first;
}

/**
 * The labels that such a file and its pictures make.
 * @throws CarriagewayError `labels-unreadable` where the file is damaged, or none of its pictures is there
 */
export function openPanoptic(value: unknown, pictures: readonly SegmentPicture[]): LabelSet {
  const result = schema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw unreadable(`COCO panoptic: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { images, categories, annotations } = result.data;
  const byName = new Map(pictures.map((picture) => [stemOf(picture.name), picture]));
  const titles = new Map(images.map(({ id, file_name }) => [id, file_name]));
  const entries = annotations.flatMap((annotation): LabelEntry[] => {
    const picture = byName.get(stemOf(annotation.file_name));
    if (!picture) return [];
    const classes = new Map(annotation.segments_info.map(({ id, category_id }) => [id, category_id]));
    // Some give the picture's own name, and some that of its segments.
    const name = titles.get(annotation.image_id) || annotation.file_name;
    return [{ name, read: async () => meant(await readPng(await picture.read()), classes) }];
  });
  if (entries.length === 0)
    throw unreadable('COCO panoptic without its PNG files: give both together, or in one ZIP');
  return {
    entries,
    seconds: null,
    given: false,
    own: dictionaryOf(categories),
    hint: null,
  };
}

/** The categories of a picture's segments; what its file does not name is not labelled. */
function meant(picture: LabelPicture, classes: ReadonlyMap<number, number>): LabelPicture {
  // A picture of one channel holds the numbers themselves.
  const swapped = picture.kind === 'colours';
  const values = new Uint32Array(picture.values.length);
  for (const [i, value] of picture.values.entries()) {
    const id =
      swapped && value !== OPEN_PIXEL ? ((value & 0xff) << 16) | (value & 0xff00) | (value >> 16) : value;
    values[i] = classes.get(id) ?? OPEN_PIXEL;
  }
  return { ...picture, kind: 'numbers', values, palette: null };
}

function unreadable(detail: string): CarriagewayError {
  return new CarriagewayError('labels-unreadable', detail);
}
