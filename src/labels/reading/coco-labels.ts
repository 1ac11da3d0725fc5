/** COCO files as labels: run lengths, packed or not, and polygons; each category is a number. */

import { CarriagewayError } from '../../errors';
import { compareNames, plainPath } from '../../media/file-names';
import { z } from '../../schema';
import { unpackRuns } from '../coco';
import { type LabelPicture, OPEN_PIXEL } from '../png';
import { foreignJson } from './foreign-json';
import type { LabelSet } from './label-set';
import { dictionaryOf, isPanoptic, openPanoptic } from './panoptic';
import { fillPolygon } from './polygon';

/** Largest side of a picture, in pixels: that of the videos. */
const SIDE_MAX = 8192;

const side = z.int().min(1).max(SIDE_MAX);
/** Ids of pictures; some tools name them. */
const imageId = z.union([z.int(), z.string().max(1024)]);
/** Numbers of categories, which some tools put in quotes. */
const categoryId = z.union([
  z.int(),
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
]);
const segmentation = z.union([
  z.object({ size: z.tuple([side, side]), counts: z.union([z.string(), z.array(z.int().min(0))]) }),
  z.array(z.array(z.number())),
  // One polygon without the list around it, and polygons of pairs.
  z.array(z.number()).transform((polygon) => [polygon]),
  z
    .array(z.array(z.tuple([z.number(), z.number()])))
    .transform((polygons) => polygons.map((pairs) => pairs.flat())),
]);
const schema = z.looseObject({
  images: z.array(
    z.looseObject({
      id: imageId,
      file_name: z.string().default('').transform(plainPath),
      width: side,
      height: side,
      seconds: z.number().min(0).optional(),
    }),
  ),
  categories: z
    .array(z.looseObject({ id: categoryId, name: z.string() }))
    .max(4096)
    .default([]),
  annotations: z.array(
    z.looseObject({ image_id: imageId, category_id: categoryId, segmentation: segmentation.nullish() }),
  ),
});

type Coco = z.infer<typeof schema>;
type Annotation = Coco['annotations'][number];

/** Whether a value looks like a COCO file. */
export function isCoco(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'annotations' in value && 'images' in value;
}

/** The labels of a COCO file. @throws CarriagewayError `labels-unreadable`, naming the field */
export function openCoco(value: unknown): LabelSet {
  if (!isCoco(value)) {
    const kind = foreignJson(value) ?? 'JSON';
    throw new CarriagewayError('labels-unreadable', `${kind}: export its labels as PNG masks or as COCO`);
  }
  if (isPanoptic(value)) return openPanoptic(value, []);
  const result = schema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new CarriagewayError('labels-unreadable', `COCO: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { images, annotations, categories } = result.data;
  if (images.length === 0) throw new CarriagewayError('labels-unreadable', 'COCO: no images');
  // Detectors' annotations say where things are, not which pixels they are of: read as labels, all would be unlabelled.
  const areas = annotations.some(({ segmentation }) => segmentation && !isEmpty(segmentation));
  if (annotations.length > 0 && !areas)
    throw new CarriagewayError('labels-unreadable', 'COCO: boxes only, no areas');
  const byImage = new Map<Annotation['image_id'], Annotation[]>();
  for (const annotation of annotations) {
    const list = byImage.get(annotation.image_id);
    if (list) list.push(annotation);
    else byImage.set(annotation.image_id, [annotation]);
  }
  const timed = images.every(({ seconds }) => seconds !== undefined);
  const sorted = images.toSorted((a, b) =>
    timed
      ? a.seconds! - b.seconds!
      : compareNames(a.file_name, b.file_name) || compareNames(String(a.id), String(b.id)),
  );
  return {
    entries: sorted.map((image) => ({
      name: image.file_name || String(image.id),
      read: async () => drawn(image, byImage.get(image.id) ?? []),
    })),
    seconds: timed ? sorted.map(({ seconds }) => seconds!) : null,
    given: false,
    own: dictionaryOf(categories),
    hint: null,
  };
}

function isEmpty(areas: NonNullable<Annotation['segmentation']>): boolean {
  return Array.isArray(areas) && areas.every((polygon) => polygon.length < 6);
}

/** Draws the annotations of one picture over each other, in their order. */
function drawn({ width, height }: Coco['images'][number], annotations: readonly Annotation[]): LabelPicture {
  const values = new Uint32Array(width * height).fill(OPEN_PIXEL);
  for (const { category_id: value, segmentation } of annotations) {
    if (!segmentation) continue;
    if (Array.isArray(segmentation))
      for (const polygon of segmentation) fillPolygon(values, { width, height }, polygon, value);
    else {
      const [h, w] = segmentation.size;
      if (h !== height || w !== width)
        throw new CarriagewayError(
          'labels-unreadable',
          `COCO: a mask of ${w} × ${h} in a picture of ${width} × ${height}`,
        );
      const { counts } = segmentation;
      fillRuns(values, { width, height }, typeof counts === 'string' ? unpackRuns(counts) : counts, value);
    }
  }
  return { width, height, kind: 'numbers', values, palette: null };
}

/** Runs go down the columns, beginning outside. */
function fillRuns(
  values: Uint32Array,
  { width, height }: { width: number; height: number },
  runs: readonly number[],
  value: number,
): void {
  let at = 0;
  const end = width * height;
  for (const [n, run] of runs.entries()) {
    if (run < 0 || at + run > end)
      throw new CarriagewayError('labels-unreadable', 'COCO: runs beyond the picture');
    if (n % 2 === 1)
      for (let i = at; i < at + run; i++) values[(i % height) * width + Math.floor(i / height)] = value;
    at += run;
  }
}
