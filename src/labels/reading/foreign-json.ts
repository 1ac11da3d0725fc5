/** JSON that tools for labels write and that is not read here, by what stands in it: so that it can be named. */

type Fields = Readonly<Record<string, unknown>>;

/** One kind: its name, and what it has. */
type Kind = readonly [name: string, has: (value: Fields) => boolean];

const has =
  (...keys: readonly string[]) =>
  (value: Fields): boolean =>
    keys.every((key) => key in value);

/** Tables of nuScenes and nuImages name their rows by tokens. */
const ROWS = [
  'sample_data_token',
  'category_token',
  'log_token',
  'sensor_token',
  'calibrated_sensor_token',
  'description',
];

const OF_ONE: readonly Kind[] = [
  ['a table of nuImages or nuScenes', (value) => 'token' in value && ROWS.some((key) => key in value)],
  ['labelme’s JSON', has('shapes')],
  ['VIA’s JSON', has('_via_img_metadata')],
  ['Supervisely’s JSON', (value) => has('objects', 'size')(value) || has('classes', 'tags')(value)],
  ['Cityscapes’ polygons', has('objects', 'imgHeight')],
  ['Datumaro’s JSON', has('items', 'categories')],
  ['BDD100K’s JSON', (value) => has('frames')(value) || has('labels', 'name')(value)],
  ['Label Studio’s JSON', (value) => has('annotations', 'data')(value) || has('completions')(value)],
  ['COCO results without their pictures', has('image_id', 'category_id')],
  ['VIA’s JSON', has('regions', 'filename')],
];

/** Name of the tool or layout; null when nothing of it is known. */
export function foreignJson(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const first: unknown = Array.isArray(value) ? value[0] : Object.values(value)[0];
  for (const each of [value, first]) {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) continue;
    const kind = OF_ONE.find(([, fits]) => fits(each as Fields));
    if (kind) return kind[0];
  }
  return null;
}
