/**
 * Numbers and colours of further data sets of driving. Sources: A2D2 (`class_list.json` of its release), comma10k (its
 * README), ApolloScape (`labels_apollo.py` of its interface), IDD (`anue_labels.py`), BDD100K (its documentation, "drivable
 * area").
 */
import type { Row } from './data-sets';

/** Several kinds or instances of one thing, each with a colour of its own. */
function each(name: string, ours: Row[2], ...colours: readonly number[]): Row[] {
  return colours.map((colour, n) => [`${name} ${n + 1}`, colour, ours] as const);
}

export const A2D2_COLOURS: readonly Row[] = [
  ...each('Car', 'vehicle', 0xff0000, 0xc80000, 0x960000, 0x800000),
  ...each('Bicycle', 'cyclist', 0xb65906, 0x963204, 0x5a1e01, 0x5a1e1e),
  ...each('Pedestrian', 'person', 0xcc99ff, 0xbd499b, 0xef59bf),
  ...each('Truck', 'vehicle', 0xff8000, 0xc88000, 0x968000),
  ...each('Small vehicles', 'cyclist', 0x00ff00, 0x00c800, 0x009600),
  ...each('Traffic signal', 'sign', 0x0080ff, 0x1e1c9e, 0x3c1c64),
  ...each('Traffic sign', 'sign', 0x00ffff, 0x1edcdc, 0x3c9dc7),
  ...each('Utility vehicle', 'vehicle', 0xffff00, 0xffffc8),
  ['Sidebars', 0xe96400, 'fence'],
  ['Speed bumper', 0x6e6e00, 'road'],
  ['Curbstone', 0x808000, 'sidewalk'],
  ['Solid line', 0xffc125, 'lane marking'],
  ['Irrelevant signs', 0x400040, 'sign'],
  ['Road blocks', 0xb97a57, 'fence'],
  ['Tractor', 0x000064, 'vehicle'],
  ['Non-drivable street', 0x8b636c, undefined],
  ['Zebra crossing', 0xd23273, 'lane marking'],
  ['Obstacles / trash', 0xff0080, null],
  ['Poles', 0xfff68f, 'pole'],
  ['RD restricted area', 0x960096, undefined],
  ['Animals', 0xccff99, null],
  ['Grid structure', 0xeea2ad, null],
  ['Signal corpus', 0x212cb1, 'sign'],
  ['Drivable cobblestone', 0xb432b4, 'road'],
  ['Electronic traffic', 0xff46b9, 'sign'],
  ['Slow drive area', 0xeee9bf, 'road'],
  ['Nature object', 0x93fdc2, 'vegetation'],
  ['Parking area', 0x9696c8, null],
  ['Sidewalk', 0xb496c8, 'sidewalk'],
  ['Ego car', 0x48d1cc, 'own car'],
  ['Painted driv. instr.', 0xc87dd2, 'lane marking'],
  ['Traffic guide obj.', 0x9f79ee, null],
  ['Dashed line', 0x8000ff, 'lane marking'],
  ['RD normal street', 0xff00ff, 'road'],
  ['Sky', 0x87ceff, 'sky'],
  ['Buildings', 0xf1e6ff, 'building'],
  ['Blurred area', 0x60458f, null],
  ['Rain dirt', 0x352e52, null],
];

export const COMMA10K_COLOURS: readonly Row[] = [
  ['road', 0x402020, 'road'],
  ['lane markings', 0xff0000, 'lane marking'],
  ['undrivable', 0x808060, undefined],
  ['movable', 0x00ff66, undefined],
  ['my car', 0xcc00ff, 'own car'],
  ['movable in my car', 0x00ccff, 'own car'],
];

/** Groups of things have the number of one with 128 added. */
const APOLLOSCAPE_SINGLE: readonly Row[] = [
  ['car', 33, 'vehicle'],
  ['motorbicycle', 34, 'cyclist'],
  ['bicycle', 35, 'cyclist'],
  ['person', 36, 'person'],
  ['rider', 37, 'cyclist'],
  ['truck', 38, 'vehicle'],
  ['bus', 39, 'vehicle'],
  ['tricycle', 40, 'vehicle'],
];

export const APOLLOSCAPE_NUMBERS: readonly Row[] = [
  ['others', 0, null],
  ['rover', 1, 'own car'],
  ['sky', 17, 'sky'],
  ...APOLLOSCAPE_SINGLE,
  ...APOLLOSCAPE_SINGLE.map(([name, value, ours]) => [`${name} groups`, value + 128, ours] as const),
  ['road', 49, 'road'],
  ['sidewalk', 50, 'sidewalk'],
  ['traffic cone', 65, null],
  ['road pile', 66, 'pole'],
  ['fence', 67, 'fence'],
  ['traffic light', 81, 'sign'],
  ['pole', 82, 'pole'],
  ['traffic sign', 83, 'sign'],
  ['wall', 84, 'building'],
  ['dustbin', 85, null],
  ['billboard', 86, 'sign'],
  ['building', 97, 'building'],
  ['bridge', 98, 'building'],
  ['tunnel', 99, 'building'],
  ['overpass', 100, 'building'],
  ['vegetation', 113, 'vegetation'],
  ['unlabeled', 255, null],
];

export const IDD_NUMBERS: readonly Row[] = [
  ['road', 0, 'road'],
  ['parking', 1, null],
  ['drivable fallback', 2, 'road'],
  ['sidewalk', 3, 'sidewalk'],
  ['rail track', 4, null],
  ['non-drivable fallback', 5, undefined],
  ['person', 6, 'person'],
  ['animal', 7, null],
  ['rider', 8, 'cyclist'],
  ['motorcycle', 9, 'cyclist'],
  ['bicycle', 10, 'cyclist'],
  ['autorickshaw', 11, 'vehicle'],
  ['car', 12, 'vehicle'],
  ['truck', 13, 'vehicle'],
  ['bus', 14, 'vehicle'],
  ['caravan', 15, 'vehicle'],
  ['trailer', 16, 'vehicle'],
  ['train', 17, 'vehicle'],
  ['vehicle fallback', 18, 'vehicle'],
  ['curb', 19, 'sidewalk'],
  ['wall', 20, 'building'],
  ['fence', 21, 'fence'],
  ['guard rail', 22, 'fence'],
  ['billboard', 23, 'sign'],
  ['traffic sign', 24, 'sign'],
  ['traffic light', 25, 'sign'],
  ['pole', 26, 'pole'],
  ['polegroup', 27, 'pole'],
  ['obs-str-bar-fallback', 28, undefined],
  ['building', 29, 'building'],
  ['bridge', 30, 'building'],
  ['tunnel', 31, 'building'],
  ['vegetation', 32, 'vegetation'],
  ['sky', 33, 'sky'],
  ['fallback background', 34, undefined],
  ['unlabeled', 35, null],
  ['ego vehicle', 36, 'own car'],
  ['rectification border', 37, null],
  ['out of roi', 38, null],
  ['license plate', 39, null],
  ['unlabeled', 255, null],
];

/** Of `drivable/masks`. What is background is not drivable, whatever it is. */
export const BDD100K_DRIVABLE: readonly Row[] = [
  ['direct', 0, 'road'],
  ['alternative', 1, 'road'],
  ['background', 2, undefined],
];

/** Of the older `_drivable_id`. */
export const BDD100K_DRIVABLE_IDS: readonly Row[] = [
  ['background', 0, undefined],
  ['direct', 1, 'road'],
  ['alternative', 2, 'road'],
];

/** Of both. */
export const BDD100K_DRIVABLE_COLOURS: readonly Row[] = [
  ['direct', 0xdb5e56, 'road'],
  ['alternative', 0x56d3db, 'road'],
  ['direct', 0xd9534f, 'road'],
  ['alternative', 0x5bc0de, 'road'],
  ['background', 0x000000, undefined],
];

/** The category of each segment of BDD100K's panoptic bitmasks. */
export const BDD100K_PANOPTIC: readonly Row[] = [
  ['unlabeled', 0, null],
  ['dynamic', 1, null],
  ['ego vehicle', 2, 'own car'],
  ['ground', 3, null],
  ['static', 4, null],
  ['parking', 5, null],
  ['rail track', 6, null],
  ['road', 7, 'road'],
  ['sidewalk', 8, 'sidewalk'],
  ['bridge', 9, 'building'],
  ['building', 10, 'building'],
  ['fence', 11, 'fence'],
  ['garage', 12, 'building'],
  ['guard rail', 13, 'fence'],
  ['tunnel', 14, 'building'],
  ['wall', 15, 'building'],
  ['banner', 16, 'sign'],
  ['billboard', 17, 'sign'],
  ['lane divider', 18, undefined],
  ['parking sign', 19, 'sign'],
  ['pole', 20, 'pole'],
  ['polegroup', 21, 'pole'],
  ['street light', 22, 'pole'],
  ['traffic cone', 23, null],
  ['traffic device', 24, null],
  ['traffic light', 25, 'sign'],
  ['traffic sign', 26, 'sign'],
  ['traffic sign frame', 27, 'sign'],
  ['terrain', 28, 'vegetation'],
  ['vegetation', 29, 'vegetation'],
  ['sky', 30, 'sky'],
  ['person', 31, 'person'],
  ['rider', 32, 'cyclist'],
  ['bicycle', 33, 'cyclist'],
  ['bus', 34, 'vehicle'],
  ['car', 35, 'vehicle'],
  ['caravan', 36, 'vehicle'],
  ['motorcycle', 37, 'cyclist'],
  ['trailer', 38, 'vehicle'],
  ['train', 39, 'vehicle'],
  ['truck', 40, 'vehicle'],
];

/** The same of its bitmasks of single things. */
export const BDD100K_THINGS: readonly Row[] = [
  ['unlabeled', 0, null],
  ['pedestrian', 1, 'person'],
  ['rider', 2, 'cyclist'],
  ['car', 3, 'vehicle'],
  ['truck', 4, 'vehicle'],
  ['bus', 5, 'vehicle'],
  ['train', 6, 'vehicle'],
  ['motorcycle', 7, 'cyclist'],
  ['bicycle', 8, 'cyclist'],
];
